import type { Run } from '../../../src-core/contract/runs.ts';
import { formatCost, formatDuration, formatNumber } from '../../components/format.ts';

type Figures = Pick<
  Run,
  'ttftMs' | 'latencyMs' | 'inputTokens' | 'cachedTokens' | 'outputTokens' | 'tokensPerSecond' | 'cost'
>;

const rows = [
  ['First token', 'ttftMs', formatDuration],
  ['Total time', 'latencyMs', formatDuration],
  ['Tokens in', 'inputTokens', formatNumber],
  ['Cached', 'cachedTokens', formatNumber],
  ['Tokens out', 'outputTokens', formatNumber],
  ['Tokens/s', 'tokensPerSecond', formatNumber],
  ['Cost', 'cost', formatCost],
] as const satisfies readonly (readonly [string, keyof Figures, (value: number) => string])[];

/** Times, tokens and cost of one run. */
export function RunFigures({ run }: { readonly run: Figures }) {
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-2">
      {rows.map(([label, key, format]) =>
        // Few endpoints report it.
        key === 'cachedTokens' && run[key] === null ? null : (
          <div key={key}>
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="tabular font-medium">{run[key] === null ? '–' : format(run[key])}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
