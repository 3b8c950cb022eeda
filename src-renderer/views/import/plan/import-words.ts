import type { ImportAction, PlannedItem, ReadFileReport } from '../../../../src-core/contract/packs.ts';
import { formatNumber } from '../../../components/format.ts';

type State = PlannedItem['state'];

/** A count with its noun, as in `1 prompt` or `1,200 prompts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

export const stateNames: Readonly<Record<State, string>> = {
  new: 'New',
  changed: 'Changed',
  conflicting: 'Conflicting',
  identical: 'Identical',
};

export const actionNames: Readonly<Record<ImportAction, string>> = {
  create: 'Import',
  'keep-both': 'Keep both',
  'new-version': 'New version',
  'replace-draft': 'Replace the draft',
  skip: 'Leave out',
};

export const actionHints: Readonly<Record<ImportAction, string>> = {
  create: 'As a new prompt',
  'keep-both': 'As a new prompt, under a name that is free',
  'new-version': 'Saved as the newest version of the prompt here',
  'replace-draft': 'Only the draft of the prompt here; no version is saved',
  skip: 'Nothing is changed here',
};

/** Why importing would do nothing, and what to do; null when it would do something. */
export function whyNothing(files: readonly ReadFileReport[], items: readonly PlannedItem[], imported: number) {
  if (imported > 0) return null;
  if (items.length === 0)
    return files.some(({ refusal }) => refusal !== null)
      ? 'No prompt can be imported. The list says why.'
      : 'There is no prompt in it.';
  if (items.every(({ state }) => state === 'identical'))
    return items.length === 1 ? 'This prompt is here already.' : 'All these prompts are here already.';
  return items.length === 1 ? 'The prompt is left out.' : 'All prompts are left out.';
}

const keptShown = 3;

/** What an undo left as it is, and why; '' when it left nothing. */
export function keptSentence(kept: readonly { readonly name: string; readonly why: string }[]): string {
  const shown = kept.slice(0, keptShown).map(({ name, why }) => `“${name}” stays. ${why}`);
  const more = kept.length - shown.length;
  return [...shown, ...(more > 0 ? [`${formatNumber(more)} more ${more === 1 ? 'stays' : 'stay'}.`] : [])].join(' ');
}
