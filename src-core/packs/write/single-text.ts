import { isMedia, isPlaceholder, partsOf, sourceOf } from '../../contract/message-texts.ts';
import type { MessagePart } from '../../contract/messages.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { escapeText } from '../text/escape-text.ts';

/** All messages of a prompt as one template, for formats that have no more than a text. */
export function toSingleText({ content }: ImportedPrompt, losses: Losses): string {
  const texts: string[] = [];
  for (const message of content.messages) {
    if (isPlaceholder(message)) {
      const why = 'The format has no place for the messages of a conversation.';
      losses.add('dropped', 'placeholder', message.placeholder, why);
    } else
      texts.push(
        partsOf(message)
          .flatMap((part) => textOfPart(part, losses))
          .join('\n\n'),
      );
  }
  if (texts.length > 1)
    losses.add(
      'approximated',
      'messages',
      'messages',
      `The format has one text: ${texts.length} messages are joined in their order, without their roles.`,
    );
  return texts.join('\n\n');
}

function textOfPart(part: MessagePart, losses: Losses): readonly string[] {
  if (part.type === 'text') return [part.text];
  if (part.type === 'tool_result') {
    losses.add('approximated', 'tool-result', part.id, 'The format has no results of tools; it became text.');
    return [part.content];
  }
  if (part.type === 'tool_call') {
    losses.add('dropped', 'tool-call', part.name, 'The format has no calls of tools.');
    return [];
  }
  if (!isMedia(part)) return [];
  const source = sourceOf(part);
  if (source.kind === 'hash') {
    losses.add('dropped', 'media', part.name ?? part.type, 'The format has no images, audios and files.');
    return [];
  }
  const value = source.kind === 'url' ? source.url : source.input;
  losses.add('approximated', 'media', value, 'The format has no images, audios and files; their address became text.');
  return [source.kind === 'url' ? escapeText(`[${part.type}: ${value}]`) : `[${part.type}: {{ ${value} }}]`];
}
