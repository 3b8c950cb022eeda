import type {
  MediaPart,
  MessagePart,
  MessageTemplate,
  PlaceholderMessage,
  RenderedMedia,
  RenderedPart,
} from './messages.ts';

/*
 * What the rest of the product asks of a message: what it is, which template texts it has, and how it reads as lines.
 */

/** A template text of a message; `part` is the index of its part, undefined where the message is one text. */
export interface MessageText {
  readonly part: number | undefined;
  readonly text: string;
}

/** Where an image, an audio or a file comes from. */
export type MediaSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'input'; readonly input: string };

export function isPlaceholder(message: MessageTemplate): message is PlaceholderMessage {
  return message.placeholder !== undefined;
}

export function isMedia<Part extends { readonly type: string }>(
  part: Part,
): part is Part & { type: 'image' | 'audio' | 'file' } {
  return part.type === 'image' || part.type === 'audio' || part.type === 'file';
}

/** The parts of a message; a text is one part, a placeholder has none. */
export function partsOf(message: MessageTemplate): readonly MessagePart[] {
  if (isPlaceholder(message)) return [];
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

/** Every template text of a message, in order: of text, of the arguments of calls, of results. */
export function templatesOf(message: MessageTemplate): readonly MessageText[] {
  if (isPlaceholder(message)) return [];
  if (typeof message.content === 'string') return [{ part: undefined, text: message.content }];
  return message.content.flatMap((part, index) => {
    const text = textOfPart(part);
    return text === null ? [] : [{ part: index, text }];
  });
}

/** The message with each of its template texts changed. */
export function withTemplates<Message extends MessageTemplate>(
  message: Message,
  change: (text: string, part: number | undefined) => string,
): Message {
  if (isPlaceholder(message)) return message;
  if (typeof message.content === 'string') return { ...message, content: change(message.content, undefined) };
  const content = message.content.map((part, index) => {
    const text = textOfPart(part);
    return text === null ? part : withTextOf(part, change(text, index));
  });
  return { ...message, content };
}

/** All template text of a message, a blank line between its parts. */
export function textOf(message: MessageTemplate): string {
  return templatesOf(message)
    .map(({ text }) => text)
    .join('\n\n');
}

/** Names of the inputs that a message reads outside its templates: of its media, or of the placeholder that it is. */
export function inputsBeside(message: MessageTemplate): readonly string[] {
  if (isPlaceholder(message)) return [message.placeholder];
  return partsOf(message).flatMap((part) => (isMedia(part) && part.input !== undefined ? [part.input] : []));
}

/** The message with another name for an input that it reads outside its templates. */
export function withInputRenamed<Message extends MessageTemplate>(message: Message, from: string, to: string): Message {
  if (isPlaceholder(message)) return message.placeholder === from ? { ...message, placeholder: to } : message;
  if (typeof message.content === 'string') return message;
  const content = message.content.map((part) => (isMedia(part) && part.input === from ? { ...part, input: to } : part));
  return { ...message, content };
}

export function sourceOf(part: MediaPart | RenderedMedia): MediaSource {
  if (part.url !== undefined) return { kind: 'url', url: part.url };
  if (part.hash !== undefined) return { kind: 'hash', hash: part.hash };
  return { kind: 'input', input: 'input' in part && part.input !== undefined ? part.input : '' };
}

/**
 * How a message reads as lines, in diffs, blame and documents: a text as it is, a part behind a line such as
 * `[image url https://example.com/cat.png]`.
 */
export function documentOf(message: MessageTemplate): string {
  const extra = message.extra === undefined ? [] : [`[extra ${JSON.stringify(message.extra)}]`];
  if (isPlaceholder(message)) {
    const optional = message.optional === true ? ' optional' : '';
    return [...extra, `[placeholder ${message.placeholder}${optional}]`].join('\n');
  }
  const text = documentOfParts(message.content);
  return extra.length === 0 ? text : [...extra, text].join('\n');
}

/** The same of the content of a message, or of a rendered one. */
export function documentOfParts(content: string | readonly (MessagePart | RenderedPart)[]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => [lineOf(part), ...(textOfPart(part) === null ? [] : [textOfPart(part)])]).join('\n');
}

/** How a part is called on one line, as in `[tool_call look_up id=call_1]`. */
export function lineOf(part: MessagePart | RenderedPart): string {
  const extra = 'extra' in part && part.extra !== undefined ? ` extra=${JSON.stringify(part.extra)}` : '';
  const facts = (...given: readonly (readonly [string, string | undefined])[]) =>
    given.map(([key, value]) => (value === undefined || value === '' ? '' : ` ${key}=${quoted(value)}`)).join('');
  switch (part.type) {
    case 'text':
      return `[text${extra}]`;
    case 'tool_call':
      return `[tool_call ${quoted(part.name)}${facts(['id', part.id])}${extra}]`;
    case 'tool_result':
      return `[tool_result${facts(['id', part.id], ['name', part.name])}${extra}]`;
    default: {
      const source = sourceOf(part);
      const value = source.kind === 'url' ? source.url : source.kind === 'hash' ? source.hash : source.input;
      const more = facts(['mediaType', part.mediaType], ['name', part.name], ['detail', part.detail]);
      return `[${part.type} ${source.kind} ${value}${more}${extra}]`;
    }
  }
}

/** A value with anything but plain characters is written as JSON, so that a line stays one line. */
function quoted(value: string): string {
  return /^[\w./+:@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** All text of a rendered message: also of the arguments of calls and of results. */
export function readableText(content: string | readonly RenderedPart[]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => textOfPart(part) ?? []).join('\n\n');
}

/** The text of a part; null where it has none. */
export function textOfPart(part: MessagePart | RenderedPart): string | null {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'tool_call':
      return part.arguments;
    case 'tool_result':
      return part.content;
    default:
      return null;
  }
}

/** The part with another text, where it has one. */
export function withTextOf<Part extends MessagePart | RenderedPart>(part: Part, text: string): Part {
  switch (part.type) {
    case 'text':
      return { ...part, text };
    case 'tool_call':
      return { ...part, arguments: text };
    case 'tool_result':
      return { ...part, content: text };
    default:
      return part;
  }
}
