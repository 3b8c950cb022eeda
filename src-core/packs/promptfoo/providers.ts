import type { ModelSettings, PromptContentInput } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { readParameters } from '../text/model-parameters.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';
import { type References, referenceOf } from './references.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** A model that a config calls. */
export interface Provider {
  readonly id: string;
  readonly label: string | null;
  readonly config: Mapping;
  /** Labels, ids or `prefix:*` of the prompts that it gets; null for all. */
  readonly prompts: readonly string[] | null;
  readonly where: string;
}

/** What a provider says of a prompt's content. */
export interface ProviderSettings {
  readonly settings: Partial<ModelSettings>;
  readonly tools: NonNullable<PromptContentInput['tools']>;
  readonly responseSchema: JsonObject | null;
  /** Parameters without a home. */
  readonly rest: JsonObject;
  /** Keys of the configuration of the provider that became settings, tools or a schema. */
  readonly consumed: readonly string[];
}

/** Keys of a provider's configuration that say where and how it is called. */
const connection = [
  ...[
    'apiBaseUrl',
    'apiHost',
    'baseUrl',
    'organization',
    'apiKeyEnvar',
    'headers',
    'apiVersion',
    'region',
    'url',
    'method',
  ],
  ...['deployment_id', 'body', 'transformResponse', 'responseParser', 'timeout'],
];
const contentKeys = ['tools', 'functions', 'response_format'];
const mostProviders = 200;

/** The models of a config in its order, without those that are code. */
export async function readProviders(
  given: unknown,
  references: References,
  losses: Losses,
  key = 'providers',
): Promise<readonly Provider[]> {
  const list = Array.isArray(given)
    ? (given as readonly unknown[])
    : given === undefined || given === null
      ? []
      : [given];
  const providers: Provider[] = [];
  for (const [index, item] of list.slice(0, mostProviders).entries()) {
    const where = Array.isArray(given) ? `${key}[${index}]` : key;
    providers.push(...(await providersOf(item, where, references, losses, 0)));
  }
  return providers;
}

async function providersOf(
  item: unknown,
  where: string,
  references: References,
  losses: Losses,
  depth: number,
): Promise<readonly Provider[]> {
  const spelled = spelling(item);
  if (spelled === null) {
    losses.add('dropped', 'provider', where, 'It names no model.');
    return [];
  }
  const { id, options } = spelled;
  if (isCodeProvider(id)) {
    losses.add('refused', 'code', where, 'It is code, which is never run.');
    return [];
  }
  if (id.startsWith('file://')) {
    if (depth > 2) return [];
    const sources = await references.files(id, where);
    const found: Provider[] = [];
    for (const source of sources) {
      const yaml = readYaml(source.text, { merge: true });
      if ('problem' in yaml) {
        losses.add('dropped', 'provider', where, `${source.path} is not valid YAML: ${yaml.problem}`, yaml.line);
        continue;
      }
      for (const each of Array.isArray(yaml.value) ? yaml.value : [yaml.value])
        found.push(...(await providersOf(withoutSecrets(each, losses, where), where, references, losses, depth + 1)));
    }
    return found;
  }
  const prompts = Array.isArray(options.prompts) ? options.prompts.filter((each) => typeof each === 'string') : null;
  return [
    {
      id,
      label: typeof options.label === 'string' ? options.label : null,
      config: isMapping(options.config) ? options.config : {},
      prompts,
      where,
    },
  ];
}

/** `openai:x`, `{id: openai:x, config}` and `{openai:x: {config}}` say the same. */
function spelling(item: unknown): { readonly id: string; readonly options: Mapping } | null {
  if (typeof item === 'string' && item.trim() !== '') return { id: item.trim(), options: {} };
  if (!isMapping(item)) return null;
  if (typeof item.id === 'string') return { id: item.id, options: item };
  const [entry, other] = Object.entries(item);
  if (entry === undefined || other !== undefined || /^(?:config|label|prompts|env|transform)$/.test(entry[0]))
    return null;
  const options = isMapping(entry[1]) ? entry[1] : {};
  return { id: typeof options.id === 'string' ? options.id : entry[0], options };
}

