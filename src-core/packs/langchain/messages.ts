import { mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { escapeText } from '../text/escape-text.ts';
import { isMapping } from '../text/read-yaml.ts';

const literalClasses: Readonly<Record<string, Role>> = {
  SystemMessage: 'system',
  HumanMessage: 'user',
  AIMessage: 'assistant',
  AIMessageChunk: 'assistant',
  ToolMessage: 'tool',
  FunctionMessage: 'tool',
};

/** A message that is no template: its texts are printed as they are. Null for anything else. */
export function literalMessage(
  className: string,
  kwargs: JsonObject,
  index: number,
  losses: Losses,
): MessageTemplateInput | null {
  const role = Object.hasOwn(literalClasses, className) ? literalClasses[className]! : null;
  if (role === null) return null;
  const { content, tool_calls: calls, tool_call_id: callId, name } = kwargs;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  const read = parts.flatMap((part): readonly MessagePart[] => {
    if (typeof part === 'string') return [{ type: 'text', text: escapeText(part) }];
    if (isMapping(part) && part.type === 'text') return [{ type: 'text', text: escapeText(String(part.text ?? '')) }];
    const media = mediaPart(part as Json, escapeText, { losses });
    return media === null ? [] : [media];
  });
  const texts = read.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (role === 'tool') {
    losses.add('approximated', 'tool-result', `messages[${index}]`, 'It became a part of the message.');
    const result = { type: 'tool_result', id: shortText(callId, 500), content: texts.join('\n\n') } as const;
    return { role, content: [{ ...result, ...(typeof name === 'string' && { name: name.slice(0, 200) }) }] };
  }
  const callParts =
    role === 'assistant' && Array.isArray(calls)
      ? calls.filter(isMapping).flatMap((call): readonly MessagePart[] => {
          const called = shortText(call.name as Json | undefined, 200);
          if (called === '') return [];
          losses.add('approximated', 'tool-call', called, 'It became a part of the message.');
          return [
            {
              type: 'tool_call',
              id: shortText(call.id as Json | undefined, 500),
              name: called,
              arguments: escapeText(JSON.stringify(call.args ?? {})),
            },
          ];
        })
      : [];
  if (callParts.length === 0 && texts.length === read.length) return { role, content: texts.join('\n\n') };
  return { role, content: [...read.filter((part) => part.type !== 'text' || part.text !== ''), ...callParts] };
}

function shortText(value: Json | undefined, longest: number): string {
  return typeof value === 'string' ? value.slice(0, longest) : '';
}

/** An image of a template or of a message; `toJinja` converts its texts. Null where nothing of it can stand here. */
export function mediaPart(
  value: Json | undefined,
  toJinja: (text: string) => string,
  { losses }: { readonly losses: Losses },
): MessagePart | null {
  const outer = isMapping(value) ? value : {};
  const image = isMapping(outer.image_url) ? outer.image_url : outer;
  const address =
    typeof value === 'string'
      ? value
      : [outer.image_url, image.url, image.path].find((each) => typeof each === 'string');
  if (typeof address !== 'string') {
    losses.add('dropped', 'media', typeof outer.type === 'string' ? outer.type : 'part', 'It has no address.');
    return null;
  }
  const detail = typeof image.detail === 'string' && image.detail.length <= 40 ? { detail: image.detail } : {};
  const data = /^data:([^;,]*)[^,]*,/i.exec(address);
  if (data !== null && !/^\{/.test(address.slice(data[0].length))) {
    const size = Math.floor((address.length - data[0].length) * 0.75);
    losses.add(
      'dropped',
      'media',
      data[1] || 'image',
      `Data of ${size} bytes (${data[1] || 'of no type'}) stood in the file; add it to the message here.`,
    );
    return null;
  }
  const converted = toJinja(address);
  const input = /^\{\{ ([\p{XID_Start}_][\p{XID_Continue}]*) \}\}$/u.exec(converted)?.[1];
  losses.add(
    'approximated',
    'media',
    (input ?? address).slice(0, 200),
    input === undefined && mediaUrlProblem(address) !== null
      ? 'Its address is put together from a template; it is written as text.'
      : 'It became a part of the message.',
  );
  if (input !== undefined) return { type: 'image', input, ...detail };
  if (mediaUrlProblem(address) === null && !/[{}]/.test(address)) return { type: 'image', url: address, ...detail };
  return { type: 'text', text: `[image: ${converted}]` };
}
