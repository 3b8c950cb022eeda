import type { PromptContent } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessageTemplate, PlaceholderMessage, RoleMessage } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { escapeText } from '../text/escape-text.ts';
import { withoutMarkers } from './role-markers.ts';
import { outerBlocks, scanTags } from './scan-tags.ts';
import { trimBlankLines } from './split-roles.ts';

export interface RoleStyle {
  /** A line that opens a message; `index` counts all messages. */
  marker(role: string, index: number): string;
  placeholder(message: PlaceholderMessage): string;
  /** Null where the format has no such part. */
  media(part: MediaPart): string | null;
  /** Whether roles in loops and conditions stay: the prompt came with them, and the tool opens messages there. */
  readonly keepsInner?: boolean;
}

const markedRoles = ['system', 'developer', 'user', 'assistant'];

/** Messages as text with a line before each that says its role. What cannot be said so is a loss at the prompt's name. */
export function writeRoles({ messages }: PromptContent, name: string, style: RoleStyle, losses: Losses): string {
  const written = messages.flatMap((message, index): readonly string[] => {
    if (isPlaceholder(message)) return [style.placeholder(message)];
    const text = textOfMessage(message, name, style, losses);
    if (text === '') {
      losses.add('dropped', 'empty-message', `${name}[${index}]`, 'A message without text has no place in the file.');
      return [];
    }
    const isMarked = markedRoles.includes(message.role);
    if (!isMarked)
      losses.add(
        'approximated',
        'role',
        `${name}[${index}]`,
        `The format has no role "${message.role}"; it is written as the user.`,
      );
    return [`${style.marker(isMarked ? message.role : 'user', index)}\n${text}`];
  });
  return `${written.join('\n\n')}\n`;
}

/** The text of a message with its parts, in which no line opens another message. */
export function textOfMessage(
  message: RoleMessage,
  name: string,
  style: Pick<RoleStyle, 'media' | 'keepsInner'>,
  losses: Losses,
): string {
  const parts = partsOf(message as MessageTemplate).map((part): string => {
    if (part.type === 'text') return withoutOpeners(part.text, style);
    if (isMedia(part)) return style.media(part) ?? mediaText(part, name, losses);
    losses.add(
      'approximated',
      part.type.replace('_', '-'),
      name,
      'The format has no such part; it is written as text.',
    );
    return part.type === 'tool_call'
      ? `[calls ${escapeText(part.name)} ${part.arguments}]`
      : withoutOpeners(part.content, style);
  });
  const text = parts.join('\n');
  const trimmed = trimBlankLines(text);
  if (trimmed !== text && trimmed !== text.replace(/\n$/, ''))
    losses.add('approximated', 'blank-lines', name, 'Blank lines around a message are not kept by the format.');
  return trimmed;
}

function mediaText(part: MediaPart, name: string, losses: Losses): string {
  losses.add('approximated', 'media', name, 'The format has no such part; its address is written as text.');
  const source = sourceOf(part);
  if (source.kind === 'input') return `[${part.type}: {{ ${source.input} }}]`;
  return `[${part.type}: ${escapeText(source.kind === 'url' ? source.url : source.hash)}]`;
}

/** Raw blocks stay: in them nothing opens a message, and a tag would be text. */
function withoutOpeners(text: string, { keepsInner = false }: Pick<RoleStyle, 'keepsInner'>): string {
  const tags = scanTags(text);
  const raw = tags.filter(({ kind }) => kind === 'raw');
  const stay = keepsInner ? [...raw, ...outerBlocks(text, tags)].sort((a, b) => a.start - b.start) : raw;
  let result = '';
  let at = 0;
  for (const { start, end } of stay) {
    if (start < at) continue;
    result += withoutMarkers(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return result + withoutMarkers(text.slice(at));
}
