import { hashText } from '../../content/hash-content.ts';
import { documentOf, isPlaceholder } from '../../contract/message-texts.ts';
import { type MessageTemplate, type MessageTemplateInput, messageSchema } from '../../contract/messages.ts';
import { isMapping } from '../text/read-yaml.ts';

/** Characters of JSON up to which what one message has besides is kept. */
const longestKept = 16 * 1024;

/**
 * What messages of a request have besides a role and a content (`name`, `cache_control`, the parts behind a text that stands
 * for them). Each is found again by a mark of its message, so that it is written back to that message and to no other.
 */
export interface KeptMessages {
  add(message: MessageTemplateInput, extras: Readonly<Record<string, unknown>>): void;
  /** For the `kept` of a draft; undefined when there is nothing. */
  all(): readonly KeptMessage[] | undefined;
}

export interface KeptMessage {
  readonly mark: string;
  readonly extras: Readonly<Record<string, unknown>>;
}

export function createKeptMessages(): KeptMessages {
  const kept: KeptMessage[] = [];
  return {
    add(message, extras) {
      const parsed = messageSchema.safeParse(message);
      if (!parsed.success || JSON.stringify(extras).length > longestKept) return;
      kept.push({ mark: markOf(parsed.data), extras });
    },
    all: () => (kept.length === 0 ? undefined : kept),
  };
}

/** Gives what was kept of a message, once for each message that has the mark. */
export function keptMessagesOf(value: unknown): (message: MessageTemplate) => Readonly<Record<string, unknown>> {
  const left = (Array.isArray(value) ? value : []).filter(isKept);
  return (message) => {
    const mark = markOf(message);
    const index = left.findIndex((each) => each.mark === mark);
    return index < 0 ? {} : left.splice(index, 1)[0]!.extras;
  };
}

function isKept(value: unknown): value is KeptMessage {
  return isMapping(value) && typeof value.mark === 'string' && isMapping(value.extras);
}

function markOf(message: MessageTemplate): string {
  const role = isPlaceholder(message) ? '' : message.role;
  return hashText(`${role}\n${documentOf(message).replace(/\r\n?/g, '\n')}`).slice(0, 12);
}
