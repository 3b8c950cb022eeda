import type { JsonObject } from '../contract/shared.ts';
import type { ImportedPrompt } from './imported.ts';
import { isMapping } from './text/read-yaml.ts';

/** What an import from one of these formats kept of a prompt, by the names of that format; nothing for prompts from elsewhere. */
export function keptValuesOf({ metadata }: ImportedPrompt, formats: readonly string[]): JsonObject {
  const origin = metadata.import;
  if (!isMapping(origin) || typeof origin.format !== 'string' || !formats.includes(origin.format)) return {};
  return isMapping(origin.values) ? (origin.values as JsonObject) : {};
}
