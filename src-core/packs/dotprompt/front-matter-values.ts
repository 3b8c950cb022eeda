import type { PromptContentInput } from '../../contract/content.ts';
import { longestToolName } from '../../contract/part-rules.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { readPicoschema } from './picoschema.ts';

/** Names of tools, and definitions where the file has them. */
export function readTools(tools: unknown, losses: Losses): NonNullable<PromptContentInput['tools']> {
  const list = Array.isArray(tools) ? tools : tools === undefined || tools === null ? [] : [tools];
  return list.flatMap((tool, index) => {
    if (typeof tool === 'string' && isToolName(tool)) {
      losses.add('unresolved', 'tool-definition', tool, 'Its arguments are defined in a program; here it takes any.');
      return [{ name: tool }];
    }
    const { name, description, inputSchema, parameters } = isMapping(tool) ? tool : {};
    if (typeof name !== 'string' || !isToolName(name)) {
      losses.add('dropped', 'tool', `tools[${index}]`, 'It has no name of 1 to 64 characters.');
      return [];
    }
    const schema = readPicoschema(inputSchema ?? parameters ?? {}, losses, `tools.${name}`);
    return [
      {
        name,
        description: typeof description === 'string' ? description : '',
        parameters: schema ?? ({} as JsonObject),
      },
    ];
  });
}

function isToolName(name: string): boolean {
  return name !== '' && name.length <= Math.min(64, longestToolName);
}

/** The schema of the answer; what names one of a program is unresolved. */
export function readOutput(output: unknown, losses: Losses): JsonObject | null {
  if (!isMapping(output)) return null;
  const { format, schema } = output;
  if (format !== undefined && format !== 'text' && format !== 'json')
    losses.add('kept', 'output-format', 'output.format', `The format "${String(format)}" has no field here.`);
  else if (format === 'json' && schema === undefined)
    losses.add('kept', 'output-format', 'output.format', 'JSON without a schema has no field here.');
  if (schema === undefined || schema === null) return null;
  const read = readPicoschema(schema, losses, 'output.schema');
  if (typeof schema === 'string' && (read === null || Object.keys(read).length === 0)) return null;
  return read;
}
