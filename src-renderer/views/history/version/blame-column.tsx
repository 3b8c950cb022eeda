import { shownNumber } from '../../../../src-core/content/version-name.ts';
import { formatAgo } from '../../../components/format.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { VersionName } from '../../../components/version-name.tsx';
import type { VersionPlace } from '../../../workbench/navigation/open-history.ts';
import type { BlameBlock } from './blame-blocks.ts';

export interface BlameColumnProps {
  readonly blocks: readonly BlameBlock[];
  /** Where each line begins, in pixels; the last entry is where the text ends. */
  readonly tops: readonly number[];
  readonly newest: number;
  readonly onOpen: (version: VersionPlace) => void;
}

/** Beside a text: who last changed which lines in which version; the newer, the stronger its mark. */
export function BlameColumn({ blocks, tops, newest, onOpen }: BlameColumnProps) {
  return (
    <ul aria-label="Last changes by line" className="relative w-52 shrink-0 border-r bg-panel">
      {blocks.map(({ start, end, versionId, versionNumber, confirmed, author, at }) => {
        const version = { id: versionId, number: versionNumber, confirmed };
        const number = shownNumber(version);
        const top = tops[start] ?? 0;
        const bottom = tops[end] ?? tops.at(-1) ?? top;
        const lines = end - start === 1 ? `Line ${start + 1}` : `Lines ${start + 1} to ${end}`;
        return (
          <li key={start} className="absolute inset-x-0 overflow-hidden" style={{ top, height: bottom - top }}>
            <Tip side="right" label={`${lines}: version ${number}, ${author}, ${new Date(at).toLocaleString()}`}>
              <button
                type="button"
                aria-label={`${lines} last changed in version ${number} by ${author}`}
                onClick={() => onOpen(version)}
                className={cn(
                  'flex h-full w-full items-start gap-2 border-border pt-px pr-2 pl-3 text-left text-xs text-muted hover:bg-hover hover:text-foreground',
                  start > 0 && 'border-t',
                )}
              >
                <span
                  aria-hidden="true"
                  className="absolute inset-y-px left-0 w-0.75 bg-accent"
                  style={{ opacity: 0.15 + 0.85 * (versionNumber / Math.max(1, newest)) ** 2 }}
                />
                <VersionName version={version} className="font-medium whitespace-nowrap" />
                <span className="min-w-0 flex-1 truncate">{author}</span>
                <span className="whitespace-nowrap">{formatAgo(at)}</span>
              </button>
            </Tip>
          </li>
        );
      })}
    </ul>
  );
}
