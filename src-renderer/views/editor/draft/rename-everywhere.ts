import { sameJson } from '../../../../src-core/content/diff/field-changes.ts';
import { includedReaders } from '../../../../src-core/content/templates/included-readers.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { isPlaceholder } from '../../../../src-core/contract/message-texts.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import { renameDeclaration, renameInput, renameKey } from '../../../../src-core/templates/assist/rename-input.ts';
import { withIncludes } from '../../../../src-core/templates/with-includes.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { setValues, useForms } from '../../../live/drafts/input-values.ts';
import { stepText } from '../../../monaco/text/text-models.ts';
import { openIncluded } from '../../../workbench/navigation/open-included.ts';

/** A rename that can be taken back from any text that it changed. */
interface Rename {
  readonly from: string;
  readonly to: string;
  /** By the keys of the messages that it changed. */
  readonly texts: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  /** Those that have parts or are a placeholder, which have no text to take back. */
  readonly others: ReadonlyMap<string, { readonly before: MessageTemplate; readonly after: MessageTemplate }>;
  readonly isUndone: boolean;
}

const keptRenames = 50;
const renames = new WeakMap<DraftHandle, readonly Rename[]>();

/** Names the text of a message; its undo history lives as long as the tab. */
export function messageUri(promptId: string, messageKey: string): string {
  return `prompt:///${promptId}/${messageKey}/Message`;
}

/** Gives an input another name in its declaration, every message, the samples and the form. Throws when that cannot be. */
export function renameEverywhere(handle: DraftHandle, from: string, to: string): void {
  const { content, messageKeys } = handle.store.getState();
  const renamed = renameInput(content, from, to);
  if (renamed === content) return;
  const texts = new Map<string, { before: string; after: string }>();
  const others = new Map<string, { before: MessageTemplate; after: MessageTemplate }>();
  for (const [index, before] of content.messages.entries()) {
    const after = renamed.messages[index] ?? before;
    const key = messageKeys[index] ?? '';
    if (typeof before.content === 'string' && typeof after.content === 'string') {
      if (before.content !== after.content) texts.set(key, { before: before.content, after: after.content });
    } else if (!sameJson(before, after)) others.set(key, { before, after });
  }
  const known = (renames.get(handle) ?? []).slice(1 - keptRenames);
  renames.set(handle, [...known, { from, to, texts, others, isUndone: false }]);
  handle.edit(() => renamed);
  renameValue(handle, from, to);
  void reportReaders(renamed, from);
}

/** When undo or redo in one text undoes or repeats a rename, the rest of the prompt follows. */
export function followStep(handle: DraftHandle, messageKey: string, text: string, step: 'undo' | 'redo'): void {
  const [was, becomes] = step === 'undo' ? (['after', 'before'] as const) : (['before', 'after'] as const);
  const known = renames.get(handle) ?? [];
  const rename = known.findLast(
    ({ texts, isUndone }) => isUndone === (step === 'redo') && texts.get(messageKey)?.[becomes] === text,
  );
  if (rename === undefined) return;
  renames.set(
    handle,
    known.map((other) => (other === rename ? { ...rename, isUndone: step === 'undo' } : other)),
  );
  const [from, to] = step === 'undo' ? [rename.to, rename.from] : [rename.from, rename.to];
  const { prompt, messageKeys } = handle.store.getState();
  for (const [key, texts] of rename.texts) {
    if (key !== messageKey) stepText(messageUri(prompt.id, key), step, texts[was]);
  }
  handle.edit((content) => ({
    ...renameDeclaration(content, from, to),
    messages: content.messages.map((message, index) => {
      const texts = rename.texts.get(messageKeys[index] ?? '');
      if (texts !== undefined && message.content === texts[was] && !isPlaceholder(message))
        return { ...message, content: texts[becomes] };
      const other = rename.others.get(messageKeys[index] ?? '');
      return other !== undefined && sameJson(message, other[was]) ? other[becomes] : message;
    }),
  }));
  renameValue(handle, from, to);
}

function renameValue(handle: DraftHandle, from: string, to: string): void {
  const { id } = handle.store.getState().prompt;
  const values = useForms.getState().values[id];
  if (values !== undefined) setValues(id, renameKey(values, from, to));
}

/**
 * Says which included prompts still read the old name; they are not changed, because other prompts may include them
 * too.
 */
async function reportReaders(content: PromptContent, from: string): Promise<void> {
  const readers = await withIncludes(
    new Map(),
    (names) => client.prompts.includes({ names: [...names] }),
    (loader) => includedReaders(content, from, loader),
  ).catch(() => []);
  if (readers.length === 0) return;
  toast(`Included prompts still read "${from}"`, {
    description: `${readers.join(', ')}: not changed, because other prompts may include ${readers.length === 1 ? 'it' : 'them'} too.`,
    action: {
      label: readers.length === 1 ? 'Open' : 'Open all',
      run: () => readers.forEach((name) => void openIncluded(name)),
    },
  });
}
