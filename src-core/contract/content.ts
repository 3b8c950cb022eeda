import { z } from 'zod';
import { byCanonicalName, mostInputs } from './input-name.ts';
import { extraSchema, inputNameSchema, messageSchema } from './messages.ts';
import { jsonObjectSchema, jsonSchema } from './shared.ts';

export const promptTypes = ['chat', 'completion', 'tts', 'transcription'] as const;
export const inputTypes = ['string', 'number', 'boolean', 'array<string>', 'object', 'enum', 'messages'] as const;
export type InputType = (typeof inputTypes)[number];

export const inputSchema = z.object({
  name: inputNameSchema,
  type: z.enum(inputTypes),
  required: z.boolean().default(true),
  default: jsonSchema.optional(),
  description: z.string().default(''),
  /** The allowed values of an `enum`. */
  values: z.array(z.string()).optional(),
  /** Optional JSON Schema of an `object`. */
  schema: jsonObjectSchema.optional(),
});
/** A typed template input as a prompt declares it. */
export type InputDeclaration = z.infer<typeof inputSchema>;

export const samplingSchema = z.object({
  /** 0 to 2; absent means the model's own default. */
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  /** Upper bound of generated tokens. */
  maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  stop: z.array(z.string().min(1)).max(16).optional(),
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
});
export type Sampling = z.infer<typeof samplingSchema>;

export const modelSettingsSchema = samplingSchema.extend({
  /** Default model id (`starter`, `local/<name>`, `<endpoint>/<model>`); null means none chosen yet. */
  model: z.string().nullable().default(null),
  /** Models tried in this order when the default one fails. */
  fallbacks: z.array(z.string()).default([]),
  /** Fields for the request to a remote model; they never replace one of ours, nor `model`, `messages` or `stream`. */
  extra: extraSchema.optional(),
});
export type ModelSettings = z.infer<typeof modelSettingsSchema>;

export const toolSchema = z.object({
  name: z.string().min(1).max(64),
  description: z.string().default(''),
  /** JSON Schema of the arguments. */
  parameters: jsonObjectSchema.default({}),
});
export type Tool = z.infer<typeof toolSchema>;

export const syntaxes = ['jinja', 'liquid', 'nunjucks'] as const;
export type Syntax = (typeof syntaxes)[number];

/** The atomic snapshot: everything that decides what a model is sent. It travels whole through save, run, export and sync. */
export const contentSchema = z.object({
  syntax: z.enum(syntaxes).default('jinja'),
  /** A `completion` prompt has exactly one message, whose role is `user`. */
  messages: z.array(messageSchema).min(1).max(200),
  inputs: z.array(inputSchema).max(mostInputs).default([]),
  settings: modelSettingsSchema.prefault({}),
  tools: z.array(toolSchema).max(128).default([]),
  /** JSON Schema that the answer must follow. */
  responseSchema: jsonObjectSchema.nullable().default(null),
  /** Named sample inputs, for the preview, rendered diffs and first runs. */
  samples: z
    .array(z.object({ name: z.string().max(100), inputs: jsonObjectSchema.overwrite(byCanonicalName) }))
    .max(100)
    .default([]),
  /** What only one program knows; kept as it is. */
  extra: extraSchema.optional(),
});
export type PromptContent = z.infer<typeof contentSchema>;
export type PromptContentInput = z.input<typeof contentSchema>;
