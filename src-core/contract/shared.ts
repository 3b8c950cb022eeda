import { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import { faultInJson, isPlainObject } from './json.ts';

/** Any JSON value; what template inputs, metadata and schemas are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Record<string, Json>;
// Those of zod leave out a member named "__proto__", which an input may be called.
export const jsonSchema = z.custom<Json>((value) => faultInJson(value) === null, {
  error: ({ input }) => `Invalid input: expected JSON, but ${faultInJson(input)}`,
}) as unknown as z.ZodType<Json>;
export const jsonObjectSchema = z.custom<JsonObject>((value) => isPlainObject(value) && faultInJson(value) === null, {
  error: ({ input }) => `Invalid input: expected an object of JSON, but ${faultInJson(input) ?? 'it is none'}`,
}) as unknown as z.ZodType<JsonObject, Record<string, unknown>>;

/** Lower-case slug with `/` as folder separator, as in `support/refund-reply`. */
export const promptNameSchema = z
  .string()
  .min(1, { error: 'A name has at least one character.' })
  .max(200, { error: 'A name has at most 200 characters.' })
  .regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/, {
    error:
      'A name is lower-case letters, digits, ".", "_" and "-", with "/" between folders, as in "support/refund-reply".',
  });

/** A project comes before the first "/" of a qualified name, so it has none of its own. */
export const projectNameSchema = z
  .string()
  .trim()
  .min(1, { error: 'A project name has at least one character.' })
  .max(100, { error: 'A project name has at most 100 characters.' })
  .regex(/^[^/@\p{Cc}]+$/u, { error: 'A project name has no "/" and no "@".' });

export const idSchema = z.uuid();
/** ISO 8601 in UTC with milliseconds, as in `2026-11-21T10:00:00.000Z`. */
export const timestampSchema = z.string();

export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export const pageInputSchema = z.object({
  limit: z.number().int().min(1).max(500).default(100),
  /** Opaque; taken from the `nextCursor` of the page before. */
  cursor: z.string().optional(),
});

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int() });
}

/** A unique key per operation that a client may send twice. */
export const okSchema = z.object({ ok: z.literal(true) });
