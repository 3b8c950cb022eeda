import type { Tool } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { readProperties, schemaOfProperties } from './properties.ts';

export interface ReadTools {
  readonly tools: readonly Tool[];
  /** What functions say that we have no home for, by their names. */
  readonly rest: JsonObject;
}

/** `tools` of version 2: functions only. What another kind would do (open a connection, run a server) is dropped. */
export function readTools(value: unknown, losses: Losses): ReadTools {
  const tools: Tool[] = [];
  const rest: [string, JsonObject][] = [];
  for (const { name, facts } of readProperties(value)) {
    const { kind = 'function', description, parameters, bindings, ...others } = facts;
    if (kind !== 'function' || name.length > 64) {
      losses.add(
        'dropped',
        `tool:${typeof kind === 'string' ? kind : 'unknown'}`,
        name,
        'Only functions are tools here.',
      );
      continue;
    }
    const bound = isMapping(bindings) ? Object.keys(bindings) : [];
    for (const argument of bound)
      losses.add(
        'approximated',
        'tool-binding',
        `${name}.${argument}`,
        'The argument came from an input and not from the model; the tool has it no more.',
      );
    const given = readProperties(parameters);
    const isSchema = isMapping(parameters) && isMapping(parameters.properties);
    tools.push({
      name,
      description: typeof description === 'string' ? description : '',
      parameters: isSchema
        ? (parameters as JsonObject)
        : given.length === 0
          ? {}
          : schemaOfProperties(given.filter((each) => !bound.includes(each.name))),
    });
    for (const key of Object.keys(others))
      losses.add('kept', 'unknown-key', `tools.${name}.${key}`, 'It has no home here. It is kept in the metadata.');
    const removed = given
      .filter((each) => bound.includes(each.name))
      .map((each) => ({ name: each.name, ...each.facts }));
    const kept = { ...others, ...(isMapping(bindings) && { bindings: bindings as JsonObject, bound: removed }) };
    if (Object.keys(kept).length > 0) rest.push([name, kept]);
  }
  return { tools, rest: Object.fromEntries(rest) };
}
