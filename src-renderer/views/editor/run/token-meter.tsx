import { TriangleAlert } from 'lucide-react';
import { formatNumber } from '../../../components/format.ts';
import { cn } from '../../../components/ui/cn.ts';
import { type ContextFit, fitOf } from './context-fit.ts';
import type { TokenCounts } from './use-token-counts.ts';

export interface TokenCountProps {
  readonly count: number;
  readonly exact: boolean;
  /** What else to know about the number. */
  readonly detail?: string;
}

/** A number of tokens, marked when it is estimated. */
export function TokenCount({ count, exact, detail = '' }: TokenCountProps) {
  const origin = exact
    ? 'Counted with the model’s own tokenizer.'
    : 'Estimated: the model’s tokenizer is not on this computer.';
  return (
    <span className="tabular whitespace-nowrap" title={`${origin} ${detail}`.trim()}>
      {!exact && <span aria-hidden="true">≈ </span>}
      {!exact && <span className="sr-only">about </span>}
      {formatNumber(count)} {count === 1 ? 'token' : 'tokens'}
    </span>
  );
}

export interface TokenMeterProps {
  readonly tokens: TokenCounts;
  readonly maxTokens: number | undefined;
}

/** All tokens of the prompt beside what fits into the model. */
export function TokenMeter({ tokens: { counts, total, exact, context, modelTitle }, maxTokens }: TokenMeterProps) {
  const fit = fitOf(total, context, maxTokens);
  const inMessages = counts.reduce((sum, count) => sum + count, 0);
  const makeUp = `${formatNumber(inMessages)} in the messages, ${formatNumber(total - inMessages)} that the model’s chat template adds.`;
  const share = context === null ? 0 : Math.min(1, total / context);
  return (
    <div className="flex flex-col gap-1" data-token-meter={fit.kind}>
      <div className="flex items-center gap-2 text-xs text-muted">
        <TokenCount count={total} exact={exact} detail={makeUp} />
        {context !== null && (
          <>
            <div aria-hidden="true" className="h-1 min-w-12 flex-1 overflow-hidden rounded-full bg-active">
              <div
                className={cn('h-full rounded-full', barColour[fit.kind])}
                style={{ width: `${Math.max(1, share * 100)}%` }}
              />
            </div>
            <span className="tabular truncate">
              of {formatNumber(context)} in {modelTitle}
            </span>
          </>
        )}
      </div>
      <ContextWarning fit={fit} exact={exact} />
    </div>
  );
}

const barColour: Readonly<Record<ContextFit['kind'], string>> = {
  unknown: 'bg-accent',
  fits: 'bg-accent',
  tight: 'bg-warning',
  over: 'bg-danger',
};

/** Says that the context would overflow, or that the answer may be cut; nothing when all fits. */
export function ContextWarning({ fit, exact }: { readonly fit: ContextFit; readonly exact: boolean }) {
  const sentence = sentenceOf(fit, exact);
  if (sentence === null) return null;
  return (
    <p
      role="status"
      className={cn('flex items-start gap-1.5 text-sm', fit.kind === 'over' ? 'text-danger' : 'text-warning')}
    >
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      {sentence}
    </p>
  );
}

/** What to tell about the fit in one sentence; null when all fits or nothing is known. */
export function sentenceOf(fit: ContextFit, exact: boolean): string | null {
  const about = exact ? '' : 'about ';
  if (fit.kind === 'over')
    return `The prompt is ${about}${formatNumber(fit.by)} tokens longer than the model’s context.`;
  if (fit.kind === 'tight')
    return `Only ${about}${formatNumber(fit.left)} tokens are left for the answer, which may be cut.`;
  return null;
}
