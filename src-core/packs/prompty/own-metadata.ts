import { z } from 'zod';
import { contentSchema, inputSchema } from '../../contract/content.ts';
import { extraSchema } from '../../contract/messages.ts';
import { jsonObjectSchema } from '../../contract/shared.ts';

/** What Prompty cannot say, at `metadata.promptdev` of a file that we write. */
export const ownSchema = z.object({
  labels: z.array(z.string()).optional().catch(undefined),
  fallbacks: z.array(z.string()).optional().catch(undefined),
  settingsExtra: extraSchema.optional().catch(undefined),
  /** Declarations that are not what the file's own say. */
  inputs: z.array(inputSchema).optional().catch(undefined),
  responseSchema: jsonObjectSchema.optional().catch(undefined),
  /** By the names of tools. */
  toolParameters: z.record(z.string(), jsonObjectSchema).optional().catch(undefined),
  samples: contentSchema.shape.samples.optional().catch(undefined),
});
export type Own = z.infer<typeof ownSchema>;

/** What is no such metadata says nothing. */
export function readOwn(value: unknown): Own {
  return ownSchema.safeParse(value).data ?? {};
}
