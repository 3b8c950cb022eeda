// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and points at its active option
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Columns3, History, Search } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useEffect, useRef } from 'react';
import type { RunSummary } from '../../../src-core/contract/runs.ts';
import { describeFinish } from '../../../src-core/runs/finish-reason.ts';
import { formatAgo, formatDuration, formatNumber } from '../../components/format.ts';
import { Button } from '../../components/ui/button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { Input } from '../../fields/input.tsx';
import { longest, tooLong } from '../../fields/too-long.ts';
import { orpc } from '../../live/api.ts';
import { useTabs } from '../../workbench/tabs.ts';
import { FilterPopover } from './filter-popover.tsx';
import { clearRunFilters, countFilters, listInput, useRunFilters } from './filters.ts';
import { openRun, removeRuns, runTitle } from './run-actions.ts';
import { EndWords } from './run-end.tsx';
import { StatusIcon } from './run-status.tsx';

const rowHeight = 62;
const pageSize = 200;
const searchAgainMs = 2_000;

/** The side list of the Runs view: the history, newest first. */
export function RunsSide() {
  const filters = useRunFilters();
  const search = useDeferredValue(filters.search);
  const query = useInfiniteQuery({
    ...orpc.runs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ ...listInput({ ...filters, search }), limit: pageSize, cursor }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
    // Outputs become searchable a moment after their run has ended, and nothing announces that.
    refetchInterval: search === '' ? false : searchAgainMs,
    enabled: tooLong('A search', search, longest.search) === null,
  });
  const problem = tooLong('A search', filters.search, longest.search);
  const runs = query.data?.pages.flatMap((page) => page.items);
  const total = query.data?.pages.at(-1)?.total ?? 0;
  const filtered = filters.search !== '' || countFilters(filters) > 0;
  return (
    <>
      <header className="flex h-9 shrink-0 items-center gap-2 border-b pr-1.5 pl-3">
        <h2 className="flex-1 font-semibold">Runs</h2>
        <FilterPopover />
      </header>
      <div className="relative border-b p-2">
        <Search aria-hidden="true" className="absolute top-3.5 left-4 size-4 text-faint" />
        <Input
          aria-label="Search outputs"
          aria-invalid={problem !== null || undefined}
          placeholder="Search outputs"
          className="pl-8"
          value={filters.search}
          onChange={(event) => useRunFilters.setState({ search: event.target.value })}
        />
        {problem !== null && (
          <p role="alert" className="pt-1 text-xs text-danger">
            {problem}
          </p>
        )}
      </div>
      {query.error !== null && (
        <p role="alert" className="p-3 text-sm text-danger">
          <ForeignText text={query.error.message} />
        </p>
      )}
      {runs === undefined ? (
        query.error === null && <SkeletonList />
      ) : runs.length === 0 ? (
        <NoRuns filtered={filtered} />
      ) : (
        <RunList
          runs={runs}
          total={total}
          more={query.hasNextPage && !query.isFetchingNextPage ? query.fetchNextPage : null}
        />
      )}
    </>
  );
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  if (!filtered) {
    return (
      <EmptyState icon={History} title="No runs yet">
        Every run of a prompt is kept here with its exact messages, model and figures.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Search}
      title="No run matches"
      actions={<Button onClick={clearRunFilters}>Show every run</Button>}
    >
      The search looks at outputs; the filters at status, model and prompt.
    </EmptyState>
  );
}

interface RunListProps {
  readonly runs: readonly RunSummary[];
  /** How many there are on the host. */
  readonly total: number;
  /** Fetches the next page; null when there is none or it is on its way. */
  readonly more: (() => unknown) | null;
}

function RunList({ runs, total, more }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const activeId = useTabs((state) => (state.active?.startsWith('run:') ? state.active.slice('run:'.length) : null));
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => runs[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== null && last >= runs.length - 20) void more();
  }, [more, last, runs.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const index = runs.findIndex((run) => run.id === activeId);
    const run = runs[index];
    if (event.key === 'Delete' && run) return void removeRuns([run.id]);
    if (event.key === 'Enter' && run) return openRun(run);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: Math.max(index - 1, 0),
      Home: 0,
      End: runs.length - 1,
    };
    const target = moves[event.key];
    const next = target === undefined ? undefined : runs[target];
    if (target === undefined || next === undefined) return;
    event.preventDefault();
    openRun(next, true);
    virtual.scrollToIndex(target);
  };

  return (
    <>
      <div
        ref={scroller}
        role="listbox"
        aria-label="Runs, newest first"
        aria-activedescendant={activeId === null ? undefined : `run-${activeId}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const run = runs[item.index] as RunSummary;
            return <RunRow key={item.key} run={run} top={item.start} active={run.id === activeId} />;
          })}
        </div>
      </div>
      <p className="tabular shrink-0 border-t px-3 py-1 text-xs text-muted">
        {total === 1 ? '1 run' : `${formatNumber(total)} runs`}
      </p>
    </>
  );
}

interface RunRowProps {
  readonly run: RunSummary;
  readonly top: number;
  readonly active: boolean;
}

function RunRow({ run, top, active }: RunRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and handles the keys
    <div
      id={`run-${run.id}`}
      role="option"
      aria-selected={active}
      onClick={() => openRun(run, true)}
      onDoubleClick={() => openRun(run)}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      className={cn(
        'absolute inset-x-0 top-0 flex select-none flex-col justify-center gap-0.5 px-3 hover:bg-hover',
        active && 'bg-active hover:bg-active',
      )}
    >
      <div className="flex items-center gap-2">
        <StatusIcon status={run.status} finishReason={run.finishReason} />
        <span dir="auto" className="min-w-0 flex-1 truncate text-left">
          <ForeignText text={runTitle(run)} />
        </span>
        <span className="shrink-0 text-xs text-muted">{formatAgo(run.createdAt)}</span>
      </div>
      <p dir="auto" className="ml-5.5 truncate text-xs text-muted">
        <ForeignText text={run.error?.message ?? run.excerpt} />
      </p>
      <p className="tabular flex items-center gap-1.5 pl-5.5 text-2xs whitespace-nowrap text-muted">
        <span className="min-w-0 truncate">
          <ForeignText text={run.model} />
        </span>
        <EndWords reason={run.finishReason} />
        {run.latencyMs !== null && <span>· {formatDuration(run.latencyMs)}</span>}
        {/* The words about its end take the place, because a line has no room for both. */}
        {run.outputTokens !== null && describeFinish(run.finishReason) === null && (
          <span>· {formatNumber(run.outputTokens)} tok</span>
        )}
        {run.comparisonId !== null && (
          <Columns3 role="img" aria-label="of a comparison" className="ml-auto size-3 shrink-0 text-faint" />
        )}
      </p>
    </div>
  );
}
