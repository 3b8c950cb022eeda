import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';

export interface ReadResponseFormat {
  readonly schema: JsonObject | null;
  /** All but the schema, as `{type, name, strict}`; undefined when there is nothing. */
  readonly kept: unknown;
}

/** `response_format` of a chat request, `text.format` of a Responses request: both name a JSON Schema or a kind of answer. */
export function readResponseFormat(format: unknown, where: string, losses: Losses): ReadResponseFormat {
  if (format === undefined || format === null) return { schema: null, kept: undefined };
  if (isMapping(format) && format.type === 'json_schema') {
    const { json_schema: nested, ...outer } = format;
    const { schema, ...rest } = isMapping(nested) ? { ...outer, ...nested } : outer;
    if (isMapping(schema)) return { schema: schema as JsonObject, kept: rest };
  }
  if (isMapping(format) && format.type === 'text') return { schema: null, kept: undefined };
  losses.add(
    'kept',
    'response-format',
    where,
    'Only a JSON Schema has a field here. It is kept in the metadata and not sent.',
  );
  return { schema: null, kept: format };
}
