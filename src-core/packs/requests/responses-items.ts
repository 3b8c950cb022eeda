import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { isMapping } from '../text/read-yaml.ts';
import { readMessage } from './messages.ts';
import type { Reading } from './parts.ts';

/** Characters of JSON up to which an item is kept. */
const longestItem = 16 * 1024;

export interface ReadItems {
  readonly messages: readonly MessageTemplateInput[];
  /** Items that are no messages, each with the number of messages before it; undefined when there are none. */
  readonly items: readonly { readonly after: number; readonly item: JsonObject }[] | undefined;
}

/**
 * Items of a request: messages, and in a Responses request calls, results and references beside them. Those are no messages
 * and stay in the metadata, so the prompt is what was said before and between them.
 */
export function readItems(list: readonly unknown[], where: string, before: number, reading: Reading): ReadItems {
  const messages: MessageTemplateInput[] = [];
  const items: { after: number; item: JsonObject }[] = [];
  for (const [index, item] of list.entries()) {
    const place = `${where}[${index}]`;
    if (!isMapping(item) || typeof item.role === 'string' || typeof item.type !== 'string') {
      messages.push(...readMessage(item, place, reading));
      continue;
    }
    report(item.type, item, place, reading);
    if (JSON.stringify(item).length <= longestItem)
      items.push({ after: before + messages.length, item: item as JsonObject });
  }
  return { messages, items: items.length === 0 ? undefined : items };
}

function report(type: string, item: Readonly<Record<string, unknown>>, where: string, { losses }: Reading): void {
  if (/^(?:function|custom_tool|tool|mcp|local_shell|computer)_call(?:_output)?$/.test(type))
    losses.add(
      'approximated',
      'tool-call',
      where,
      'A call beside the messages is no message; it is kept in the metadata and not sent.',
    );
  else if (type === 'reasoning')
    losses.add('kept', 'thinking', where, 'Only the model that thought it takes it back. It is kept in the metadata.');
  else if (type === 'item_reference')
    losses.add(
      'unresolved',
      'item',
      typeof item.id === 'string' ? item.id : where,
      'It is stored at OpenAI and is not in the file.',
    );
  else
    losses.add(
      'kept',
      `item:${type.slice(0, 100)}`,
      where,
      'It is no message. It is kept in the metadata and not sent.',
    );
}
