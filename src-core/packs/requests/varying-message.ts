import { canonicalJson } from '../../content/hash-content.ts';
import { isMapping } from '../text/read-yaml.ts';
import type { BatchRequest } from './request-lines.ts';

export interface VaryingMessage {
  /** The first request with `mark` in place of the text that differs. */
  readonly body: unknown;
  readonly mark: string;
  /** Name of the input for that text. */
  readonly input: string;
  /** The texts, one for each request. */
  readonly texts: readonly string[];
}

/** Stands for the text that differs while the rest is compared and read; nobody writes it. */
const mark = '\uE000varying\uE000';

/** The one message whose text differs between all requests; null when more differs, or something else. */
export function varyingMessage(requests: readonly BatchRequest[]): VaryingMessage | null {
  const lists = requests.map(({ body }) => messagesOf(body));
  const [first] = lists;
  if (first === undefined || first === null) return null;
  const index = first.findIndex((message, at) => lists.some((list) => textAt(list, at) !== textOf(message)));
  if (index < 0 || textOf(first[index]) === null) return null;
  const marked = requests.map(({ body }) => withMark(body, index));
  const [shape] = marked;
  const wanted = canonicalJson(shape);
  if (marked.some((body) => canonicalJson(body) !== wanted)) return null;
  const texts = lists.map((list) => textAt(list, index));
  return texts.every((text) => text !== null) ? { body: shape, mark, input: 'text', texts } : null;
}

function messagesOf(body: unknown): readonly unknown[] | null {
  return isMapping(body) && Array.isArray(body.messages) ? body.messages : null;
}

function textAt(list: readonly unknown[] | null, index: number): string | null {
  return list === null ? null : textOf(list[index]);
}

function textOf(message: unknown): string | null {
  return isMapping(message) && typeof message.content === 'string' ? message.content : null;
}

function withMark(body: unknown, index: number): unknown {
  const messages = messagesOf(body);
  if (messages === null || !isMapping(body)) return null;
  return {
    ...body,
    messages: messages.map((message, at) =>
      at === index && isMapping(message) ? { ...message, content: mark } : message,
    ),
  };
}
