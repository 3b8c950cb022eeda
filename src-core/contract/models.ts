import { z } from 'zod';
import { chatMessageSchema } from './messages.ts';
import { works } from './operation.ts';
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

export const longestEndpointName = 100;
export const longestModelName = 200;
/** An endpoint's name, "/" and a model's. */
export const longestModelId = longestEndpointName + 1 + longestModelName;

/** `starter`, `starter-q8`, `local/<name>` or `<endpoint>/<model>`. */
export const modelIdSchema = z.string().min(1).max(longestModelId);
export const modelSlugSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, {
  error: 'A name here is lower-case letters, digits, ".", "_" and "-", at most 100 of them.',
});

export const gpuChoices = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'] as const;
export type GpuChoice = (typeof gpuChoices)[number];

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

/** What a request for an answer may have beside model and messages; `system` is the role of that name. */
export const requestFields = [
  'temperature',
  'top_p',
  'max_tokens',
  'stop',
  'seed',
  'tools',
  'response_format',
  'system',
  'stream',
  'stream_options',
] as const;
export type RequestField = (typeof requestFields)[number];

const requestFieldSchema = z.enum(requestFields, {
  error: ({ input }) => `"${String(input)}" is no field of a request; there are ${requestFields.join(', ')}.`,
});

export const remoteModelSchema = z.object({
  kind: z.literal('remote'),
  id: modelIdSchema,
  title: z.string(),
  endpoint: z.string(),
  model: z.string(),
  price: priceSchema.nullable(),
  contextLength: z.number().nullable(),
  /** Fields that a person does not want sent. */
  neverSend: z.array(z.string()),
  /** What the endpoint refused and is not sent since: `temperature`, or with what takes its place, `max_tokens:max_completion_tokens`. */
  refused: z.array(z.string()),
  addedAt: timestampSchema,
});
export type RemoteModel = z.infer<typeof remoteModelSchema>;

export const modelSchema = z.discriminatedUnion('kind', [localModelSchema, remoteModelSchema]);
export type Model = z.infer<typeof modelSchema>;

/** A quarter of an hour is little for a big model on a small processor. */
export const longestWaitMs = 3_600_000;
const waitSchema = z.number().int().min(1_000).max(longestWaitMs);

export const endpointSchema = z.object({
  id: idSchema,
  /** Slug that model ids start with; never `starter` or `local`. As it is stored, also where that is none. */
  name: z.string(),
  title: z.string(),
  baseUrl: z.string(),
  /** Slug of the preset it was made from. */
  preset: z.string().nullable(),
  maxConcurrency: z.number().int().min(1).max(256),
  /** Longest wait for the first byte of an answer, milliseconds. */
  timeoutMs: waitSchema,
  /** Longest wait between two bytes of an answer, milliseconds. */
  idleTimeoutMs: waitSchema,
  maxRetries: z.number().int().min(0).max(10),
  /** What may be shown of its key. */
  key: z.object({ last4: z.string(), origin: z.string() }).nullable(),
  /** Environment variable of the host that holds the key instead of the key store; its value goes to this origin only. */
  keyEnv: z.string().nullable(),
  addedAt: timestampSchema,
});
export type Endpoint = z.infer<typeof endpointSchema>;

const endpointSettings = {
  title: z.string().max(200).optional(),
  baseUrl: z
    .url({
      protocol: /^https?$/,
      error: 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
    })
    .max(2_000, { error: 'The base URL has more than 2000 characters.' })
    // It is shown and logged, and would be the one key that is kept in the open.
    .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === '', {
      error: 'The base URL must not contain a user name or password; enter the API key in its own field.',
    }),
  maxConcurrency: z.number().int().min(1).max(256).optional(),
  timeoutMs: waitSchema.optional(),
  idleTimeoutMs: waitSchema.optional(),
  maxRetries: z.number().int().min(0).max(10).optional(),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .nullable()
    .optional(),
};

export const modelOfferSchema = z.object({
  model: z.string(),
  /** As the endpoint states it; most state none. */
  price: priceSchema.nullable(),
  contextLength: z.number().int().nullable(),
});
export type ModelOffer = z.infer<typeof modelOfferSchema>;

/** How many models of an endpoint come at once. */
export const offersPerPage = 500;

