import type { ImportAction, PlannedItem } from '../../../../src-core/contract/packs.ts';

/** What a person chose, by the key of the item. */
export type ChosenActions = Readonly<Record<string, ImportAction>>;
type State = PlannedItem['state'];

/** What will be done with an item; a choice that does not suit it any more is not one. */
export function actionOf(item: PlannedItem, chosen: ChosenActions): ImportAction {
  const action = chosen[item.key];
  return action !== undefined && item.actions.includes(action) ? action : item.action;
}

/** How many are imported. */
export function countImported(items: readonly PlannedItem[], chosen: ChosenActions): number {
  return items.filter((item) => actionOf(item, chosen) !== 'skip').length;
}

/** How many are in each state. */
export function countStates(items: readonly PlannedItem[]): Readonly<Record<State, number>> {
  const counts = { new: 0, identical: 0, changed: 0, conflicting: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}

/** The action of all items in a state; undefined when they have different ones. */
export function commonAction(
  items: readonly PlannedItem[],
  state: State,
  chosen: ChosenActions,
): ImportAction | undefined {
  const found = new Set(items.filter((item) => item.state === state).map((item) => actionOf(item, chosen)));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Chooses one action for all items in a state. */
export function chooseForAll(
  items: readonly PlannedItem[],
  state: State,
  action: ImportAction,
  chosen: ChosenActions,
): ChosenActions {
  const those = items.filter((item) => item.state === state && item.actions.includes(action));
  return { ...chosen, ...Object.fromEntries(those.map(({ key }) => [key, action])) };
}

/** What the host has to be told: the choices that differ from what it does anyway. */
export function toldActions(items: readonly PlannedItem[], chosen: ChosenActions): Record<string, ImportAction> {
  return Object.fromEntries(
    items.flatMap((item) => {
      const action = actionOf(item, chosen);
      return action === item.action ? [] : [[item.key, action]];
    }),
  );
}
