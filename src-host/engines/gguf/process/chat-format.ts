import type { Json } from '../../../../src-core/contract/shared.ts';
import { parseTemplate, renderTemplate } from '../../../../src-core/templates/engine.ts';
import type { Template } from '../../../../src-core/templates/runtime/types.ts';
import type { TextMessage } from '../text-messages.ts';

/** The parts of a model's tokenizer that formatting needs. */
export interface ChatTokenizer {
  /** With `special`, the texts of special tokens become those tokens; `inside` says that other text precedes this one. */
  tokenize(text: string, special: boolean, inside: boolean): readonly number[];
  isSpecial(token: number): boolean;
  readonly bos: { readonly token: number; readonly text: string } | null;
  readonly eosText: string | null;
  readonly prependBos: boolean;
}

export interface ChatFormat {
  /** The tokens that make the model say what comes next. */
  tokens(messages: readonly TextMessage[]): readonly number[];
  /** False when the model's template cannot be used and conversations are formatted without it. */
  readonly understood: boolean;
}

/**
 * A piece of the formatted conversation: text of the template, or text of a message, in which special tokens are never
 * read.
 */
interface Piece {
  readonly kind: 'template' | 'message';
  readonly text: string;
}

interface TurnMessage {
  readonly role: string;
  readonly content: string;
}

/**
 * Formats with the model's own chat template. Any sequence of roles works: a conversation that the template refuses is
 * changed step by step (neighbours joined, system text moved into the next user message). A last message of the
 * assistant is continued.
 */
export function createChatFormat(template: string | null, tokenizer: ChatTokenizer): ChatFormat {
  const render = template === null ? null : createRender(template, tokenizer);
  return {
    understood: render === null || render([{ role: 'user', content: 'Hello' }]) !== null,
    tokens(messages) {
      const pieces = render?.(messages) ?? plainPieces(messages);
      return withBos(tokenizePieces(pieces, tokenizer), tokenizer);
    },
  };
}

/**
 * Tokenizes the whole text at once, as in training. When that finds special tokens that the template did not write, a
 * message contains their text, and every message is tokenized separately as plain text.
 */
function tokenizePieces(pieces: readonly Piece[], tokenizer: ChatTokenizer): readonly number[] {
  const separate = pieces.flatMap(({ kind, text }, index) => tokenizer.tokenize(text, kind === 'template', index > 0));
  const together = tokenizer.tokenize(pieces.map((piece) => piece.text).join(''), true, false);
  const specials = (tokens: readonly number[]): string => tokens.filter((token) => tokenizer.isSpecial(token)).join();
  return specials(separate) === specials(together) ? together : separate;
}

function withBos(tokens: readonly number[], { bos, prependBos }: ChatTokenizer): readonly number[] {
  if (bos === null || !prependBos || tokens[0] === bos.token) return tokens;
  return [bos.token, ...tokens];
}

/** For a model without a template: one message is text to complete, several become labelled paragraphs. */
function plainPieces(messages: readonly TextMessage[]): readonly Piece[] {
  const only = messages.length === 1 ? messages[0] : undefined;
  if (only) return [{ kind: 'message', text: only.content }];
  const labelled = messages.map(({ role, content }) => `${role[0]?.toUpperCase()}${role.slice(1)}: ${content}`);
  if (messages.at(-1)?.role !== 'assistant') labelled.push('Assistant:');
  return [{ kind: 'message', text: labelled.join('\n\n') }];
}

function createRender(source: string, tokenizer: ChatTokenizer) {
  const template = parseChatTemplate(source);
  return (messages: readonly TextMessage[]): readonly Piece[] | null => {
    if (template === null) return null;
    const named = renameRoles(withoutEmptyEnd(messages), source);
    for (const restate of restatements) {
      const restated = restate(named);
      const pieces = tryRender(template, restated, tokenizer, {}) ?? tryRender(template, restated, tokenizer, noTools);
      if (pieces !== null) return pieces;
    }
    return null;
  };
}

/** Some templates read `tools` without checking that it is defined. */
const noTools = { tools: [] };

/** With Hugging Face's options: block tags leave no empty lines, and the last line end is removed. */
function parseChatTemplate(source: string): Template | null {
  return parseTemplate(source.replace(/\n$/, ''), { trimBlocks: true, lstripBlocks: true }).template;
}

/** An empty last message of the assistant is dropped, because it only asks for an answer. */
function withoutEmptyEnd(messages: readonly TextMessage[]): readonly TextMessage[] {
  const last = messages.at(-1);
  return last?.role === 'assistant' && last.content === '' ? messages.slice(0, -1) : messages;
}

