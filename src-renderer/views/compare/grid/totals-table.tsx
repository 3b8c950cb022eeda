import { Award, Gauge } from 'lucide-react';
import type { ModelTotals } from '../../../../src-core/contract/comparisons.ts';
import { describeEnds } from '../../../../src-core/runs/finish-reason.ts';
import { formatCost, formatDuration, formatNumber } from '../../../components/format.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { bestOf } from './best-model.ts';

/** In a narrow table the figures stand closer and without bars. */
const head = 'h-7 border-b px-1 text-left text-xs font-medium whitespace-nowrap text-muted @5xl:px-2 @7xl:px-3';
const body = 'h-8 px-1 whitespace-nowrap @5xl:px-2 @7xl:px-3';
/** Stays in sight while the figures are scrolled. */
const first = 'sticky left-0 bg-background pl-4';

const schemaTitle = 'Schema';
const endsTitle = 'Not complete';
const titles = [
  'Model',
  'Done',
  'Failed',
  endsTitle,
  schemaTitle,
  'Time',
  'First token',
  'Tokens/s',
  'Tokens in / out',
  'Cost',
];

interface TotalsTableProps {
  readonly models: readonly string[];
  readonly totals: readonly ModelTotals[];
  /** Cells per model. */
  readonly cells: number;
}

/** What every model did over all its cells, with bars to compare them by. */
export function TotalsTable({ models, totals, cells }: TotalsTableProps) {
  const { fastest, cheapest } = bestOf(totals);
  const checked = totals.some((one) => one.checked > 0);
  const unusual = totals.some((one) => describeEnds(one.ends) !== null);
  const left = [...(checked ? [] : [schemaTitle]), ...(unusual ? [] : [endsTitle])];
  const most = {
    latencyMs: mostOf(totals, 'latencyMs'),
    ttftMs: mostOf(totals, 'ttftMs'),
    tokensPerSecond: mostOf(totals, 'tokensPerSecond'),
    cost: mostOf(totals, 'cost'),
  };
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Totals per model"
      className="scroll-shadow-x @container max-h-60 shrink-0 overflow-auto border-b"
    >
      <table className="tabular w-full border-separate border-spacing-0">
        <thead className="sticky top-0 z-10 bg-background">
          <tr>
            {titles
              .filter((title) => !left.includes(title))
              .map((title, index) => (
                <th key={title} scope="col" className={cn(head, index === 0 && first)}>
                  {title}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {totals.map((one) => (
            <tr key={one.model} className="hover:bg-hover">
              <th scope="row" className={cn(body, first, 'max-w-40 text-left font-medium @5xl:max-w-60 @7xl:max-w-80')}>
                <span className="flex items-center gap-2">
                  <span className="truncate">
                    <ForeignText text={models[one.model] ?? ''} />
                  </span>
                  {fastest === one.model && (
                    <Badge tone="accent">
                      <Gauge /> fastest
                    </Badge>
                  )}
                  {cheapest === one.model && (
                    <Badge tone="success">
                      <Award /> cheapest
                    </Badge>
                  )}
                </span>
              </th>
              <td className={body}>
                {formatNumber(one.succeeded)} <span className="text-muted">of {formatNumber(cells)}</span>
              </td>
              <td className={cn(body, one.failed > 0 ? 'font-medium text-danger' : 'text-muted')}>{one.failed}</td>
              {unusual && (
                <td className={cn(body, describeEnds(one.ends) === null ? 'text-muted' : 'font-medium text-warning')}>
                  {describeEnds(one.ends) ?? '–'}
                </td>
              )}
              {checked && <KeptSchema totals={one} />}
              <Bar value={one.latencyMs} most={most.latencyMs} format={formatDuration} />
              <Bar value={one.ttftMs} most={most.ttftMs} format={formatDuration} />
              <Bar value={one.tokensPerSecond} most={most.tokensPerSecond} format={formatNumber} />
              <Tokens totals={one} />
              <Bar
                value={one.cost}
                most={most.cost}
                format={formatCost}
                unknown={one.succeeded > 0 ? 'no price' : undefined}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What went in and came out; nothing where nobody counted. */
function Tokens({ totals: { inputTokens, outputTokens } }: { readonly totals: ModelTotals }) {
  if (inputTokens === null && outputTokens === null) return <td className={cn(body, 'text-muted')}>–</td>;
  const shown = (count: number | null) => (count === null ? '–' : formatNumber(count));
  return (
    <td className={body}>
      {shown(inputTokens)} <span className="text-muted">/</span> {shown(outputTokens)}
    </td>
  );
}

/** How many answers keep to the response schema, of those that were checked. */
function KeptSchema({ totals: { checked, kept } }: { readonly totals: ModelTotals }) {
  if (checked === 0) return <td className={cn(body, 'text-muted')}>–</td>;
  const tone = kept === checked ? 'text-success' : 'font-medium text-warning';
  return (
    <td className={body} title="Answers that keep to the response schema">
      <span className={tone}>{formatNumber(kept)}</span> <span className="text-muted">of {formatNumber(checked)}</span>
    </td>
  );
}

const mostOf = (totals: readonly ModelTotals[], key: 'latencyMs' | 'ttftMs' | 'tokensPerSecond' | 'cost') =>
  Math.max(0, ...totals.map((one) => one[key] ?? 0));

interface BarProps {
  readonly value: number | null;
  readonly most: number;
  readonly format: (value: number) => string;
  readonly unknown?: string;
}

function Bar({ value, most, format, unknown = '–' }: BarProps) {
  return (
    <td className={body}>
      <span className="flex items-center gap-2">
        <span className={cn('shrink-0 @5xl:w-16 @5xl:text-right', value === null && 'text-muted')}>
          {value === null ? unknown : format(value)}
        </span>
        <span
          aria-hidden="true"
          className="hidden h-1.5 min-w-6 flex-1 rounded-full bg-active @5xl:block @7xl:min-w-10"
        >
          {value !== null && most > 0 && (
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${Math.max(2, (value / most) * 100)}%` }}
            />
          )}
        </span>
      </span>
    </td>
  );
}
