import { type Tool, toolSchema } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface ReadTools {
  readonly tools: readonly Tool[];
  /** What tools say besides, as `strict`, by their names. */
  readonly options: JsonObject | undefined;
}

/** Keys of a tool that are read. */
const toolKeys = ['type', 'function', 'name', 'description', 'parameters', 'input_schema', 'inputSchema'];
/** Tools of one prompt. */
const mostTools = 128;

/** Functions that a request offers; tools that the provider runs itself are dropped. */
export function readTools(value: unknown, losses: Losses, where = 'tools'): ReadTools {
  if (value === undefined || value === null) return { tools: [], options: undefined };
  const tools: Tool[] = [];
  const options: [string, JsonObject][] = [];
  if (!Array.isArray(value)) losses.add('dropped', 'tools', where, 'It is no list of tools.');
  for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
    const place = `${where}[${index}]`;
    const read = readTool(item, place, losses);
    if (read === null) continue;
    if (tools.length >= mostTools) {
      losses.add(
        'dropped',
        'tools',
        place,
        `A prompt has at most ${mostTools} tools; this one and those behind it are left out.`,
      );
      break;
    }
    tools.push(read.tool);
    if (Object.keys(read.options).length > 0) options.push([read.tool.name, read.options]);
  }
  return { tools, options: options.length === 0 ? undefined : Object.fromEntries(options) };
}

function readTool(
  item: unknown,
  place: string,
  losses: Losses,
): { readonly tool: Tool; readonly options: JsonObject } | null {
  if (!isMapping(item)) {
    losses.add('dropped', 'tool', place, 'It is no tool.');
    return null;
  }
  const inner: Raw = isMapping(item.function) ? item.function : item;
  const schema = inner.parameters ?? inner.input_schema ?? inner.inputSchema;
  const isFunction = item.type === 'function' || schema !== undefined || (item.type ?? 'custom') === 'custom';
  if (!isFunction || typeof inner.name !== 'string') {
    const name = [item.name, item.type].find((each) => typeof each === 'string') ?? 'unknown';
    losses.add(
      'dropped',
      `tool:${name.slice(0, 100)}`,
      place,
      'The provider runs it itself; tools here are functions.',
    );
    return null;
  }
  const parsed = toolSchema.safeParse({
    name: inner.name,
    ...(typeof inner.description === 'string' && { description: inner.description }),
    ...(isMapping(schema) && { parameters: schema }),
  });
  if (!parsed.success) {
    losses.add(
      'dropped',
      `tool:${inner.name.slice(0, 100)}`,
      place,
      `It does not fit: ${parsed.error.issues[0]?.message}`,
    );
    return null;
  }
  const options: JsonObject = {};
  for (const [key, value] of Object.entries({ ...item, ...inner })) {
    if (toolKeys.includes(key) || value === undefined || value === null) continue;
    losses.add(
      'kept',
      key === 'cache_control' ? 'cache-control' : `tool-${key}`,
      `${place}.${key}`,
      'Tools have no such field here. It is kept in the metadata.',
    );
    options[key] = value as JsonObject[string];
  }
  return { tool: parsed.data, options };
}
