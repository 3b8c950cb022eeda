import type { Json, JsonObject } from '../../contract/shared.ts';
import { checkKeywords } from './schema-keywords.ts';
import { createSchemaRun, SchemaFault } from './schema-run.ts';
import { findSchemaFault } from './schema-shape.ts';

/** One thing in a value that its JSON Schema does not allow. */
export interface SchemaViolation {
  /** As in `items[0].price`; empty for the value itself. */
  readonly path: string;
  /** One clause without the path, as in `must be of type "number", not "string"`. */
  readonly message: string;
}

/** The `schema` itself cannot be used; nothing was validated. */
export interface UnusableSchema {
  /** A clause that says why. */
  readonly unusable: string;
}

/**
 * Checks `value` against a JSON Schema (drafts 4 to 2020-12, local references only) that is not trusted: no
 * code is generated, patterns match in linear time, and endless references and costly checks are refused instead of run.
 */
export function validateJson(
  schema: JsonObject,
  value: Json,
  /** Most steps that the check may take; what a person waits for takes what it takes, what keeps others waiting less. */
  maxSteps?: number,
): readonly SchemaViolation[] | UnusableSchema {
  const fault = schemaFault(schema);
  if (fault !== null) return { unusable: fault };
  try {
    return checkKeywords(createSchemaRun(schema, maxSteps), schema, value, '').violations;
  } catch (thrown) {
    return { unusable: reasonOf(thrown) };
  }
}

/** Why a JSON Schema cannot be used with any value, as a clause; null when it can. */
export function schemaFault(schema: JsonObject): string | null {
  try {
    return findSchemaFault(createSchemaRun(schema), schema);
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof SchemaFault) return thrown.message;
  if (thrown instanceof RangeError) return 'it or the value nests too deep';
  throw thrown;
}
