import { sameMessage } from '../../../src-core/content/diff/align-messages.ts';
import { canonicalJson } from '../../../src-core/content/hash-content.ts';
import type { InputDeclaration, ModelSettings, PromptContent } from '../../../src-core/contract/content.ts';
import { isPlaceholder, withTemplates } from '../../../src-core/contract/message-texts.ts';
import type { MessageTemplate, Role } from '../../../src-core/contract/messages.ts';
import { formatTemplate } from '../../../src-core/templates/assist/format-template.ts';
import type { Position } from '../../../src-core/templates/runtime/types.ts';

/** A message with a key, because its index changes when messages move. */
export type KeyedMessage = MessageTemplate & { readonly key: string };

/** Keys for the messages of content from elsewhere; a message that was there before keeps its key. */
export function keysFor(content: PromptContent, before: readonly KeyedMessage[]): readonly string[] {
  const free = [...before];
  const take = (matches: (candidate: KeyedMessage) => boolean): string | null => {
    const index = free.findIndex(matches);
    return index < 0 ? null : (free.splice(index, 1)[0]?.key ?? null);
  };
  const exact = content.messages.map((message) => take(({ key: _, ...candidate }) => sameMessage(candidate, message)));
  return exact.map((key, index) => key ?? take((candidate) => candidate === before[index]) ?? crypto.randomUUID());
}

/** A copy of the content without one message; the last one stays, because a prompt has at least one. */
export function removeMessage(content: PromptContent, index: number): PromptContent {
  if (content.messages.length === 1) return content;
  return { ...content, messages: content.messages.toSpliced(index, 1) };
}

/** A copy of the content with a message put in. */
export function insertMessage(content: PromptContent, index: number, message: MessageTemplate): PromptContent {
  return { ...content, messages: content.messages.toSpliced(index, 0, message) };
}

/** A copy of the content with a message somewhere else. */
export function moveMessage(content: PromptContent, from: number, to: number): PromptContent {
  const message = content.messages[from];
  if (message === undefined || to < 0 || to >= content.messages.length || from === to) return content;
  return { ...content, messages: content.messages.toSpliced(from, 1).toSpliced(to, 0, message) };
}

/** What the window changes of a message: its role, and the text of one that is a text. */
export interface MessageEdit {
  readonly role?: Role;
  readonly content?: string;
}

/** A copy of the content with a message changed; a text never takes the place of parts, and a placeholder has neither. */
export function changeMessage(content: PromptContent, index: number, change: MessageEdit): PromptContent {
  const message = content.messages[index];
  if (message === undefined || isPlaceholder(message)) return content;
  if (change.content !== undefined && typeof message.content !== 'string') return content;
  return { ...content, messages: content.messages.with(index, { ...message, ...change }) };
}

/** A copy of the content with a stretch of one line of a message replaced. */
export function replaceText(
  content: PromptContent,
  index: number,
  { start, end }: { readonly start: Position; readonly end: Position },
  text: string,
  part?: number,
): PromptContent {
  const message = content.messages[index];
  if (message === undefined) return content;
  const changed = withTemplates(message, (source, at) =>
    at === part ? withReplaced(source, { start, end }, text) : source,
  );
  return canonicalJson(changed) === canonicalJson(message)
    ? content
    : { ...content, messages: content.messages.with(index, changed) };
}

function withReplaced(
  source: string,
  { start, end }: { readonly start: Position; readonly end: Position },
  text: string,
): string {
  const lines = source.split('\n');
  const line = lines[start.line - 1];
  if (line === undefined || end.line !== start.line) return source;
  const changed = line.slice(0, start.column - 1) + text + line.slice(end.column - 1);
  return lines.with(start.line - 1, changed).join('\n');
}

/** A copy of the content with even spacing inside the tags of every message; the content itself when there is nothing to do. */
export function formatMessages(content: PromptContent): PromptContent {
  let isChanged = false;
  const messages = content.messages.map((message) =>
    withTemplates(message, (text) => {
      const formatted = formatTemplate(text, content.syntax);
      isChanged ||= formatted !== text;
      return formatted;
    }),
  );
  return isChanged ? { ...content, messages } : content;
}

/** The role that is most likely to come next: an answer follows a question. */
export function nextRole(content: PromptContent): Role {
  return content.messages.at(-1)?.role === 'user' ? 'assistant' : 'user';
}

/** A copy of the content with model settings changed; a key set to undefined is left to the model. */
export function changeSettings(content: PromptContent, change: Partial<ModelSettings>): PromptContent {
  return { ...content, settings: { ...content.settings, ...change } };
}

/** A copy of the content with an input declared at the end, unless there is one of that name. */
export function declareInput(content: PromptContent, input: InputDeclaration): PromptContent {
  if (content.inputs.some((other) => other.name === input.name)) return content;
  return { ...content, inputs: [...content.inputs, input] };
}

/** A copy of the content with parts of an input's declaration changed. */
export function changeInput(content: PromptContent, name: string, change: Partial<InputDeclaration>): PromptContent {
  return {
    ...content,
    inputs: content.inputs.map((input) => (input.name === name ? withoutUndefined({ ...input, ...change }) : input)),
  };
}

/** A copy of the content with an input no longer declared. */
export function removeInput(content: PromptContent, name: string): PromptContent {
  return { ...content, inputs: content.inputs.filter((input) => input.name !== name) };
}

/** A name for a new input that is not taken. */
export function freeInputName(content: PromptContent): string {
  const taken = new Set(content.inputs.map((input) => input.name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'input' : `input_${number}`;
    if (!taken.has(name)) return name;
  }
}

function withoutUndefined(input: InputDeclaration): InputDeclaration {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as InputDeclaration;
}

type Sample = PromptContent['samples'][number];

/** A copy of the content with a sample, which takes the place of one of that name. */
export function keepSample(content: PromptContent, sample: Sample): PromptContent {
  const at = content.samples.findIndex(({ name }) => name === sample.name);
  const samples = at < 0 ? [...content.samples, sample] : content.samples.with(at, sample);
  return { ...content, samples };
}

/** A copy of the content without a sample. */
export function removeSample(content: PromptContent, name: string): PromptContent {
  return { ...content, samples: content.samples.filter((sample) => sample.name !== name) };
}

/** A name for a new sample that is not taken. */
export function freeSampleName({ samples }: PromptContent): string {
  const taken = new Set(samples.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = `Sample ${number}`;
    if (!taken.has(name)) return name;
  }
}
