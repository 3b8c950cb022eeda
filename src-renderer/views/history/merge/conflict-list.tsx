import { CircleCheck, CircleDashed } from 'lucide-react';
import type { Conflict } from '../../../../src-core/content/merge/merge-conflict.ts';
import { moveInList } from '../../../components/list-keys.ts';
import { cn } from '../../../components/ui/cn.ts';
import type { Choices } from './merge-choices.ts';

export interface ConflictListProps {
  readonly conflicts: readonly Conflict[];
  readonly choices: Choices;
  readonly index: number;
  readonly onPick: (index: number) => void;
}

/** Every conflict of a merge and whether it is decided. */
export function ConflictList({ conflicts, choices, index, onPick }: ConflictListProps) {
  return (
    <ul aria-label="Conflicts" className="h-full overflow-y-auto bg-panel p-2" onKeyDown={moveInList}>
      {conflicts.map((conflict, at) => {
        const decided = Object.hasOwn(choices, conflict.id);
        const Icon = decided ? CircleCheck : CircleDashed;
        return (
          <li key={conflict.id}>
            <button
              type="button"
              data-item
              aria-current={at === index ? 'true' : undefined}
              onClick={() => onPick(at)}
              className={cn(
                'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover',
                at === index && 'bg-active',
              )}
            >
              <Icon
                role="img"
                aria-label={decided ? 'Resolved' : 'Open'}
                className={cn('size-3.5 shrink-0', decided ? 'text-success' : 'text-warning')}
              />
              <span className="min-w-0 flex-1 first-letter:uppercase">{conflict.where}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
