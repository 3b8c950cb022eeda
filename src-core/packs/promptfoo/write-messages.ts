import type { Syntax } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf, templatesOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessagePart, MessageTemplate, RoleMessage } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import { createLosses, type Losses } from '../losses.ts';
import { convertNunjucks } from '../text/convert-nunjucks.ts';
import { splitTags } from '../text/template-tags.ts';
import { messagesOf } from './prompt-messages.ts';

/** A prompt as a file of promptfoo: one text, or a chat as JSON. */
export interface WrittenPrompt {
  readonly text: string;
  readonly ending: 'txt' | 'json';
}

export function writeMessages(
  { messages, syntax }: { readonly messages: readonly MessageTemplate[]; readonly syntax: Syntax },
  where: string,
  losses: Losses,
): WrittenPrompt {
  noteSyntax(messages, syntax, where, losses);
  const [only] = messages;
  const isText =
    messages.length === 1 && only!.role === 'user' && typeof only!.content === 'string' && only!.extra === undefined;
  if (isText && staysText(only!.content as string)) return { text: `${only!.content as string}\n`, ending: 'txt' };
  const items = messages.flatMap((message): readonly Item[] =>
    isPlaceholder(message)
      ? [{ loop: message.placeholder }]
      : chatItems(message, where, losses).map((chat) => ({ chat })),
  );
  if (items.every((item) => 'chat' in item)) {
    const list = items.map(({ chat }) => JSON.stringify(chat, null, 2).replace(/^/gm, '  '));
    return { text: `[\n${list.join(',\n')}\n]\n`, ending: 'json' };
  }
  // With a loop the file is JSON only when it is rendered, so its tags stand as they are.
  losses.add(
    'approximated',
    'history',
    where,
    'In promptfoo values with quotes may break a chat that has a loop over messages.',
  );
  const lines = items.map((item, index) => {
    const comma = index < items.length - 1 ? ',' : '';
    return 'loop' in item ? loopOf(item.loop) : templateOf(item.chat) + comma;
  });
  return { text: `[\n${lines.join('\n')}\n]\n`, ending: 'json' };
}

function noteSyntax(messages: readonly MessageTemplate[], syntax: Syntax, where: string, losses: Losses): void {
  if (syntax === 'nunjucks') return;
  const texts = messages.flatMap((message) => templatesOf(message).map(({ text }) => text));
  if (syntax === 'liquid' && texts.some((text) => /\{[{%]/.test(text)))
    losses.add('approximated', 'syntax', where, 'Its templates are Liquid, which promptfoo reads as nunjucks.');
  if (syntax === 'jinja' && texts.some((text) => convertNunjucks(text).jinja === null))
    losses.add(
      'approximated',
      'template',
      where,
      'Some of its Jinja means something else in nunjucks, which promptfoo reads.',
    );
}

/** Whether promptfoo reads the text of a file as this one prompt and no chat. */
function staysText(text: string): boolean {
  if (text === '' || text !== text.trim() || /^[ \t]*---[ \t]*$/m.test(text)) return false;
  const raw = { label: null, isLabelled: false, id: null, text, where: '', config: {} };
  const read = messagesOf(raw, createLosses());
  return JSON.stringify(read) === JSON.stringify([{ role: 'user', content: text }]);
}

type ChatItem = Readonly<Record<string, Json>>;
type Item = { readonly chat: ChatItem } | { readonly loop: string };

function chatItems(message: RoleMessage, where: string, losses: Losses): readonly ChatItem[] {
  const parts = partsOf(message);
  const extra = message.extra ?? {};
  const results = message.role === 'tool' ? parts.filter((part) => part.type === 'tool_result') : [];
  if (results.length > 0) {
    if (results.length > 1 || results.length < parts.length)
      losses.add('approximated', 'tool-result', where, 'Each result of a tool is a message of its own there.');
    return results.map(({ id, name, content }) => ({
      role: 'tool',
      tool_call_id: id,
      ...(name !== undefined && { name }),
      content: withLineEnd(content),
      ...extra,
    }));
  }
  const calls = parts.flatMap((part): readonly JsonObject[] =>
    part.type === 'tool_call'
      ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }]
      : [],
  );
  const others = parts.filter(({ type }) => type !== 'tool_call');
  const [first, second] = others;
  const isText = second === undefined && first?.type === 'text';
  const content: Json =
    first === undefined
      ? calls.length > 0
        ? null
        : ''
      : isText
        ? withLineEnd(first.text)
        : others.flatMap((part) => partItem(part, where, losses));
  return [{ role: message.role, content, ...(calls.length > 0 && { tool_calls: calls }), ...extra }];
}

/** The reader cuts one line end. */
function withLineEnd(text: string): string {
  return text.endsWith('\n') ? `${text}\n` : text;
}

function partItem(part: MessagePart, where: string, losses: Losses): readonly JsonObject[] {
  if (part.extra !== undefined)
    losses.add('dropped', 'part-extra', where, 'What only one provider knows of a part has no place there.');
  if (isMedia(part)) return mediaItem(part, where, losses);
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'tool_result':
      return [{ type: 'tool_result', tool_use_id: part.id, content: part.content }];
    default:
      return [];
  }
}

function mediaItem(part: MediaPart, where: string, losses: Losses): readonly JsonObject[] {
  const { type, mediaType, name, detail } = part;
  if (part.hash !== undefined) {
    losses.add('dropped', 'media', where, 'Its bytes are in the workspace and not at an address.');
    return [];
  }
  const value = part.input === undefined ? part.url! : `{{ ${part.input} }}`;
  const data = part.input !== undefined && mediaType !== undefined ? `data:${mediaType};base64,${value}` : value;
  switch (type) {
    case 'image':
      return [{ type: 'image_url', image_url: { url: data, ...(detail !== undefined && { detail }) } }];
    case 'audio': {
      const format = /^audio\/([a-z0-9]+)$/.exec(mediaType ?? '')?.[1];
      return [{ type: 'input_audio', input_audio: { data: value, ...(format !== undefined && { format }) } }];
    }
    case 'file':
      return [{ type: 'file', file: { file_data: data, ...(name !== undefined && { filename: name }) } }];
  }
}

/** JSON whose texts keep their tags as they are. */
function templateOf(item: ChatItem): string {
  const texts: string[] = [];
  const marked = JSON.stringify(
    item,
    (_, value: unknown) => (typeof value === 'string' ? `\uE000${texts.push(value) - 1}\uE001` : value),
    2,
  );
  const filled = marked.replace(/"\uE000(\d+)\uE001"/g, (_, index: string) => {
    const text = texts[Number(index)]!;
    const pieces = splitTags(text) ?? [{ kind: 'text' as const, source: text }];
    const inner = pieces.map(({ kind, source }) => (kind === 'text' ? JSON.stringify(source).slice(1, -1) : source));
    return `"${inner.join('')}"`;
  });
  return filled.replace(/^/gm, '  ');
}

function loopOf(name: string): string {
  return [
    `  {% for message in ${name} %}`,
    '  { "role": {{ message.role | dump }}, "content": {{ message.content | dump }} },',
    '  {% endfor %}',
  ].join('\n');
}
