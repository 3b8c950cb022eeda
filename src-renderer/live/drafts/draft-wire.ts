import { z } from 'zod';
import {
  contentSchema,
  inputSchema,
  modelSettingsSchema,
  type PromptContent,
  toolSchema,
} from '../../../src-core/contract/content.ts';
import { messageSchema } from '../../../src-core/contract/messages.ts';
import type { Draft, TypedTexts } from '../../../src-core/contract/prompts.ts';
import { wholePath } from '../../../src-core/library/drafts/draft-fields.ts';
import { sameTyped } from '../../../src-core/library/drafts/typed-texts.ts';

/** What an editor shows of a draft. */
export interface ShownDraft {
  readonly content: PromptContent;
  readonly typed: TypedTexts;
}

/** The shape that the editor can show; names, numbers and counts may be any. */
export const shownContentSchema = contentSchema.extend({
  messages: z.array(messageSchema).min(1),
  inputs: z.array(inputSchema.extend({ name: z.string() })),
  settings: modelSettingsSchema.extend({
    temperature: z.number().optional(),
    topP: z.number().optional(),
    maxTokens: z.number().optional(),
    stop: z.array(z.string()).optional(),
    seed: z.number().optional(),
  }),
  tools: z.array(toolSchema.extend({ name: z.string() })),
  samples: z.array(contentSchema.shape.samples.unwrap().element.extend({ name: z.string() })),
});

/**
 * What is saved of a draft. Content that the contract does not allow is stored as text beside the last valid content,
 * so that the host refuses nothing and later typing is saved too.
 */
export function toStored({ content, typed }: ShownDraft, accepted: PromptContent): ShownDraft {
  if (content === accepted || contentSchema.safeParse(content).success) return { content, typed };
  return { content: accepted, typed: { ...typed, [wholePath]: JSON.stringify(content) } };
}

/** The texts of single fields that a stored draft holds. */
export function fieldTexts({ typed }: Pick<ShownDraft, 'typed'>): TypedTexts {
  const { [wholePath]: _whole, ...fields } = typed;
  return fields;
}

/** Whether two drafts are equal apart from texts of single fields. */
export function sameExceptFields(one: Pick<Draft, 'hash' | 'typed'>, other: Pick<Draft, 'hash' | 'typed'>): boolean {
  return one.hash === other.hash && one.typed[wholePath] === other.typed[wholePath];
}

/** What an editor shows of a stored draft. */
export function toShown({ content, typed }: ShownDraft): ShownDraft {
  const { [wholePath]: whole, ...fields } = typed;
  if (whole === undefined) return { content, typed };
  try {
    return { content: shownContentSchema.parse(JSON.parse(whole)) as PromptContent, typed: fields };
  } catch {
    // Another program wrote it; it is kept and reported as invalid.
    return { content, typed };
  }
}

/** Whether two stored drafts are equal. */
export function sameDraft(one: Pick<Draft, 'hash' | 'typed'>, other: Pick<Draft, 'hash' | 'typed'>): boolean {
  return one.hash === other.hash && sameTyped(one.typed, other.typed);
}
