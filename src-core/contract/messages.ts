import { z } from 'zod';
import { canonicalInputName, inputNameProblem } from './input-name.ts';
import { isBlobHash, isMediaType, mediaUrlProblem, mostParts } from './media-address.ts';
import { longestCallId, longestDetail, longestFileName, longestToolName, misplacedPart } from './part-rules.ts';
import { jsonObjectSchema } from './shared.ts';

/*
 * What a message is made of. The same shapes in a content, in files and JSON, and (rendered, without inputs) on a run.
 */

export const roles = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
export type Role = (typeof roles)[number];

export const inputNameSchema = z
  .string()
  .overwrite(canonicalInputName)
  .superRefine((name, context) => {
    const problem = inputNameProblem(name);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** UTF-8 bytes of one `extra` as JSON. */
export const longestExtra = 64 * 1024;
/** Levels of lists and objects in one `extra`. */
export const deepestExtra = 32;

/** What only one provider knows. It is kept as it is; only that of the settings is ever sent to an endpoint. */
export const extraSchema = jsonObjectSchema.superRefine((extra, context) => {
  if (nestsDeeper(extra, deepestExtra))
    context.addIssue({ code: 'custom', message: `An "extra" nests at most ${deepestExtra} levels deep.` });
  else if (utf8Length(JSON.stringify(extra)) > longestExtra)
    context.addIssue({ code: 'custom', message: `An "extra" has at most ${longestExtra} bytes as JSON.` });
});

/** A web address that is sent as it is; PromptDev never loads it. */
export const mediaUrlSchema = z.string().superRefine((url, context) => {
  const problem = mediaUrlProblem(url);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** Hex SHA-256 of a blob of the workspace. */
export const blobHashSchema = z
  .string()
  .refine(isBlobHash, { error: 'A hash is the 64 lower-case hex digits of the SHA-256 of a blob.' });

export const mediaTypeSchema = z
  .string()
  .refine(isMediaType, { error: 'A media type has a type and a subtype, as in "image/png".' });

const mediaShape = {
  type: z.enum(['image', 'audio', 'file']),
  mediaType: mediaTypeSchema.optional(),
  /** File name, for the model and for people. */
  name: z.string().max(longestFileName).optional(),
  /** How closely the model should look, as in `low`, `high`, `auto`. */
  detail: z.string().max(longestDetail).optional(),
};
const sourceShape = { url: mediaUrlSchema.optional(), hash: blobHashSchema.optional() };
const withExtra = { extra: extraSchema.optional() };

const textShape = { type: z.literal('text'), text: z.string() };
const toolCallShape = {
  type: z.literal('tool_call'),
  /** What the result refers to; '' when the provider has none. */
  id: z.string().max(longestCallId).default(''),
  name: z.string().min(1).max(longestToolName),
  /** JSON text. */
  arguments: z.string().default('{}'),
};
const toolResultShape = {
  type: z.literal('tool_result'),
  /** Of the call that it answers. */
  id: z.string().max(longestCallId).default(''),
  name: z.string().max(longestToolName).optional(),
  content: z.string(),
};

const mediaPartSchema = z
  .object({
    ...mediaShape,
    ...sourceShape,
    /** Name of an input whose value is an address or a hash. */
    input: inputNameSchema.optional(),
    ...withExtra,
  })
  .superRefine(exactlyOneSource(['url', 'hash', 'input']));

/** One part of a message as it is written: its texts are templates in the prompt's `syntax`. */
export const partSchema = z.discriminatedUnion('type', [
  z.object({ ...textShape, ...withExtra }),
  mediaPartSchema,
  z.object({ ...toolCallShape, ...withExtra }),
  z.object({ ...toolResultShape, ...withExtra }),
]);
export type MessagePart = z.infer<typeof partSchema>;
export type MediaPart = z.infer<typeof mediaPartSchema>;

const renderedMediaSchema = z.object({ ...mediaShape, ...sourceShape }).superRefine(exactlyOneSource(['url', 'hash']));

/** One part of a message as a model gets it: data, never a template again. */
export const renderedPartSchema = z.discriminatedUnion('type', [
  z.object(textShape),
  renderedMediaSchema,
  z.object(toolCallShape),
  z.object(toolResultShape),
]);
export type RenderedPart = z.infer<typeof renderedPartSchema>;
export type RenderedMedia = z.infer<typeof renderedMediaSchema>;

const roleMessageSchema = z.object({
  role: z.enum(roles),
  /** Template text, or parts. */
  content: textOr(z.array(partSchema).max(mostParts)),
  placeholder: z.undefined({ error: 'A message has a role and a content, or is a placeholder; not both.' }).optional(),
  ...withExtra,
});
/** A message with a role. */
export type RoleMessage = z.infer<typeof roleMessageSchema>;

const placeholderSchema = z.object({
  /** Name of the input of type `messages` that fills this place. */
  placeholder: inputNameSchema,
  /** Without a value nothing stands here. */
  optional: z.boolean().optional(),
  role: z.undefined({ error: 'A placeholder has no role; its messages bring their own.' }).optional(),
  content: z.undefined({ error: 'A placeholder has no content; its input brings the messages.' }).optional(),
  ...withExtra,
});
/** Stands for the messages of an input. */
export type PlaceholderMessage = z.infer<typeof placeholderSchema>;

/** One entry of a prompt's messages. */
export type MessageTemplate = RoleMessage | PlaceholderMessage;
export type MessageTemplateInput = z.input<typeof roleMessageSchema> | z.input<typeof placeholderSchema>;
export const messageSchema = oneOf<MessageTemplate, MessageTemplateInput>((value) =>
  hasOwn(value, 'placeholder') && !hasOwn(value, 'role') && !hasOwn(value, 'content')
    ? placeholderSchema
    : roleMessageSchema,
);

/** The keys of a message and of its parts, for readers of files. */
export const messageKeys = [...Object.keys(roleMessageSchema.shape), 'optional'];
export const partKeys: readonly string[] = [
  ...new Set(partSchema.options.flatMap((option) => Object.keys(option.shape))),
];

/** A message as a model gets it, or got it. */
export const renderedMessageSchema = z.object({ role: z.string(), content: textOr(z.array(renderedPartSchema)) });
export type RenderedMessage = z.infer<typeof renderedMessageSchema>;

/** A message to send, as it is rendered. */
export const chatMessageSchema = renderedMessageSchema
  .extend({ role: z.enum(roles) })
  .superRefine(({ role, content }, context) => {
    if (typeof content === 'string') return;
    for (const [index, { type }] of content.entries()) {
      const message = misplacedPart(role, type);
      if (message !== null) context.addIssue({ code: 'custom', message, path: ['content', index] });
    }
  });

function exactlyOneSource(names: readonly ('url' | 'hash' | 'input')[]) {
  return (part: Readonly<Record<string, unknown>>, context: z.RefinementCtx) => {
    if (names.filter((name) => part[name] !== undefined).length === 1) return;
    const choice = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
    context.addIssue({ code: 'custom', message: `An image, an audio or a file has exactly one of ${choice}.` });
  };
}

function textOr<Schema extends z.ZodType>(list: Schema) {
  const text = z.string();
  return oneOf<string | z.output<Schema>, string | z.input<Schema>>((value) => (Array.isArray(value) ? list : text));
}

/** A union whose alternative is told by the shape of the value, so that an error says what is wrong with that one. */
function oneOf<Output, Input>(choose: (value: unknown) => z.ZodType): z.ZodType<Output, Input> {
  const schema = z.unknown().transform((value, context) => {
    const parsed = choose(value).safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
  return schema as unknown as z.ZodType<Output, Input>;
}

function hasOwn(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return length;
}
