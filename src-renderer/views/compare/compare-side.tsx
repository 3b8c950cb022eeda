// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and points at its active option
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Columns3, LoaderCircle, Plus } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ComparisonSummary } from '../../../src-core/contract/comparisons.ts';
import { formatAgo, formatNumber } from '../../components/format.ts';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { orpc } from '../../live/api.ts';
import { useTabs } from '../../workbench/tabs.ts';
import { newComparison } from './builder/drafts.ts';
import { openComparison, removeComparison } from './grid/comparison-actions.ts';

const rowHeight = 54;
const progressMs = 1_500;
const isUnderWay = (page: { readonly items: readonly ComparisonSummary[] }) =>
  page.items.some(({ status }) => status === 'running');

/** The side list of the Compare view: comparisons, newest first. */
export function CompareSide() {
  const query = useInfiniteQuery({
    ...orpc.comparisons.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 100, cursor }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    // The host announces the start and the end of a comparison, not every cell.
    refetchInterval: ({ state }) => (state.data?.pages.some(isUnderWay) ? progressMs : false),
  });
  const comparisons = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <header className="flex h-9 shrink-0 items-center gap-2 border-b pr-1.5 pl-3">
        <h2 className="flex-1 font-semibold">Compare</h2>
        <Tip label="New comparison" shortcut="Mod+Shift+E">
          <Button variant="ghost" size="icon-sm" aria-label="New comparison" onClick={() => newComparison()}>
            <Plus />
          </Button>
        </Tip>
      </header>
      {comparisons === undefined && query.error === null && <SkeletonList />}
      {query.error !== null && (
        <p role="alert" className="p-3 text-sm text-danger">
          <ForeignText text={query.error.message} />
        </p>
      )}
      {comparisons?.length === 0 && (
        <EmptyState
          icon={Columns3}
          title="No comparisons yet"
          actions={
            <Button variant="primary" onClick={() => newComparison()}>
              <Plus /> New comparison
            </Button>
          }
        >
          Run prompts on several models and inputs at once and read the answers side by side.
        </EmptyState>
      )}
      {comparisons !== undefined && comparisons.length > 0 && (
        <ComparisonList
          comparisons={comparisons}
          more={query.hasNextPage && !query.isFetchingNextPage ? query.fetchNextPage : null}
        />
      )}
    </>
  );
}

interface ComparisonListProps {
  readonly comparisons: readonly ComparisonSummary[];
  readonly more: (() => unknown) | null;
}

function ComparisonList({ comparisons, more }: ComparisonListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const activeId = useTabs((state) =>
    state.active?.startsWith('comparison:') ? state.active.slice('comparison:'.length) : null,
  );
  const virtual = useVirtualizer({
    count: comparisons.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== null && last >= comparisons.length - 20) void more();
  }, [more, last, comparisons.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const index = comparisons.findIndex((one) => one.id === activeId);
    const current = comparisons[index];
    if (event.key === 'Delete' && current) return void removeComparison(current);
    if (event.key === 'Enter' && current) return openComparison(current);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: Math.max(index - 1, 0),
      Home: 0,
      End: comparisons.length - 1,
    };
    const target = moves[event.key];
    const next = target === undefined ? undefined : comparisons[target];
    if (target === undefined || next === undefined) return;
    event.preventDefault();
    openComparison(next, true);
    virtual.scrollToIndex(target);
  };

  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Comparisons, newest first"
      aria-activedescendant={activeId === null ? undefined : `comparison-${activeId}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const one = comparisons[item.index] as ComparisonSummary;
          return <ComparisonRow key={one.id} comparison={one} top={item.start} active={one.id === activeId} />;
        })}
      </div>
    </div>
  );
}

interface ComparisonRowProps {
  readonly comparison: ComparisonSummary;
  readonly top: number;
  readonly active: boolean;
}

function ComparisonRow({ comparison, top, active }: ComparisonRowProps) {
  const { title, models, cells, succeeded, failed, status, createdAt } = comparison;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and handles the keys
    <div
      id={`comparison-${comparison.id}`}
      role="option"
      aria-selected={active}
      onClick={() => openComparison(comparison, true)}
      onDoubleClick={() => openComparison(comparison)}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      className={cn(
        'absolute inset-x-0 top-0 flex select-none flex-col justify-center px-3 hover:bg-hover',
        active && 'bg-active hover:bg-active',
      )}
    >
      <div className="flex items-center gap-2">
        <span dir="auto" className="min-w-0 flex-1 truncate text-left">
          <ForeignText text={title} />
        </span>
        {status === 'running' ? (
          <LoaderCircle role="img" aria-label="Running" className="size-3.5 shrink-0 animate-spin text-accent-text" />
        ) : (
          <span className="shrink-0 text-xs text-muted">{formatAgo(createdAt)}</span>
        )}
      </div>
      <p className="tabular truncate text-xs text-muted">
        <ForeignText text={models.length === 1 ? (models[0] ?? '') : `${models.length} models`} /> ·{' '}
        {succeeded + failed < cells
          ? `${formatNumber(succeeded + failed)} of ${formatNumber(cells)}`
          : formatNumber(cells)}{' '}
        {cells === 1 ? 'cell' : 'cells'}
        {failed > 0 && <span className="text-danger"> · {formatNumber(failed)} failed</span>}
      </p>
    </div>
  );
}
