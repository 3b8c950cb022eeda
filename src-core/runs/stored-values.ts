import type { z } from 'zod';
import { errorCodes } from '../contract/error-codes.ts';
import { isPlainObject } from '../contract/json.ts';
import { idSchema } from '../contract/shared.ts';
import type { ErrorData } from '../scope/errors.ts';

/**
 * Reads what a row holds into values that the contract accepts. A file outlives the program that wrote it, and may have been
 * written by another version, by another program, or badly: what cannot be read becomes a safe value, and `damaged` names it.
 */
export interface StoredReader {
  /** JSON that the schema accepts, or else `fallback`. */
  json<Value>(column: string, text: unknown, schema: z.ZodType<Value>, fallback: Value): Value;
  /** JSON as it is, where only its outermost shape matters. */
  object<Value extends object>(column: string, text: unknown, fallback: Value): Value;
  /** The items of a JSON list that `read` makes something of. */
  list<Item>(column: string, text: unknown, read: (item: unknown) => Item | null): Item[];
  /** Null for null, else as `list`. */
  listOrNull<Item>(column: string, text: unknown, read: (item: unknown) => Item | null): Item[] | null;
  text(column: string, value: unknown): string;
  /** Null stays null; a figure that `read` makes nothing of becomes null. */
  figure(column: string, value: unknown, read: (value: unknown) => number | null): number | null;
  oneOf<Value extends string>(column: string, value: unknown, values: readonly Value[], fallback: Value): Value;
  /** Columns that could not be read as they stand, each once. */
  readonly damaged: readonly string[];
}

/** Longer JSON than this in one column is the work of a fault, and would stop everything while it is read. */
const longestJson = 100_000_000;

export function createStoredReader(): StoredReader {
  const damaged = new Set<string>();

  function parse(column: string, text: unknown): unknown {
    if (typeof text === 'string' && text.length <= longestJson) {
      try {
        return JSON.parse(text);
      } catch {
        // Named below, as everything else that is no JSON.
      }
    }
    damaged.add(column);
    return undefined;
  }

  return {
    json(column, text, schema, fallback) {
      const value = parse(column, text);
      if (value === undefined) return fallback;
      const read = schema.safeParse(value);
      if (read.success) return read.data;
      damaged.add(column);
      return fallback;
    },
    object<Value extends object>(column: string, text: unknown, fallback: Value): Value {
      const value = parse(column, text);
      if (typeof value === 'object' && value !== null && Array.isArray(value) === Array.isArray(fallback)) {
        return value as Value;
      }
      damaged.add(column);
      return fallback;
    },
    list(column, text, read) {
      const value = parse(column, text);
      if (!Array.isArray(value)) {
        damaged.add(column);
        return [];
      }
      const items = value.map(read);
      if (items.includes(null)) damaged.add(column);
      return items.filter((item) => item !== null);
    },
    listOrNull(column, text, read) {
      return text === null ? null : this.list(column, text, read);
    },
    text(column, value) {
      if (typeof value === 'string') return value;
      damaged.add(column);
      return value === null || value === undefined ? '' : String(value);
    },
    figure(column, value, read) {
      if (value === null) return null;
      const figure = read(value);
      if (figure !== value) damaged.add(column);
      return figure;
    },
    oneOf(column, value, values, fallback) {
      const found = values.find((each) => each === value);
      if (found === undefined) damaged.add(column);
      return found ?? fallback;
    },
    get damaged() {
      return [...damaged];
    },
  };
}

/** True for what the contract takes as an id. */
export function isId(value: unknown): value is string {
  return idSchema.safeParse(value).success;
}

/** An id that a row refers to, or null when it is none. */
export function idOrNull(value: unknown): string | null {
  return isId(value) ? value : null;
}

/** Text, or null. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A stored error; what is none becomes one that says so. */
export function storedError(reader: StoredReader, text: unknown): ErrorData | null {
  if (text === null || text === undefined) return null;
  const value = reader.object<Partial<ErrorData>>('error', text, {});
  const code = errorCodes.find((each) => each === value.code);
  if (code !== undefined && typeof value.message === 'string') {
    const { message, details } = value;
    return { code, message, ...(isPlainObject(details) && { details }) };
  }
  const message = typeof value.message === 'string' && value.message !== '' ? value.message : null;
  return { code: 'internal', message: message ?? 'It failed, and the reason that was stored cannot be read.' };
}

/** A text, also one that was written as a number; null for anything else. */
export function textItem(item: unknown): string | null {
  return typeof item === 'string' || typeof item === 'number' ? String(item) : null;
}
