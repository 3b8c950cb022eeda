import {
  ChartNoAxesColumn,
  Clipboard,
  CopyPlus,
  Ellipsis,
  FileDown,
  RotateCcw,
  Rows3,
  Square,
  Table,
  Trash2,
} from 'lucide-react';
import type { Comparison } from '../../../src-core/contract/comparisons.ts';
import { longestTitle } from '../../../src-core/contract/prompts.ts';
import { formatNumber } from '../../components/format.ts';
import { DropdownMenu } from '../../components/overlays/dropdown-menu.tsx';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { FieldMarks } from '../../components/ui/foreign-text.tsx';
import { Select } from '../../fields/select.tsx';
import { tooLong } from '../../fields/too-long.ts';
import { type ReadTyped, useLeftText } from '../../fields/use-left-value.ts';
import { editAsNew } from './builder/drafts.ts';
import {
  cancelComparison,
  copyTable,
  removeComparison,
  renameComparison,
  rerunCells,
  saveTable,
} from './grid/comparison-actions.ts';
import type { Density } from './grid/comparison-grid.tsx';
import type { GridStore, GridSummary } from './grid/grid-store.ts';

interface ComparisonHeaderProps {
  readonly comparison: Comparison;
  readonly grid: GridStore;
  readonly summary: GridSummary;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly totalsShown: boolean;
  readonly onTotals: (shown: boolean) => void;
}

/** Title, progress and everything that is done with a comparison as a whole. */
export function ComparisonHeader(props: ComparisonHeaderProps) {
  const { comparison, grid, summary, density, onDensity, totalsShown, onTotals } = props;
  const running = summary.waiting + summary.running > 0;
  return (
    <header className="shrink-0 border-b">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2">
        <div className="flex min-w-0 flex-1 basis-72 items-center gap-2">
          <Title key={comparison.title} comparison={comparison} />
          <Progress summary={summary} />
        </div>
        <div className="flex items-center gap-2">
          {summary.failed > 0 && !running && (
            <Button onClick={() => rerunCells(comparison.id, 'failed')}>
              <RotateCcw /> Re-run {summary.failed === 1 ? 'the failed cell' : `${formatNumber(summary.failed)} failed`}
            </Button>
          )}
          {running ? (
            <Tip label="Cancel comparison" shortcut="Mod+Shift+.">
              <Button variant="primary" onClick={() => cancelComparison(comparison.id)}>
                <Square /> Cancel
              </Button>
            </Tip>
          ) : (
            <Tip label="Change prompts, models or inputs and run them as a new comparison">
              <Button onClick={() => editAsNew(comparison)}>
                <CopyPlus /> Edit and run again
              </Button>
            </Tip>
          )}
          <Tip label={totalsShown ? 'Hide totals' : 'Show totals'}>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Totals"
              aria-pressed={totalsShown}
              className="aria-pressed:text-accent-text"
              onClick={() => onTotals(!totalsShown)}
            >
              <ChartNoAxesColumn />
            </Button>
          </Tip>
          <Rows3 aria-hidden="true" className="size-3.5 text-faint" />
          <Select
            quiet
            aria-label="Row height"
            value={density}
            onChange={onDensity}
            options={[
              { value: 'compact', label: 'Compact' },
              { value: 'normal', label: 'Normal' },
              { value: 'tall', label: 'Tall' },
            ]}
          />
          <DropdownMenu
            entries={[
              {
                label: 'Copy as Markdown',
                icon: <Clipboard />,
                onSelect: () => copyTable(comparison, grid, 'markdown'),
              },
              { label: 'Copy as CSV', icon: <Table />, onSelect: () => copyTable(comparison, grid, 'csv') },
              { label: 'Save as CSV file', icon: <FileDown />, onSelect: () => saveTable(comparison, grid) },
              { kind: 'separator' },
              { label: 'Edit and run again', icon: <CopyPlus />, onSelect: () => editAsNew(comparison) },
              {
                label: 'Delete comparison…',
                icon: <Trash2 />,
                danger: true,
                onSelect: () => removeComparison(comparison),
              },
            ]}
          >
            <Button variant="ghost" size="icon" aria-label="More">
              <Ellipsis />
            </Button>
          </DropdownMenu>
        </div>
      </div>
      <ProgressBar summary={summary} />
      {summary.note !== null && (
        <p role="status" className="border-t px-4 py-1.5 text-sm text-muted">
          {summary.note}
        </p>
      )}
    </header>
  );
}

function Title({ comparison }: { readonly comparison: Comparison }) {
  const field = useLeftText({
    key: `comparison:${comparison.id}:title`,
    shown: comparison.title,
    read: (text): ReadTyped<string> => {
      // Without a title the old one stays.
      const title = text.trim() || comparison.title;
      const error = tooLong('A title', title, longestTitle);
      return error === null ? { value: title } : { error };
    },
    save: (title) => renameComparison(comparison.id, title),
  });
  return (
    <span className="flex min-w-24 items-center">
      <input
        dir="auto"
        aria-label="Title of the comparison"
        aria-invalid={field.error !== null || undefined}
        aria-description={field.error ?? undefined}
        title={field.error ?? undefined}
        value={field.typed}
        spellCheck={false}
        onChange={(event) => field.onChange(event.target.value)}
        onBlur={() => void field.commit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') field.revert();
        }}
        className="-ml-1.5 field-sizing-content min-w-24 flex-1 truncate rounded-md bg-transparent px-1.5 py-0.5 text-left text-lg font-semibold hover:bg-hover aria-invalid:outline-2 aria-invalid:outline-danger"
      />
      <FieldMarks text={field.typed} />
    </span>
  );
}

function Progress({ summary }: { readonly summary: GridSummary }) {
  const done = summary.succeeded + summary.failed + summary.cancelled;
  const parts = [
    done < summary.cells
      ? `${formatNumber(done)} of ${formatNumber(summary.cells)}`
      : `${formatNumber(summary.cells)} ${summary.cells === 1 ? 'cell' : 'cells'}`,
    summary.failed > 0 ? `${formatNumber(summary.failed)} failed` : null,
    summary.cancelled > 0 ? `${formatNumber(summary.cancelled)} cancelled` : null,
  ];
  return (
    <p role="status" className="tabular text-sm whitespace-nowrap text-muted">
      {summary.cells > 0 && parts.filter((part) => part !== null).join(' · ')}
      {summary.notComplete > 0 && (
        <span className="text-warning"> · {formatNumber(summary.notComplete)} not complete</span>
      )}
    </p>
  );
}

function ProgressBar({ summary }: { readonly summary: GridSummary }) {
  const share = (count: number) => `${summary.cells === 0 ? 0 : (count / summary.cells) * 100}%`;
  const running = summary.waiting + summary.running > 0;
  return (
    <div aria-hidden="true" className={cn('flex h-0.5 transition-opacity', !running && 'opacity-0')}>
      <span className="bg-accent transition-[width]" style={{ width: share(summary.succeeded) }} />
      <span className="bg-danger transition-[width]" style={{ width: share(summary.failed) }} />
    </div>
  );
}
