import type { PromptContent } from '../../contract/content.ts';
import { AppError } from '../../scope/errors.ts';
import { normaliseContent } from '../hash-content.ts';
import type { Conflict, Decide, MergeChoice } from './merge-conflict.ts';
import { mergeFields, type Sides } from './merge-fields.ts';
import { mergeMessages } from './merge-messages.ts';

/** Plain data: a merge with conflicts can be sent, kept and resolved later, or dropped with nothing lost. */
export type ContentMerge =
  | { readonly kind: 'clean'; readonly content: PromptContent }
  | (Sides<PromptContent> & {
      readonly kind: 'conflict';
      readonly conflicts: readonly Conflict[];
      /** The result as far as it is settled, with our side of every conflict and both sides' messages. */
      readonly preview: PromptContent;
    });

/**
 * Three-way merge of whole contents. What one side changed is taken, what both changed alike too, the rest is returned
 * as conflicts. The inputs are never changed, and swapping ours and theirs gives the same result when it is clean.
 */
export function mergeContent(base: PromptContent, ours: PromptContent, theirs: PromptContent): ContentMerge {
  const sides = { base: normaliseContent(base), ours: normaliseContent(ours), theirs: normaliseContent(theirs) };
  const conflicts: Conflict[] = [];
  const preview = mergeSides(sides, (conflict) => {
    conflicts.push(conflict);
    return { take: conflict.kind === 'messages' ? 'both' : 'ours' };
  });
  return conflicts.length === 0
    ? { kind: 'clean', content: preview }
    : { kind: 'conflict', ...sides, conflicts, preview };
}

/**
 * The content that a merge becomes with these choices, by conflict id. Throws `conflict` while any is undecided and
 * `invalid` for a choice that fits no conflict or makes no valid content.
 */
export function resolveMerge(merge: ContentMerge, choices: Readonly<Record<string, MergeChoice>>): PromptContent {
  if (merge.kind === 'clean') return merge.content;
  const known = new Set(merge.conflicts.map((conflict) => conflict.id));
  const unknown = Object.keys(choices).find((id) => !known.has(id));
  if (unknown !== undefined) throw new AppError('invalid', `This merge has no conflict "${unknown}".`);
  const open = merge.conflicts.filter((conflict) => !Object.hasOwn(choices, conflict.id));
  if (open.length > 0) throw undecided(open);
  return mergeSides(merge, (conflict) => {
    const choice = choices[conflict.id];
    // The only conflict that choices themselves can bring up is that they leave no message.
    if (!choice) throw new AppError('invalid', 'With these choices the prompt would have no message left.');
    return choice;
  });
}

function mergeSides(sides: Sides<PromptContent>, decide: Decide): PromptContent {
  const messages = { base: sides.base.messages, ours: sides.ours.messages, theirs: sides.theirs.messages };
  const merged = mergeMessages(messages, decide);
  return normaliseContent({ ...mergeFields(sides, decide), messages: [...merged] });
}

function undecided(conflicts: readonly Conflict[]): AppError {
  const places = conflicts.map((conflict) => conflict.where);
  const shown = places.slice(0, 5).join('; ') + (places.length > 5 ? `; and ${places.length - 5} more` : '');
  return new AppError('conflict', `Choose a side for what both changed: ${shown}.`, {
    conflicts: conflicts.map((conflict) => conflict.id),
  });
}
