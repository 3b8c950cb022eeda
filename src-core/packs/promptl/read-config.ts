import type { ModelSettings, Tool } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { readParameters } from '../text/model-parameters.ts';
import type { InputNames } from '../text/names.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

export interface PromptlText {
  readonly values: JsonObject;
  readonly body: string;
  /** Line of the file on which the body begins, from 1. */
  readonly line: number;
}

/** Front matter behind comments and blank lines; also one without its first `---`, as in a sample of Latitude's own. */
export function splitConfig(source: Source, losses: Losses): PromptlText {
  const text = source.text.replace(/\r\n?/g, '\n');
  const before = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.exec(text)![0];
  const rest = text.slice(before.length);
  const found =
    /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(rest) ??
    /^((?:[a-z][\w-]*[ \t]*:[^\n]*\n)(?:[^\n]*\n){0,200}?)---[ \t]*(?:\n|$)/i.exec(rest);
  if (found === null) return { values: {}, body: text, line: 1 };
  const [whole, yaml = ''] = found;
  const first = before.split('\n').length + (whole.startsWith('---') ? 1 : 0);
  const read = readYaml(yaml);
  if ('problem' in read || !(read.value === null || isMapping(read.value))) {
    const line = first + ('problem' in read ? read.line - 1 : 0);
    const why = 'problem' in read ? read.problem : 'It is no mapping of keys.';
    throw refusal(`${source.path} has a configuration that is not valid YAML, line ${line}: ${why}`, {
      reason: 'yaml',
      line,
    });
  }
  const values = JSON.parse(JSON.stringify(read.value ?? {})) as JsonObject;
  const line = text.slice(0, before.length + whole.length).split('\n').length;
  return { values: withoutSecrets(values, losses), body: rest.slice(whole.length), line };
}

export interface ReadConfig {
  readonly settings: Partial<ModelSettings>;
  readonly tools: readonly Tool[];
  readonly responseSchema: JsonObject | null;
  readonly inputs: readonly InputDraft[];
  readonly kept: JsonObject;
}

export function readConfig(values: JsonObject, names: InputNames, losses: Losses): ReadConfig {
  const { model, provider, type, maxSteps, agents, tools, schema, parameters, ...others } = values;
  const agent = Object.entries({ type, maxSteps, agents }).filter(([, value]) => value !== undefined && value !== null);
  for (const [key] of agent)
    losses.add('kept', 'agent', key, 'A prompt here is one request, not an agent. It is kept in the metadata.');
  if (provider !== undefined)
    losses.add('kept', 'provider', 'provider', 'Endpoints are set up here. It is kept in the metadata.');
  const { settings, rest } = readParameters(others, losses);
  if (schema !== undefined && !isMapping(schema))
    losses.add('kept', 'response-schema', 'schema', 'It is no JSON Schema. It is kept in the metadata.');
  return {
    settings: { ...settings, ...(typeof model === 'string' && { model }) },
    tools: readTools(tools, losses),
    responseSchema: isMapping(schema) ? (schema as JsonObject) : null,
    inputs: readParametersOfPrompt(parameters, names),
    kept: {
      ...(provider !== undefined && { provider }),
      ...Object.fromEntries(agent),
      ...(schema !== undefined && !isMapping(schema) && { schema }),
      ...(Object.keys(rest).length > 0 && { parameters: rest }),
    },
  };
}

/** A list of `{name: definition}` or a mapping of them; a text names a tool that Latitude runs itself. */
function readTools(value: unknown, losses: Losses): readonly Tool[] {
  const entries = Array.isArray(value)
    ? value.flatMap((item): readonly (readonly [string, unknown])[] =>
        isMapping(item) ? Object.entries(item) : [[String(item), null]],
      )
    : isMapping(value)
      ? Object.entries(value)
      : [];
  return entries.slice(0, 128).flatMap(([name, definition]): readonly Tool[] => {
    if (!isMapping(definition) || name === '' || name.length > 64) {
      losses.add('dropped', 'tool', name, 'Only functions that the file defines are tools here.');
      return [];
    }
    const { description, parameters } = definition;
    return [
      {
        name,
        description: typeof description === 'string' ? description : '',
        parameters: isMapping(parameters) ? (parameters as JsonObject) : {},
      },
    ];
  });
}

/** Inputs with what the document says of them. */
function readParametersOfPrompt(value: unknown, names: InputNames): readonly InputDraft[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([source, facts]) => ({
    name: names.legal(source),
    type: isMapping(facts) && facts.type === 'number' ? 'number' : 'string',
    ...(isMapping(facts) && typeof facts.description === 'string' && { description: facts.description }),
  }));
}
