import type { Run } from '../src-core/contract/runs.ts';
import { describeCall } from '../src-core/runs/describe-call.ts';
import { finishLine } from '../src-core/runs/finish-reason.ts';
import { oneLine } from './exit.ts';
import { formatCost, formatMs, formatSpeed, type Output } from './output.ts';

/** The figures of a finished run in one line. */
export function describeRun(run: Run): string {
  const cached = run.cachedTokens === null || run.cachedTokens === 0 ? '' : ` (${run.cachedTokens} cached)`;
  const tokens = run.outputTokens === null ? null : `${run.inputTokens ?? '?'}${cached} → ${run.outputTokens} tokens`;
  const speed = run.tokensPerSecond === null ? null : `${formatSpeed(run.tokensPerSecond)} tokens/s`;
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

/** Notes about how the model was called and about an incomplete answer, one per line on stderr. */
export function noteEnd(out: Output, run: Pick<Run, 'model' | 'notes' | 'finishReason'>): void {
  for (const note of run.notes) out.note(`${run.model}: ${oneLine(note)}`);
  const line = finishLine(run.model, run.finishReason);
  if (line !== null) out.note(oneLine(line));
}

/** The tool calls of an answer, one per line on stderr; programs read them with --json. */
export function noteToolCalls(out: Output, { model, toolCalls }: Pick<Run, 'model' | 'toolCalls'>): void {
  for (const call of toolCalls) out.note(oneLine(`${model} calls ${describeCall(call)}`));
}
