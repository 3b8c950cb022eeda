import type { JsonObject } from '../../../src-core/contract/shared.ts';
import { AppError } from '../../../src-core/scope/errors.ts';

/**
 * llama.cpp compares every candidate token with every value that the schema still allows: with more values each token
 * takes seconds, and from about 50 000 values on the grammar alone takes minutes. Within this bound the grammar takes
 * less than a tenth of a second. Counts of items and characters are bounded by llama.cpp itself.
 */
const mostParts = 2_000;
const mostCharacters = 200_000;

/** Throws `invalid` for a response schema that is too large for a local model. */
export function checkSchemaSize(schema: JsonObject | null | undefined): void {
  if (schema == null) return;
  const { parts, characters } = measure(schema);
  if (parts > mostParts)
    throw new AppError(
      'invalid',
      `The response schema has ${parts.toLocaleString('en')} values and properties, but a local model can be held to at most ${mostParts.toLocaleString('en')}: shorten its lists, or choose a remote model.`,
      { parts, mostParts },
    );
  if (characters > mostCharacters)
    throw new AppError(
      'invalid',
      `The response schema has ${characters.toLocaleString('en')} characters, but a local model can be held to at most ${mostCharacters.toLocaleString('en')}: shorten it, or choose a remote model.`,
      { characters, mostCharacters },
    );
}

/** Every value and every property name is an alternative for the answer. */
function measure(schema: JsonObject): { readonly parts: number; readonly characters: number } {
  let parts = 0;
  let characters = 0;
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const value = waiting.pop();
    parts += 1;
    if (typeof value === 'string') characters += value.length;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) characters += key.length;
      waiting.push(inner);
    }
  }
  return { parts, characters };
}
