import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MessagePart, MessageTemplate } from '../../contract/messages.ts';
import { jinjaToHandlebars } from '../handlebars/jinja-to-handlebars.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { simplePieces } from '../text/simple-pieces.ts';
import { hasMessages } from './message-tags.ts';

export type TemplateFormat = 'semantic-kernel' | 'handlebars' | 'liquid';

export interface WrittenTemplate {
  readonly format: TemplateFormat;
  readonly template: string;
}

/** Writes a text between tags; null where the language cannot say it. */
type WriteText = (text: string, encode: (text: string) => string) => string | null;

/** The one template of all messages: in the own syntax where only variables occur, else in Handlebars; Liquid stays Liquid. */
export function writeTemplate({ content }: ImportedPrompt, losses: Losses): WrittenTemplate {
  const { messages, syntax } = content;
  const parts = messages.flatMap((message) => partsOf(message));
  const isNative =
    !messages.some(isPlaceholder) &&
    parts.every((part) => !isMedia(part) || /^[A-Za-z0-9_]+$/.test(part.input ?? 'x')) &&
    parts.every((part) => part.type !== 'text' || nativeText(part.text, syntax, same) !== null);
  const format = syntax === 'liquid' ? 'liquid' : isNative ? 'semantic-kernel' : 'handlebars';
  const variable = format === 'semantic-kernel' ? (name: string) => `{{$${name}}}` : (name: string) => `{{${name}}}`;
  const writeText: WriteText =
    format === 'liquid'
      ? (text, encode) => encode(text)
      : format === 'semantic-kernel'
        ? (text, encode) => nativeText(text, syntax, encode)
        : (text, encode) => handlebarsText(text, syntax, encode);
  const plain = plainTemplate(messages, writeText);
  if (plain !== null) return { format, template: plain };
  const written = messages.map((message, index) => messageTag(message, index, { format, variable, writeText }, losses));
  return { format, template: written.join('\n') };
}

/** One message of the user is a template without tags, unless its text would be read as some. */
function plainTemplate(messages: readonly MessageTemplate[], writeText: WriteText): string | null {
  const [only, ...more] = messages;
  if (only === undefined || more.length > 0 || isPlaceholder(only) || only.role !== 'user') return null;
  if (typeof only.content !== 'string' || hasMessages(only.content)) return null;
  if (/^(?:system|user|assistant|developer|function|tool):[ \t]*$/im.test(only.content)) return null;
  return writeText(only.content, same);
}

interface Style {
  readonly format: TemplateFormat;
  readonly variable: (name: string) => string;
  readonly writeText: WriteText;
}

function messageTag(message: MessageTemplate, index: number, style: Style, losses: Losses): string {
  if (isPlaceholder(message)) {
    if (message.optional !== true)
      losses.add('approximated', 'placeholder', message.placeholder, 'Without messages nothing stands there.');
    const { placeholder: list } = message;
    return style.format === 'liquid'
      ? `{% for item in ${list} %}<message role="{{ item.role }}">{{ item.content }}</message>{% endfor %}`
      : `{{#each ${list}}}<message role="{{role}}">{{content}}</message>{{/each}}`;
  }
  const where = `messages[${index}]`;
  const parts = partsOf(message).flatMap((part) => writtenPart(part, where, style, losses));
  const isText = typeof message.content === 'string';
  const content = isText ? parts.map(({ text }) => text) : parts.map(({ tag, text }) => `<${tag}>${text}</${tag}>`);
  return `<message role="${message.role}">${content.join('')}</message>`;
}

function writtenPart(
  part: MessagePart,
  where: string,
  { variable, writeText }: Style,
  losses: Losses,
): readonly { readonly tag: string; readonly text: string }[] {
  if (part.type === 'text') {
    const text = writeText(part.text, encodeXml);
    if (text !== null) return [{ tag: 'text', text }];
    losses.add('refused', 'template', where, 'It has no counterpart for the tags in the text, which is left out.');
    return [];
  }
  const source = isMedia(part) ? sourceOf(part) : null;
  if (part.type !== 'image' || source === null || source.kind === 'hash') {
    const what = isMedia(part) ? 'media' : part.type.replace('_', '-');
    losses.add('dropped', what, where, 'A template has texts and addresses of images.');
    return [];
  }
  if (part.mediaType !== undefined || part.name !== undefined || part.detail !== undefined)
    losses.add('dropped', 'media-detail', where, 'An image has an address and no more.');
  return [{ tag: 'image', text: source.kind === 'url' ? encodeXml(source.url) : variable(source.input) }];
}

function nativeText(text: string, syntax: string, encode: (text: string) => string): string | null {
  if (syntax === 'liquid') return null;
  const pieces = simplePieces(text, syntax === 'nunjucks' ? 'nunjucks' : 'jinja');
  if (pieces === null) return null;
  let written = '';
  for (const piece of pieces) {
    if ('text' in piece) written += encode(piece.text).replaceAll('{{', '{{"{{"}}');
    else if (/^[A-Za-z0-9_]+$/.test(piece.variable)) written += `{{$${piece.variable}}}`;
    else return null;
  }
  return written;
}

function handlebarsText(text: string, syntax: string, encode: (text: string) => string): string | null {
  if (syntax !== 'jinja') return null;
  const written = jinjaToHandlebars(text, { nameOf: same, encode });
  return 'text' in written ? written.text : null;
}

function same(text: string): string {
  return text;
}

function encodeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));
}