export const endpointCheckSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ok'),
    /** The first page of them, by name. */
    models: z.array(modelOfferSchema),
    /** How many there are. */
    total: z.number().int(),
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

/** No file system takes more, or a NUL. */
const modelPathSchema = z
  .string()
  .min(1)
  .max(32_767)
  .regex(/^[^\0]+$/, { error: 'A path cannot contain a NUL character.' });

const byModelId = z.object({ id: modelIdSchema });

/** Local GGUF models and remote OpenAI-compatible endpoints. */
export const models = {
  list: works('read').output(z.array(modelSchema)),
  get: works('read').input(byModelId).output(modelSchema),
  /** Checks, hashes and adds a GGUF by absolute path; the same file again returns the model that there is. */
  addLocal: works('operate')
    .input(z.object({ path: modelPathSchema, name: modelSlugSchema.optional() }))
    .output(localModelSchema),
  updateLocal: works('operate')
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
    .output(localModelSchema),
  /** Forgets the model; the file stays unless it was uploaded into the data directory. */
  remove: works('manage').input(byModelId).output(okSchema),
  load: works('operate').input(byModelId).output(localModelSchema),
  unload: works('operate').input(byModelId).output(localModelSchema),
  /** Lets a set-aside model try again. */
  release: works('operate').input(byModelId).output(localModelSchema),
  /** How many tokens a rendered prompt has: exact with the tokenizer of a loaded local model, else estimated. */
  countTokens: works('read')
    .input(
      z.object({
        id: modelIdSchema,
        messages: z.array(chatMessageSchema).max(500),
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
    ),
  listEndpoints: works('read').output(z.array(endpointSchema)),
  addEndpoint: works('manage')
    .input(
      z.object({
        ...endpointSettings,
        name: modelSlugSchema,
        preset: z.string().nullable().default(null),
        /** Goes to the key store and never comes back. */
        key: z.string().min(1).max(10_000).optional(),
      }),
    )
    .output(endpointSchema),
  /** A changed origin forgets the key and the variable that holds it, unless they come with the change. */
  updateEndpoint: works('manage')
    .input(
      z.object({
        id: idSchema,
        changes: z.object({ ...endpointSettings, baseUrl: endpointSettings.baseUrl.optional() }),
        /** A new key, or null to forget the stored one. */
        key: z.string().min(1).max(10_000).nullable().optional(),
      }),
    )
    .output(endpointSchema),
  removeEndpoint: works('manage')
    .input(z.object({ id: idSchema }))
    .output(okSchema),
  /** Asks a stored endpoint, or one that is still being typed in, for its models. */
  checkEndpoint: works('manage')
    .input(
      z.union([
        z.object({ id: idSchema }),
        z.object({ baseUrl: endpointSettings.baseUrl, key: z.string().optional() }),
      ]),
    )
    .output(endpointCheckSchema),
  /** A page of the models that an endpoint offers, found by parts of their names; asks the endpoint when that was not done lately. */
  listOffers: works('manage')
    .input(
      z.object({
        id: idSchema,
        query: z.string().max(500).default(''),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(offersPerPage).default(offersPerPage),
      }),
    )
    .output(
      z.object({
        models: z.array(modelOfferSchema),
        /** How many the query finds, all pages together. */
        matching: z.number().int(),
        total: z.number().int(),
      }),
    ),
  addRemote: works('manage')
    .input(
      z.object({
        endpoint: z.string().max(longestEndpointName),
        model: z.string().min(1).max(longestModelName),
        title: z.string().max(200).optional(),
        price: priceSchema.nullable().optional(),
        contextLength: z.number().int().min(1).nullable().optional(),
      }),
    )
    .output(remoteModelSchema),
  updateRemote: works('manage')
    .input(
      z.object({
        id: modelIdSchema,
        title: z.string().min(1).max(200).optional(),
        price: priceSchema.nullable().optional(),
        contextLength: z.number().int().min(1).nullable().optional(),
        /** Takes the place of what was there. */
        neverSend: z.array(requestFieldSchema).max(requestFields.length).optional(),
      }),
    )
    .output(remoteModelSchema),
  /** Sends what the endpoint refused again, to see whether it is taken now. */
  forgetRefused: works('manage').input(byModelId).output(remoteModelSchema),
};
