import { Ellipsis, GitMerge, Play, Star } from 'lucide-react';
import { withMarks } from '../../../../src-core/content/text/odd-characters.ts';
import { shownNumber } from '../../../../src-core/content/version-name.ts';
import type { VersionEntry } from '../../../../src-core/contract/versions.ts';
import { formatAgo } from '../../../components/format.ts';
import { ContextMenu } from '../../../components/overlays/context-menu.tsx';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { useTabs } from '../../../workbench/tabs.ts';
import { ChangeCount } from '../diff/change-count.tsx';
import { LabelBadge } from '../versions/label-badge.tsx';
import type { GraphRow } from './graph.ts';
import { GraphCell } from './graph-cell.tsx';

/** Pixels. */
export const rowHeight = 50;

export interface VersionRowProps {
  readonly version: VersionEntry;
  /** Null where only some versions show, which makes no graph. */
  readonly graph: { readonly row: GraphRow; readonly lanes: number } | null;
  readonly isBase: boolean;
  readonly entries: readonly MenuEntry[];
  readonly onOpen: () => void;
}

/** One version of the timeline. */
export function VersionRow({ version, graph, isBase, entries, onOpen }: VersionRowProps) {
  const isShown = useTabs((state) => state.active === `version:${version.id}`);
  return (
    <ContextMenu entries={entries}>
      <div
        className={cn(
          'group flex items-center rounded-md pr-1 hover:bg-hover has-[[data-item]:focus-visible]:bg-hover',
          isShown && 'bg-active',
        )}
        style={{ height: rowHeight }}
      >
        {graph === null ? <span className="w-2" /> : <GraphCell {...graph} height={rowHeight} isBase={isBase} />}
        <button
          type="button"
          data-item
          aria-current={isShown ? 'true' : undefined}
          onClick={onOpen}
          className="flex h-full min-w-0 flex-1 flex-col justify-center rounded-md px-1.5 text-left"
        >
          <span className="flex w-full min-w-0 items-center gap-1.5">
            <VersionName version={version} className="shrink-0 font-semibold" />
            {version.parents.length > 1 && (
              <GitMerge role="img" aria-label="Merge" className="size-3.5 shrink-0 text-muted" />
            )}
            <span dir="auto" className="min-w-0 flex-1 truncate text-left" title={withMarks(version.note)}>
              {version.note ? <ForeignText text={version.note} /> : <span className="text-muted">No note</span>}
            </span>
            {version.labels.map((name) => (
              <LabelBadge key={name} name={name} />
            ))}
          </span>
          <Facts version={version} isBase={isBase} />
        </button>
        <DropdownMenu entries={entries}>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Actions for version ${shownNumber(version)}`}
            className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100"
          >
            <Ellipsis />
          </Button>
        </DropdownMenu>
      </div>
    </ContextMenu>
  );
}

function Facts({ version, isBase }: Pick<VersionRowProps, 'version' | 'isBase'>) {
  const { author, createdAt, size, runs, score } = version;
  return (
    <span className="flex w-full items-center gap-2 text-xs text-muted">
      <span className="truncate">
        <ForeignText text={author} />
      </span>
      <time dateTime={createdAt} title={new Date(createdAt).toLocaleString()} className="whitespace-nowrap">
        {formatAgo(createdAt)}
      </time>
      {size !== null && <ChangeCount {...size} />}
      {runs > 0 && (
        <span className="tabular inline-flex items-center gap-0.5 whitespace-nowrap" title={`${runs} runs`}>
          <Play aria-hidden="true" className="size-3" /> {runs}
          <span className="sr-only"> runs</span>
        </span>
      )}
      {score !== null && (
        <span className="tabular inline-flex items-center gap-0.5 whitespace-nowrap" title="Average score of its runs">
          <Star aria-hidden="true" className="size-3" /> {Math.round(score * 100)}%
          <span className="sr-only"> average score</span>
        </span>
      )}
      {isBase && <span className="whitespace-nowrap text-accent-text">draft starts here</span>}
    </span>
  );
}
