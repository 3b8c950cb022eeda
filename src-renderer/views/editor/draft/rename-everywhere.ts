import { includedReaders } from '../../../../src-core/content/templates/included-readers.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { templatesOf, withInputRenamed, withTemplates } from '../../../../src-core/contract/message-texts.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import { renameDeclaration, renameInput, renameKey } from '../../../../src-core/templates/assist/rename-input.ts';
import { withIncludes } from '../../../../src-core/templates/with-includes.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { setValues, useForms } from '../../../live/drafts/input-values.ts';
import { partKeysOf } from '../../../live/drafts/part-keys.ts';
import { stepText } from '../../../monaco/text/text-models.ts';
import { openIncluded } from '../../../workbench/navigation/open-included.ts';

/** A rename that can be taken back from any text that it changed. */
interface Rename {
  readonly from: string;
  readonly to: string;
  /** By the keys of the texts that it changed. */
  readonly texts: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  readonly isUndone: boolean;
}

const keptRenames = 50;
const renames = new WeakMap<DraftHandle, readonly Rename[]>();

/** Key of a text of a message; that of its first text is the message's own. */
export function textKeyOf(messageKey: string, partKey: string): string {
  return partKey === '' ? messageKey : `${messageKey}/${partKey}`;
}

/** Names a text of a message; its undo history lives as long as the tab. */
export function textUri(promptId: string, textKey: string): string {
  return `prompt:///${promptId}/${textKey}/Message`;
}

/** Gives an input another name in its declaration, every message, the samples and the form. Throws when that cannot be. */
export function renameEverywhere(handle: DraftHandle, from: string, to: string): void {
  const { content, messageKeys } = handle.store.getState();
  const renamed = renameInput(content, from, to);
  if (renamed === content) return;
  const texts = new Map<string, { before: string; after: string }>();
  for (const [index, before] of content.messages.entries()) {
    const becomes = templatesOf(renamed.messages[index] ?? before);
    for (const [at, { key, text }] of keyedTexts(handle, messageKeys[index] ?? '', before).entries()) {
      const after = becomes[at]?.text ?? text;
      if (after !== text) texts.set(key, { before: text, after });
    }
  }
  const known = (renames.get(handle) ?? []).slice(1 - keptRenames);
  renames.set(handle, [...known, { from, to, texts, isUndone: false }]);
  handle.edit(() => renamed);
  renameValue(handle, from, to);
  void reportReaders(renamed, from);
}

/** When undo or redo in one text undoes or repeats a rename, the rest of the prompt follows. */
export function followStep(handle: DraftHandle, textKey: string, text: string, step: 'undo' | 'redo'): void {
  const [was, becomes] = step === 'undo' ? (['after', 'before'] as const) : (['before', 'after'] as const);
  const known = renames.get(handle) ?? [];
  const rename = known.findLast(
    ({ texts, isUndone }) => isUndone === (step === 'redo') && texts.get(textKey)?.[becomes] === text,
  );
  if (rename === undefined) return;
  renames.set(
    handle,
    known.map((other) => (other === rename ? { ...rename, isUndone: step === 'undo' } : other)),
  );
  const [from, to] = step === 'undo' ? [rename.to, rename.from] : [rename.from, rename.to];
  const { prompt, messageKeys } = handle.store.getState();
  for (const [key, texts] of rename.texts) {
    if (key !== textKey) stepText(textUri(prompt.id, key), step, texts[was]);
  }
  handle.edit((content) => ({
    ...renameDeclaration(content, from, to),
    messages: content.messages.map((message, index) => {
      const keys = keyedTexts(handle, messageKeys[index] ?? '', message);
      const changed = withTemplates(message, (text, part) => {
        const texts = rename.texts.get(keys.find((keyed) => keyed.part === part)?.key ?? '');
        return texts !== undefined && text === texts[was] ? texts[becomes] : text;
      });
      return withInputRenamed(changed, from, to);
    }),
  }));
  renameValue(handle, from, to);
}

/** The texts of a message with their keys, which stay when parts move. */
function keyedTexts(handle: DraftHandle, messageKey: string, message: MessageTemplate) {
  const keys = partKeysOf(handle, messageKey, message);
  return templatesOf(message).map(({ part, text }) => ({
    key: textKeyOf(messageKey, keys[part ?? 0] ?? ''),
    part,
    text,
  }));
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
