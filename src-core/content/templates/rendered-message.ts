import type { RenderedPart, Role } from '../../contract/messages.ts';
import type { SourceSpan } from '../../templates/runtime/types.ts';

export interface RenderedMessage {
  readonly role: Role;
  /** Which of the content's messages it came from; a placeholder gives any number of them. */
  readonly messageIndex: number;
  /** All of its text; that of several parts with a blank line between. */
  readonly text: string;
  /** Null when the message is one text. */
  readonly parts: readonly RenderedPart[] | null;
  /** Which stretch of `text` came from where; empty when it was not asked for, and where the message has parts. */
  readonly sourceMap: readonly SourceSpan[];
}

/** A message of text, or of parts; of these one text alone is a text. */
export function renderedMessage(
  role: Role,
  messageIndex: number,
  content: string | readonly RenderedPart[],
): RenderedMessage {
  if (typeof content === 'string') return { role, messageIndex, text: content, parts: null, sourceMap: [] };
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  const isText = content.length === 0 || (content.length === 1 && content[0]?.type === 'text');
  return { role, messageIndex, text, parts: isText ? null : content, sourceMap: [] };
}

/** What is sent of a rendered message. */
export function contentOfRendered({ text, parts }: RenderedMessage): string | RenderedPart[] {
  return parts === null ? text : [...parts];
}