/** For templates that know only three roles, `developer` becomes `system` and `tool` becomes `user`. */
function renameRoles(messages: readonly TextMessage[], source: string): readonly TurnMessage[] {
  const knows = (role: string): boolean => new RegExp(`['"]${role}['"]`).test(source);
  return messages.map(({ role, content }) => {
    if (role === 'developer' && !knows('developer')) return { role: 'system', content };
    if (role === 'tool' && !knows('tool')) return { role: 'user', content };
    return { role, content };
  });
}

const restatements: readonly ((messages: readonly TurnMessage[]) => readonly TurnMessage[])[] = [
  (messages) => messages,
  joinNeighbours,
  (messages) => joinNeighbours(systemFirst(messages)),
  (messages) => startWithUser(joinNeighbours(messages.map(asUserUnlessAssistant))),
];

function asUserUnlessAssistant({ role, content }: TurnMessage): TurnMessage {
  return { role: role === 'assistant' ? 'assistant' : 'user', content };
}

/** One system message at the start; later ones become the user's. */
function systemFirst(messages: readonly TurnMessage[]): readonly TurnMessage[] {
  return messages.map((message, index) =>
    index === 0 || message.role !== 'system' ? message : asUserUnlessAssistant(message),
  );
}

function startWithUser(messages: readonly TurnMessage[]): readonly TurnMessage[] {
  return messages[0]?.role === 'assistant' ? [{ role: 'user', content: '' }, ...messages] : messages;
}

function joinNeighbours(messages: readonly TurnMessage[]): readonly TurnMessage[] {
  const joined: TurnMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role !== message.role) joined.push(message);
    else joined[joined.length - 1] = { role: last.role, content: `${last.content}\n\n${message.content}` };
  }
  return joined;
}

/** Whitespace that no template writes; when it is missing around a marker, the template trims its messages. */
const padding = '\v\f\v';

/** The template's output cut at the messages; null when the template refuses the conversation or leaves out a message. */
function tryRender(
  template: Template,
  messages: readonly TurnMessage[],
  tokenizer: ChatTokenizer,
  more: Readonly<Record<string, Json>>,
): readonly Piece[] | null {
  const continued = messages.at(-1)?.role === 'assistant';
  const seal = globalThis.crypto.randomUUID();
  try {
    const inputs = {
      messages: messages.map(({ role, content }, index) => ({
        role,
        content: content === '' ? '' : `${padding}[${seal}:${index}]${padding}`,
      })),
      add_generation_prompt: !continued,
      bos_token: tokenizer.bos?.text ?? '',
      eos_token: tokenizer.eosText ?? '',
      ...more,
    };
    const text = renderTemplate(template, inputs, { chatTemplate: true, sourceMap: false }).output;
    const pieces = cutAtMessages(text, seal, messages);
    return pieces !== null && continued ? leaveOpen(pieces) : pieces;
  } catch {
    // A template refuses by throwing, as in `raise_exception('System role not supported')`.
    return null;
  }
}

function cutAtMessages(text: string, seal: string, messages: readonly TurnMessage[]): readonly Piece[] | null {
  const parts = text.split(new RegExp(`\\[${seal}:(\\d+)\\]`));
  const pieces: Piece[] = [];
  const seen = new Set<number>();
  for (const [position, part] of parts.entries()) {
    if (position % 2 === 0) {
      pieces.push({ kind: 'template', text: withoutPadding(part) });
      continue;
    }
    const index = Number(part);
    seen.add(index);
    const keepsStart = parts[position - 1]?.endsWith(padding) ?? false;
    const keepsEnd = parts[position + 1]?.startsWith(padding) ?? false;
    pieces.push({ kind: 'message', text: trimmed(messages[index]?.content ?? '', keepsStart, keepsEnd) });
  }
  const complete = messages.every(({ content }, index) => content === '' || seen.has(index));
  return complete ? pieces : null;
}

/** Drops what the template writes after the assistant's text, so that the model continues it. */
function leaveOpen(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.slice(0, pieces.findLastIndex(({ kind }) => kind === 'message') + 1);
}

function withoutPadding(text: string): string {
  const start = text.startsWith(padding) ? padding.length : 0;
  return text.slice(start, text.length > start && text.endsWith(padding) ? -padding.length : undefined);
}

function trimmed(content: string, keepsStart: boolean, keepsEnd: boolean): string {
  const start = keepsStart ? content : content.trimStart();
  return keepsEnd ? start : start.trimEnd();
}
