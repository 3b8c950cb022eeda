import type { InputDeclaration } from '../../../src-core/contract/content.ts';
import type { Knowledge } from '../../../src-core/templates/assist/knowledge.ts';
import { parseTemplate } from '../../../src-core/templates/engine.ts';
import { renameInput, renameKey } from '../../../src-core/templates/rename-input.ts';
import { inputsOf } from '../../../src-core/templates/template-inputs.ts';
import { client } from '../../api.ts';
import { attempt } from '../../components/attempt.ts';
import type { TemplateScope } from '../../monaco/template-scope.ts';
import { applyFix } from './apply-fix.ts';
import type { DraftHandle } from './draft-store.ts';
import { setValues, useForms } from './editor-store.ts';
import { findPrompts, readIncluded } from './find-prompts.ts';
import { openPrompt } from './prompt-actions.ts';

/** What the editors of a prompt's messages know of the prompt. */
export function templateScope(handle: DraftHandle): TemplateScope {
  return {
    knowledge: knowledgeOf(handle),
    findPrompts: (words) => findPrompts(words, handle.store.getState().prompt.id),
    readPrompt: readIncluded,
    openPrompt: (name) => void openIncluded(name),
    renameInput: (from, to) => renameEverywhere(handle, from, to),
    applyFix: (fix) => applyFix(handle, fix),
  };
}

function knowledgeOf(handle: DraftHandle): Knowledge {
  const { prompt, content, messageKeys } = handle.store.getState();
  return {
    syntax: content.syntax,
    inputs: content.inputs,
    values: useForms.getState().values[prompt.id] ?? {},
    samples: content.samples.map(({ inputs }) => inputs),
    usedPaths: content.messages.flatMap((message, index) =>
      pathsOf(messageKeys[index] ?? '', message.content, content.syntax),
    ),
  };
}

/** What messages read when they could last be parsed: while one types they mostly cannot. */
const lastPaths = new Map<string, readonly string[]>();

function pathsOf(messageKey: string, source: string, syntax: Knowledge['syntax']): readonly string[] {
  const { template } = parseTemplate(source, { syntax });
  if (template !== null) {
    const paths = inputsOf(template).flatMap((input) => input.paths.map(({ path }) => path));
    lastPaths.set(messageKey, [...new Set(paths)]);
  }
  return lastPaths.get(messageKey) ?? [];
}

/** Opens the prompt that a template includes as `name`, `name@label` or `name@12`. */
export async function openIncluded(name: string): Promise<void> {
  const prompt = await attempt('The prompt was not opened', () =>
    client.prompts.find({ name: name.replace(/@.*$/, '') }),
  );
  if (prompt !== null) openPrompt(prompt);
}

/** Gives an input another name in its declaration, every message, the samples and the form. Throws when that cannot be. */
export function renameEverywhere(handle: DraftHandle, from: InputDeclaration['name'], to: string): void {
  const { prompt, content } = handle.store.getState();
  const renamed = renameInput(content, from, to);
  handle.edit(() => renamed);
  const values = useForms.getState().values[prompt.id];
  if (values !== undefined) setValues(prompt.id, renameKey(values, from, to));
}
