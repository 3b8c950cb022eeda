import type { ModelSettings } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { readParameters } from '../text/model-parameters.ts';
import { isMapping } from '../text/read-yaml.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** An input as a configuration declares it. */
export interface Variable {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly default?: unknown;
  readonly schema: JsonObject | null;
  /** What else its declaration has. */
  readonly others: JsonObject;
}

const variableKeys = [
  ...['name', 'description', 'default', 'defaultValue', 'is_required', 'isRequired', 'json_schema', 'jsonSchema'],
];

/** `input_variables` as a list or a map, or `input.parameters` of 2023. A variable with a default need not be given. */
export function readVariables(file: Mapping): readonly Variable[] {
  const old = isMapping(file.input) ? file.input.parameters : undefined;
  const given = file.input_variables ?? file.inputVariables ?? old;
  const list = isMapping(given)
    ? Object.entries(given).map(([name, value]) => ({ ...(isMapping(value) ? value : {}), name }))
    : Array.isArray(given)
      ? given.map((value: unknown) => (typeof value === 'string' ? { name: value } : value))
      : [];
  const variables: Variable[] = [];
  for (const value of list) {
    if (!isMapping(value) || typeof value.name !== 'string' || value.name.trim() === '') continue;
    const name = value.name.trim().replace(/^\$/, '');
    if (variables.some((each) => each.name.toLowerCase() === name.toLowerCase())) continue;
    const preset = value.default ?? value.defaultValue ?? undefined;
    const isRequired = value.is_required ?? value.isRequired;
    variables.push({
      name,
      description: typeof value.description === 'string' ? value.description : '',
      isRequired: typeof isRequired === 'boolean' ? isRequired && preset === undefined : preset === undefined,
      ...(preset !== undefined && { default: preset }),
      schema: schemaOf(value.json_schema ?? value.jsonSchema),
      others: Object.fromEntries(Object.entries(value).filter(([key]) => !variableKeys.includes(key))) as JsonObject,
    });
  }
  return variables;
}

/** A schema as a mapping, or as a text of JSON. */
export function schemaOf(value: unknown): JsonObject | null {
  if (isMapping(value)) return value as JsonObject;
  if (typeof value !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return isMapping(parsed) ? (parsed as JsonObject) : null;
  } catch {
    return null;
  }
}

export interface ReadSettings {
  readonly settings: Partial<ModelSettings>;
  readonly responseSchema: JsonObject | null;
  /** What has no home: parameters, and settings of other services. */
  readonly kept: Readonly<Record<string, unknown>>;
}

/** The settings of the service named `default`, else of the first; those of others are kept. */
export function readSettings(file: Mapping, losses: Losses): ReadSettings {
  const services = servicesOf(file);
  const [id, chosen] = services.find(([name]) => name === 'default') ?? services[0] ?? ['default', {}];
  const where = file.completion === undefined ? `execution_settings.${id}` : 'completion';
  const { settings, rest } = readParameters(chosen, losses, {
    where,
    ignored: ['model_id', 'modelId', 'response_format'],
  });
  const others = services.filter(([name]) => name !== id);
  for (const [name] of others)
    losses.add('kept', 'execution-settings', name, 'A prompt has settings of one service here; these are kept.');
  const model = chosen.model_id ?? chosen.modelId ?? (id === 'default' ? undefined : id);
  const answer = isMapping(chosen.response_format) ? chosen.response_format : null;
  const schema = answer === null ? null : schemaOf(isMapping(answer.json_schema) ? answer.json_schema.schema : null);
  if (chosen.response_format !== undefined && schema === null)
    losses.add('kept', 'parameter:response_format', `${where}.response_format`, 'It is no schema. It is kept.');
  return {
    settings: { ...settings, ...(typeof model === 'string' && model !== '' && { model }) },
    responseSchema: schema,
    kept: {
      ...(Object.keys(rest).length > 0 && { parameters: rest }),
      ...(id !== 'default' && { service: id }),
      ...(others.length > 0 && { execution_settings: Object.fromEntries(others) }),
      ...(chosen.response_format !== undefined && schema === null && { response_format: chosen.response_format }),
    },
  };
}

function servicesOf(file: Mapping): readonly (readonly [string, Mapping])[] {
  const given = file.execution_settings ?? file.executionSettings ?? file.completion;
  if (Array.isArray(given))
    return given.filter(isMapping).map((each, index) => {
      const id = each.service_id ?? each.serviceId ?? (index === 0 ? 'default' : `service-${index + 1}`);
      return [String(id), each] as const;
    });
  if (!isMapping(given)) return [];
  if (given === file.completion) return [['default', given]];
  const named = Object.entries(given).filter((entry): entry is [string, Mapping] => isMapping(entry[1]));
  // Some files have the settings of their only service without a name for it.
  return named.length > 0 || Object.keys(given).length === 0 ? named : [['default', given]];
}
