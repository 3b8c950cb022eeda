import { z } from 'zod';
import { contentSchema, inputSchema, samplingSchema, syntaxes, toolSchema } from '../../contract/content.ts';
import { isPlaceholder } from '../../contract/message-texts.ts';
import { extraSchema, type MessageTemplateInput, messageSchema, type Role, roles } from '../../contract/messages.ts';
import { jsonObjectSchema } from '../../contract/shared.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import type { PromptDraft } from '../prompt-draft.ts';
import { isMapping } from '../text/read-yaml.ts';

/*
 * What Markdown with front matter has no keys for stands below one key of ours, which other programs pass over: declared
 * inputs, samples, tools, the schema of the answer, and the messages around the one that is the text.
 */
export const extensionKey = 'promptdev';

const readers: Readonly<Record<string, z.ZodType>> = {
  syntax: z.enum(syntaxes),
  inputs: z.array(inputSchema),
  settings: samplingSchema.extend({ extra: extraSchema.optional() }),
  tools: z.array(toolSchema),
  responseSchema: jsonObjectSchema,
  samples: contentSchema.shape.samples.unwrap(),
};

/** What the key says, part by part; a part that is not as ours is a loss. */
export function readExtension(value: unknown, body: string, role: Role, losses: Losses): Partial<PromptDraft> {
  if (!isMapping(value)) return {};
  const draft: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const schema = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const parsed = key === 'messages' ? readMessages(given, body, role) : (schema?.safeParse(given).data ?? null);
    if (parsed !== null) draft[key] = parsed;
    else losses.add('dropped', 'malformed', `${extensionKey}.${key}`, 'It is not as PromptDev writes it.');
  }
  return draft as Partial<PromptDraft>;
}

/** Messages of which exactly one has a role and no content: it is the text of the file. */
function readMessages(given: unknown, body: string, role: Role): readonly MessageTemplateInput[] | null {
  if (!Array.isArray(given)) return null;
  const isBody = (message: unknown) =>
    isMapping(message) && !Object.hasOwn(message, 'content') && !Object.hasOwn(message, 'placeholder');
  if (given.filter(isBody).length !== (body === '' ? 0 : 1)) return null;
  const filled = given.map((message) => (isBody(message) ? { role, ...message, content: body } : message));
  const parsed = z.array(messageSchema).min(1).safeParse(filled);
  return parsed.success ? (filled as readonly MessageTemplateInput[]) : null;
}

export interface WrittenBody {
  readonly body: string;
  readonly role: Role;
  /** All messages, where there are others beside the text. */
  readonly messages: readonly MessageTemplateInput[] | undefined;
}

/** The last message that is a text becomes the text of the file, the others stand beside it. */
export function splitBody({ content }: ImportedPrompt): WrittenBody {
  const at = content.messages.findLastIndex(
    (message) =>
      !isPlaceholder(message) && typeof message.content === 'string' && isPlainBody(message.content) && !message.extra,
  );
  const chosen = content.messages[at];
  if (chosen === undefined || isPlaceholder(chosen)) return { body: '', role: 'user', messages: content.messages };
  const messages = content.messages.map((message, index) => (index === at ? { role: chosen.role } : message));
  return {
    body: String(chosen.content),
    role: chosen.role,
    messages: messages.length === 1 ? undefined : (messages as readonly MessageTemplateInput[]),
  };
}

/** A text that is the same after it was read from below a front matter. */
function isPlainBody(text: string): boolean {
  return text !== '' && text === text.trimEnd() && !/^[ \t]*\n/.test(text);
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
