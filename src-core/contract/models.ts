import { oc } from '@orpc/contract';
import { z } from 'zod';
import { gpuChoices } from '../ports.ts';
import { roles } from './content.ts';
import { errors } from './errors.ts';
import { idSchema, okSchema, timestampSchema } from './shared.ts';

/** US dollars per million tokens. */
export const priceSchema = z.object({
  inputPerMillion: z.number().min(0),
  outputPerMillion: z.number().min(0),
  /** Of input tokens that the endpoint had cached; absent where they cost as much as the others. */
  cachedInputPerMillion: z.number().min(0).optional(),
  /** Where it comes from: our short list, what the endpoint said, or a person. */
  source: z.enum(['list', 'endpoint', 'person']).optional(),
  /** The day or month it was true, as in `2026-11-21`; prices change. */
  asOf: z
    .string()
    .regex(/^\d{4}-\d{2}(-\d{2})?$/)
    .optional(),
});
export type Price = z.infer<typeof priceSchema>;

/** `starter`, `starter-q8`, `local/<name>` or `<endpoint>/<model>`. */
export const modelIdSchema = z.string().min(1).max(300);
export const modelSlugSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, {
  error: 'A name here is lower-case letters, digits, ".", "_" and "-", at most 100 of them.',
});

export const localStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unloaded') }),
  z.object({ kind: z.literal('loading'), progress: z.number() }),
  z.object({
    kind: z.literal('ready'),
    contextSize: z.number(),
    threads: z.number(),
    tokensPerSecond: z.number().nullable(),
    gpu: z.string(),
    memoryBytes: z.number(),
    activeRuns: z.number(),
  }),
  z.object({ kind: z.literal('crashed'), message: z.string(), retryAt: timestampSchema, crashes: z.number() }),
  z.object({ kind: z.literal('quarantined'), message: z.string() }),
]);

export const localModelSchema = z.object({
  kind: z.literal('local'),
  id: modelIdSchema,
  title: z.string(),
  builtIn: z.boolean(),
  path: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  architecture: z.string(),
  parameters: z.number(),
  quantisation: z.string(),
  contextLength: z.number(),
  chatTemplate: z.string().nullable(),
  license: z.string().nullable(),
  /** The person's choice; null means "what fits". */
  contextSize: z.number().nullable(),
  gpu: z.enum(gpuChoices),
  threads: z.number().nullable(),
  memory: z.object({
    weightsBytes: z.number(),
    contextBytes: z.number(),
    freeBytes: z.number(),
    fits: z.boolean(),
    contextSize: z.number(),
  }),
  /** False when the file is no longer at `path`. */
  present: z.boolean(),
  state: localStateSchema,
  addedAt: timestampSchema,
});
export type LocalModel = z.infer<typeof localModelSchema>;

export const remoteModelSchema = z.object({
  kind: z.literal('remote'),
  id: modelIdSchema,
  title: z.string(),
  endpoint: z.string(),
  model: z.string(),
  price: priceSchema.nullable(),
  contextLength: z.number().nullable(),
  addedAt: timestampSchema,
});
export type RemoteModel = z.infer<typeof remoteModelSchema>;

export const modelSchema = z.discriminatedUnion('kind', [localModelSchema, remoteModelSchema]);
export type Model = z.infer<typeof modelSchema>;

export const endpointSchema = z.object({
  id: idSchema,
  /** Slug that model ids start with; never `starter` or `local`. */
  name: modelSlugSchema,
  title: z.string(),
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Slug of the preset it was made from. */
  preset: z.string().nullable(),
  maxConcurrency: z.number().int().min(1).max(256),
  timeoutMs: z.number().int().min(1_000).max(600_000),
  maxRetries: z.number().int().min(0).max(10),
  /** What may be shown of its key. */
  key: z.object({ last4: z.string(), origin: z.string() }).nullable(),
  /** Environment variable of the host that holds the key instead of the key store. */
  keyEnv: z.string().nullable(),
  addedAt: timestampSchema,
});
export type Endpoint = z.infer<typeof endpointSchema>;

const endpointSettings = {
  title: z.string().max(200).optional(),
  baseUrl: z.url({
    protocol: /^https?$/,
    error: 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
  }),
  maxConcurrency: z.number().int().min(1).max(256).optional(),
  timeoutMs: z.number().int().min(1_000).max(600_000).optional(),
  maxRetries: z.number().int().min(0).max(10).optional(),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .nullable()
    .optional(),
};

