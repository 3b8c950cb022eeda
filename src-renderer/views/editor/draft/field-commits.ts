import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { longestDescription, longestTitle } from '../../../../src-core/contract/prompts.ts';
import { fieldAt, inputOfPath, promptNamePath } from '../../../../src-core/library/drafts/draft-fields.ts';
import { type TypedProblem, typedProblems } from '../../../../src-core/library/drafts/typed-texts.ts';
import { isOfPrompt } from '../../../../src-core/library/stored/typed-paths.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { tooLong } from '../../../fields/too-long.ts';
import { useConnection } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-handle.ts';
import { toStored } from '../../../live/drafts/draft-wire.ts';
import { renamePrompt, updatePrompt } from '../../library/organise/prompt-actions.ts';
import { renameEverywhere } from './rename-everywhere.ts';

/** Paths of the prompt's own fields, which are saved apart from its draft. */
export const titlePath = 'prompt/title';
export const descriptionPath = 'prompt/description';
export const tagsPath = 'prompt/tags';

/** Applies the text of a field; on failure it returns the reason and the field keeps the text. */
export async function commitField(handle: DraftHandle, path: string): Promise<string | null> {
  const { typed, content } = handle.store.getState();
  const text = typed[path];
  if (text === undefined) return null;
  const written = fieldAt(path, content)?.write(content, text);
  if (written !== undefined && 'error' in written) return written.error;
  try {
    await takeOver(handle, path, text);
    // A person may have typed on meanwhile.
    if (handle.store.getState().typed[path] === text) handle.hold(path, null);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { fieldErrors, typed: now } = handle.store.getState();
    if (now[path] === text) handle.store.setState({ fieldErrors: { ...fieldErrors, [path]: message } });
    if (error instanceof AppError && error.code === 'unavailable') commitWhenBack(handle, path);
    return message;
  }
}

async function takeOver(handle: DraftHandle, path: string, text: string): Promise<void> {
  const { prompt } = handle.store.getState();
  const input = inputOfPath(path);
  if (input?.part === 'name') return renameInput(handle, path, input.name, text.trim());
  switch (path) {
    case promptNamePath:
      return renamePrompt(prompt, text.trim());
    case titlePath:
      return updatePrompt(handle, { title: fitting(text, 'A title', longestTitle) });
    case descriptionPath:
      return updatePrompt(handle, { description: fitting(text, 'A description', longestDescription) });
    case tagsPath:
      return updatePrompt(handle, { tags: JSON.parse(text) as string[] });
  }
}

/** Refuses a text that is too long, because cutting it would lose what was typed. */
function fitting(text: string, what: string, longest: number): string {
  const problem = tooLong(what, text, longest);
  if (problem !== null) throw new AppError('invalid', problem);
  return text.trim();
}

/** Renames an input everywhere in the prompt; when that fails nothing is renamed. */
function renameInput(handle: DraftHandle, path: string, from: string, to: string): void {
  handle.hold(path, null);
  try {
    renameEverywhere(handle, from, to);
  } catch (error) {
    handle.hold(path, to);
    throw error;
  }
}

/** Tries again when the host is back, which it may be by now. */
function commitWhenBack(handle: DraftHandle, path: string): void {
  if (useConnection.getState().state.kind === 'open') {
    setTimeout(() => void commitField(handle, path), retryDelayMs);
    return;
  }
  const stop = useConnection.subscribe(({ state }) => {
    if (state.kind !== 'open') return;
    stop();
    void commitField(handle, path);
  });
}

const retryDelayMs = 1_000;

/** Whether a field takes effect when it is left, and not with every valid text. */
const waitsToBeLeft = (path: string): boolean => isOfPrompt(path) || inputOfPath(path)?.part === 'name';

/** Applies the texts of all fields; returns what is wrong with those that are not valid. */
export async function settleFields(handle: DraftHandle): Promise<readonly TypedProblem[]> {
  for (const path of Object.keys(handle.store.getState().typed)) {
    if (waitsToBeLeft(path)) await commitField(handle, path);
  }
  return unfinishedFields(handle);
}

/** What is wrong with texts that are not in effect, including those that the host refused. */
export function unfinishedFields(handle: DraftHandle): readonly TypedProblem[] {
  const { prompt, content, typed, fieldErrors } = handle.store.getState();
  return problemsOf(content, toStored({ content, typed }, prompt.draft.content).typed, fieldErrors);
}

/** The same, from the parts that it depends on. */
export function problemsOf(
  content: PromptContent,
  typed: Readonly<Record<string, string>>,
  fieldErrors: Readonly<Record<string, string>>,
): readonly TypedProblem[] {
  const refused = Object.entries(fieldErrors).map(([path, message]): TypedProblem => {
    const { label = ownLabels[path] ?? path, place = 'header' } = fieldAt(path, content) ?? {};
    return { path, label, place, message };
  });
  return [...typedProblems(content, typed), ...refused];
}

const ownLabels: Readonly<Record<string, string>> = {
  [titlePath]: 'Title',
  [descriptionPath]: 'Description',
  [tagsPath]: 'Tags',
};
