import type { ImportAction, PlannedItem } from '../../../../src-core/contract/packs.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { Select } from '../../../fields/select.tsx';
import { actionHints, actionNames, counted, stateNames } from './import-words.ts';

interface ItemRowProps {
  readonly item: PlannedItem;
  readonly action: ImportAction;
  readonly tabIndex: number;
  readonly disabled: boolean;
  readonly onAction: (key: string, action: ImportAction) => void;
}

const tones = { new: 'success', changed: 'accent', conflicting: 'warning', identical: 'neutral' } as const;

/** One prompt of the plan: what it is, how it stands to the library, and what is done with it. */
export function ItemRow(props: ItemRowProps) {
  const { item, action } = props;
  const { name, title, state, change, excerpt, versions, labels } = item;
  const isLeftOut = action === 'skip';
  const shown = title === '' ? name : title;
  return (
    <div className="flex h-14 items-center gap-3 border-b px-4 hover:bg-hover">
      <span className="w-20 shrink-0">
        <Badge tone={tones[state]}>{stateNames[state]}</Badge>
      </span>
      <div className={cn('min-w-0 flex-1', isLeftOut && 'text-faint')}>
        <p className="flex min-w-0 items-baseline gap-2">
          <bdi title={shown} className={cn('min-w-0 truncate', !isLeftOut && 'font-medium')}>
            <ForeignText text={shown} />
          </bdi>
          {shown !== name && (
            // Gives way to the title last, because the name is what is written to the library.
            <span title={name} className="max-w-[60%] min-w-0 shrink-[0.5] truncate font-mono text-xs text-muted">
              {name}
            </span>
          )}
        </p>
        <p className="flex min-w-0 gap-2 text-xs text-muted">
          {change !== '' && (
            <span title={change} className="max-w-[75%] shrink-0 truncate text-foreground">
              <ForeignText text={change} />
            </span>
          )}
          <span dir="auto" className="min-w-0 flex-1 truncate text-left">
            <ForeignText text={excerpt.replace(/\s+/g, ' ')} />
          </span>
        </p>
      </div>
      {versions > 1 && <Badge>{counted(versions, 'version')}</Badge>}
      {labels.slice(0, 2).map((label) => (
        <Badge key={label} tone="accent" className="max-w-28 truncate">
          {label}
        </Badge>
      ))}
      {labels.length > 2 && <Badge title={labels.join(', ')}>+{labels.length - 2}</Badge>}
      <ActionSelect {...props} />
    </div>
  );
}

function ActionSelect({ item, action, tabIndex, disabled, onAction }: ItemRowProps) {
  return (
    <Select
      data-item
      tabIndex={tabIndex}
      aria-label={`What to do with ${item.name}`}
      className="w-40 shrink-0"
      value={action}
      disabled={disabled}
      onChange={(next) => onAction(item.key, next)}
      options={item.actions.map((each) => ({ value: each, label: actionNames[each], hint: actionHints[each] }))}
    />
  );
}