export const endpointCheckSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ok'),
    models: z.array(
      z.object({
        model: z.string(),
        /** As the endpoint states it; most state none. */
        price: priceSchema.nullable(),
        contextLength: z.number().int().nullable(),
      }),
    ),
    latencyMs: z.number(),
  }),
  z.object({
    kind: z.literal('failed'),
    problem: z.enum([
      'refused',
      'dns',
      'tls',
      'timeout',
      'unauthorized',
      'not_found',
      'no_models',
      'not_openai',
      'server_error',
    ]),
    message: z.string(),
  }),
]);

const byModelId = z.object({ id: modelIdSchema });

/** Local GGUF models and remote OpenAI-compatible endpoints. */
export const models = {
  list: oc.output(z.array(modelSchema)).errors(errors),
  get: oc.input(byModelId).output(modelSchema).errors(errors),
  /** Checks, hashes and adds a GGUF by absolute path; the same file again returns the model that there is. */
  addLocal: oc
    .input(z.object({ path: z.string().min(1), name: modelSlugSchema.optional() }))
    .output(localModelSchema)
    .errors(errors),
  updateLocal: oc
    .input(
      z.object({
        id: modelIdSchema,
        title: z.string().min(1).max(200).optional(),
        contextSize: z.number().int().min(64).nullable().optional(),
        gpu: z.enum(gpuChoices).optional(),
        /** Null measures again on the next load. */
        threads: z.number().int().min(1).max(256).nullable().optional(),
      }),
    )
    .output(localModelSchema)
    .errors(errors),
  /** Forgets the model; the file stays unless it was uploaded into the data directory. */
  remove: oc.input(byModelId).output(okSchema).errors(errors),
  load: oc.input(byModelId).output(localModelSchema).errors(errors),
  unload: oc.input(byModelId).output(localModelSchema).errors(errors),
  /** Lets a set-aside model try again. */
  release: oc.input(byModelId).output(localModelSchema).errors(errors),
  /** How many tokens a rendered prompt has: exact with the tokenizer of a loaded local model, else estimated. */
  countTokens: oc
    .input(
      z.object({
        id: modelIdSchema,
        messages: z.array(z.object({ role: z.enum(roles), content: z.string() })).max(500),
      }),
    )
    .output(
      z.object({
        /** The text of each message alone. */
        counts: z.array(z.number().int()),
        /** Everything that the model reads, with what its chat template writes around the messages. */
        total: z.number().int(),
        exact: z.boolean(),
      }),
    )
    .errors(errors),
  listEndpoints: oc.output(z.array(endpointSchema)).errors(errors),
  addEndpoint: oc
    .input(
      z.object({
        ...endpointSettings,
        name: modelSlugSchema,
        preset: z.string().nullable().default(null),
        /** Goes to the key store and never comes back. */
        key: z.string().min(1).max(10_000).optional(),
      }),
    )
    .output(endpointSchema)
    .errors(errors),
  /** A changed origin forgets the key, which then has to be entered again. */
  updateEndpoint: oc
    .input(
      z.object({
        id: idSchema,
        changes: z.object({ ...endpointSettings, baseUrl: endpointSettings.baseUrl.optional() }),
        /** A new key, or null to forget the stored one. */
        key: z.string().min(1).max(10_000).nullable().optional(),
      }),
    )
    .output(endpointSchema)
    .errors(errors),
  removeEndpoint: oc
    .input(z.object({ id: idSchema }))
    .output(okSchema)
    .errors(errors),
  /** Asks a stored endpoint, or one that is still being typed in, for its models. */
  checkEndpoint: oc
    .input(
      z.union([
        z.object({ id: idSchema }),
        z.object({ baseUrl: endpointSettings.baseUrl, key: z.string().optional() }),
      ]),
    )
    .output(endpointCheckSchema)
    .errors(errors),
  addRemote: oc
    .input(
      z.object({
        endpoint: z.string(),
        model: z.string().min(1).max(200),
        title: z.string().max(200).optional(),
        price: priceSchema.nullable().optional(),
        contextLength: z.number().int().min(1).nullable().optional(),
      }),
    )
    .output(remoteModelSchema)
    .errors(errors),
  updateRemote: oc
    .input(
      z.object({
        id: modelIdSchema,
        title: z.string().min(1).max(200).optional(),
        price: priceSchema.nullable().optional(),
        contextLength: z.number().int().min(1).nullable().optional(),
      }),
    )
    .output(remoteModelSchema)
    .errors(errors),
};
