import type { Run } from '../src-core/contract/runs.ts';
import { formatCost, formatMs } from './output.ts';

/** The figures of a finished run in one line. */
export function describeRun(run: Run): string {
  const tokens = run.outputTokens === null ? null : `${run.inputTokens ?? '?'} → ${run.outputTokens} tokens`;
  const speed = run.tokensPerSecond === null ? null : `${Math.round(run.tokensPerSecond)} tokens/s`;
  const parts = [
    run.model,
    tokens,
    speed,
    `first token ${formatMs(run.ttftMs)}`,
    formatMs(run.latencyMs),
    formatCost(run.cost),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
