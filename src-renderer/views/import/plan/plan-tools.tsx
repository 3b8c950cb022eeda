import type { ImportAction, PlannedItem } from '../../../../src-core/contract/packs.ts';
import { formatNumber } from '../../../components/format.ts';
import { Segments } from '../../../fields/segments.tsx';
import { Select } from '../../../fields/select.tsx';
import { type ChosenActions, chooseForAll, commonAction, countStates } from './actions.ts';
import { actionHints, actionNames, stateNames } from './import-words.ts';

type State = PlannedItem['state'];
export type ShownState = State | 'all';

interface PlanToolsProps {
  readonly items: readonly PlannedItem[];
  readonly actions: ChosenActions;
  readonly onActions: (actions: ChosenActions) => void;
  readonly state: ShownState;
  readonly onState: (state: ShownState) => void;
}

const order: readonly State[] = ['new', 'changed', 'conflicting', 'identical'];
/** States in which a person has more to choose than whether. */
const chosenForAll: readonly State[] = ['changed', 'conflicting'];

/** Which prompts of the plan show, and one choice for all that change something here. */
export function PlanTools({ items, actions, onActions, state, onState }: PlanToolsProps) {
  const counts = countStates(items);
  const present = order.filter((each) => counts[each] > 0);
  const manyOf = chosenForAll.filter((each) => counts[each] > 1);
  if (present.length < 2 && manyOf.length === 0) return null;
  // A plan that was made again may have none of those that showed.
  const shown = state === 'all' || counts[state] > 0 ? state : 'all';
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Segments
        label="Show"
        value={shown}
        onChange={onState}
        className="tabular"
        options={[
          { value: 'all', label: `All ${formatNumber(items.length)}` },
          ...present.map((each) => ({ value: each, label: `${stateNames[each]} ${formatNumber(counts[each])}` })),
        ]}
      />
      <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-2">
        {manyOf.map((each) => (
          <ForAll key={each} state={each} items={items} actions={actions} onActions={onActions} />
        ))}
      </div>
    </div>
  );
}

interface ForAllProps extends Pick<PlanToolsProps, 'items' | 'actions' | 'onActions'> {
  readonly state: State;
}

function ForAll({ state, items, actions, onActions }: ForAllProps) {
  const possible = items.find((item) => item.state === state)?.actions ?? [];
  const label = `All ${stateNames[state].toLowerCase()}`;
  return (
    <span className="flex items-center gap-2 text-sm">
      <span aria-hidden="true" className="text-muted">
        {label}:
      </span>
      <Select<ImportAction>
        aria-label={label}
        className="w-40"
        placeholder="Different ones"
        value={commonAction(items, state, actions)}
        onChange={(action) => onActions(chooseForAll(items, state, action, actions))}
        options={possible.map((action) => ({ value: action, label: actionNames[action], hint: actionHints[action] }))}
      />
    </span>
  );
}