function isCodeProvider(id: string): boolean {
  return referenceOf(id).kind === 'code' && !/^https?:/.test(id);
}

/** The first provider that gets a prompt. */
export function providerFor(
  providers: readonly Provider[],
  { label, id }: { readonly label: string | null; readonly id: string | null },
): Provider | null {
  const names = [label, id].filter((name) => name !== null);
  const gets = ({ prompts }: Provider) =>
    prompts === null || prompts.some((wanted) => names.some((name) => fits(wanted, name)));
  return providers.find(gets) ?? providers[0] ?? null;
}

function fits(wanted: string, name: string): boolean {
  if (wanted === name || name.startsWith(`${wanted}:`)) return true;
  return wanted.endsWith('*') && name.startsWith(wanted.slice(0, -1));
}

/** Model, parameters, tools and answer schema; `over` is the configuration of the prompt itself. */
export function settingsOf(
  provider: Provider | null,
  over: Mapping,
  overWhere: string,
  losses: Losses,
): ProviderSettings {
  const own = provider?.config ?? {};
  const where = provider === null ? '' : `${provider.where}.config`;
  const ignored = [...connection, ...contentKeys, 'passthrough'];
  const extra = isMapping(own.passthrough) ? (own.passthrough as JsonObject) : undefined;
  const first = readParameters(over, losses, { ignored: contentKeys, where: `${overWhere}.config` });
  const second = readParameters(own, losses, { ignored, where });
  for (const key of connection)
    if (own[key] !== undefined)
      losses.add('kept', 'connection', `${where}.${key}`, 'How a model is reached is said by its endpoint here.');
  const isAddress = provider !== null && /^(?:https?|wss?):/.test(provider.id);
  if (isAddress) losses.add('kept', 'models', provider.where, 'It is the address of a service and no model.');
  const model = provider === null || isAddress ? {} : { model: provider.id };
  return {
    settings: { ...second.settings, ...first.settings, ...model, ...(extra !== undefined && { extra }) },
    consumed: [
      ...Object.keys(own).filter((key) => !ignored.includes(key) && !Object.hasOwn(second.rest, key)),
      ...Object.keys(second.rest),
      ...(extra === undefined ? [] : ['passthrough']),
    ],
    tools: toolsOf(over.tools ?? over.functions ?? own.tools ?? own.functions, where, losses),
    responseSchema: schemaOf(over.response_format ?? own.response_format, where, losses),
    rest: { ...second.rest, ...first.rest },
  };
}

function toolsOf(given: unknown, where: string, losses: Losses): ProviderSettings['tools'] {
  if (given === undefined || given === null) return [];
  const list = Array.isArray(given) ? given : [given];
  return list.flatMap((item, index) => {
    const tool: unknown = isMapping(item) && isMapping(item.function) ? item.function : item;
    const parameters = isMapping(tool) ? (tool.parameters ?? tool.input_schema ?? {}) : {};
    const fits = isMapping(tool) && typeof tool.name === 'string' && tool.name !== '' && tool.name.length <= 64;
    if (fits && isMapping(parameters)) {
      const description = typeof tool.description === 'string' ? tool.description : '';
      return [{ name: tool.name as string, description, parameters: parameters as JsonObject }];
    }
    const what = isMapping(item) && typeof item.type === 'string' ? `tool:${item.type}` : 'tool';
    losses.add(
      'kept',
      what,
      `${where}.tools[${index}]`,
      'It is no function with parameters; it is kept in the metadata.',
    );
    return [];
  });
}

function schemaOf(given: unknown, where: string, losses: Losses): JsonObject | null {
  if (given === undefined || given === null) return null;
  if (isMapping(given)) {
    const { json_schema: schema } = given;
    const inner = isMapping(schema) ? (schema.schema ?? schema) : given.schema;
    if (isMapping(inner)) return inner as JsonObject;
  }
  losses.add(
    'kept',
    'response-format',
    `${where}.response_format`,
    'It has no JSON Schema; it is kept in the metadata.',
  );
  return null;
}
