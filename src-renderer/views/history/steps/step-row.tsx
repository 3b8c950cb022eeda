import { Diff } from 'lucide-react';
import { formatAgo } from '../../../components/format.ts';
import { ContextMenu } from '../../../components/overlays/context-menu.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { ChangeCount } from '../diff/change-count.tsx';
import type { GraphRow } from '../timeline/graph.ts';
import { GraphCell } from '../timeline/graph-cell.tsx';
import type { DraftStep } from './use-steps.ts';

/** Pixels. */
export const stepHeight = 44;

export interface StepRowProps {
  readonly step: DraftStep;
  readonly graph: { readonly row: GraphRow; readonly lanes: number };
  readonly onGo: () => void;
  readonly onCompare: () => void;
}

/** One step of the draft: what changed and when; a click sets the draft to it. */
export function StepRow({ step, graph, onGo, onCompare }: StepRowProps) {
  const { current, summary, size, excerpt, version, at } = step;
  return (
    <ContextMenu
      entries={[
        { label: 'Go to this step', shortcut: 'Enter', disabled: current, onSelect: onGo },
        { label: 'Compare with now', disabled: current, onSelect: onCompare },
      ]}
    >
      <div
        className={cn(
          'group flex items-center rounded-md pr-1 hover:bg-hover has-[[data-item]:focus-visible]:bg-hover',
          current && 'bg-active',
        )}
        style={{ height: stepHeight }}
      >
        <GraphCell {...graph} height={stepHeight} isBase={current} />
        <button
          type="button"
          data-item
          aria-current={current ? 'step' : undefined}
          onClick={current ? undefined : onGo}
          className="flex h-full min-w-0 flex-1 flex-col justify-center rounded-md px-1.5 text-left"
        >
          <span className="flex w-full min-w-0 items-center gap-1.5">
            <span className={cn('min-w-0 flex-1 truncate', current && 'font-semibold')} title={summary}>
              {summary || 'Oldest step that is kept'}
            </span>
            {version !== null && (
              <Badge>
                <VersionName version={version} />
              </Badge>
            )}
          </span>
          <span className="flex w-full items-center gap-2 text-xs text-muted">
            <time dateTime={at} title={new Date(at).toLocaleString()} className="whitespace-nowrap">
              {formatAgo(at)}
            </time>
            {summary !== '' && <ChangeCount {...size} />}
            {current && <span className="whitespace-nowrap text-accent-text">the draft is here</span>}
            <span className="min-w-0 truncate font-mono" title={excerpt}>
              <ForeignText text={excerpt} />
            </span>
          </span>
        </button>
        {!current && (
          <Tip label="Compare with now">
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Compare with now: ${summary || 'oldest step'}`}
              onClick={onCompare}
              className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
            >
              <Diff />
            </Button>
          </Tip>
        )}
      </div>
    </ContextMenu>
  );
}
