import { stringify } from 'yaml';
import { canonicalJson } from '../../content/hash-content.ts';
import type { InputDeclaration, Tool } from '../../contract/content.ts';
import { ownValue } from '../../contract/json.ts';
import { isMedia, isPlaceholder, partsOf } from '../../contract/message-texts.ts';
import type { MediaPart, MessageTemplate } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import { writeRoles } from '../jinja/write-roles.ts';
import { createLosses, type Losses } from '../losses.ts';
import { createInputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import type { Own } from './own-metadata.ts';
import { propertiesOfSchema, readProperties, schemaOfProperties } from './properties.ts';
import { type MediaKind, readInputs } from './read-inputs.ts';

export const usualTemplate = { format: { kind: 'jinja2' }, parser: { kind: 'prompty' } } as const;

/** Version 2 in list form, one file a prompt. What Prompty cannot say stands at `metadata.promptdev`, which only we read. */
export function writePrompty(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  return prompts.flatMap((prompt): readonly WrittenFile[] => {
    const { name, content } = prompt;
    if (content.syntax !== 'jinja') {
      losses.add(
        'refused',
        'syntax',
        name,
        `Prompty has Jinja and Mustache; this prompt is written in ${content.syntax}.`,
      );
      return [];
    }
    for (const include of prompt.includes)
      losses.add('unresolved', 'include', `${name}: ${include}`, 'Prompty does not load other prompts into a text.');
    const kept = keptOf(prompt);
    const front = { ...frontOf(prompt, kept, losses), ...objectOf(kept.other) };
    return [
      {
        path: `${name}.prompty`,
        text: `---\n${stringify(front, { compat: 'yaml-1.1', lineWidth: 0 })}---\n${bodyOf(prompt, kept, losses)}`,
      },
    ];
  });
}

interface Kept {
  readonly version: string;
  readonly values: JsonObject;
  readonly other: Json | undefined;
}

function keptOf({ metadata }: ImportedPrompt): Kept {
  const origin = objectOf(metadata.import);
  const values = origin.format === 'prompty' ? objectOf(origin.values) : {};
  return { version: origin.version === 'v1' ? 'v1' : 'v2', values, other: values.other };
}

function frontOf(prompt: ImportedPrompt, kept: Kept, losses: Losses): JsonObject {
  const { name, title, description, tags, content } = prompt;
  const media = mediaInputs(content.messages);
  const { inputs, own: ownInputs } = writeInputs(prompt, media, objectOf(kept.values.inputs));
  const { tools, parameters } = writeTools(content.tools, objectOf(kept.values.tools));
  const outputs = content.responseSchema === null ? null : propertiesOfSchema(content.responseSchema);
  const isWhole =
    outputs !== null &&
    canonicalJson(schemaOfProperties(readProperties(outputs))) === canonicalJson(content.responseSchema);
  const own: Own = {
    ...(prompt.labels.length > 0 && { labels: [...prompt.labels] }),
    ...(content.settings.fallbacks.length > 0 && { fallbacks: content.settings.fallbacks }),
    ...(content.settings.extra !== undefined && { settingsExtra: content.settings.extra }),
    ...(ownInputs.length > 0 && { inputs: [...ownInputs] }),
    ...(content.responseSchema !== null && !isWhole && { responseSchema: content.responseSchema }),
    ...(Object.keys(parameters).length > 0 && { toolParameters: parameters }),
    ...(content.samples.length > 0 && { samples: content.samples }),
  };
  for (const key of Object.keys(own))
    losses.add(
      'kept',
      key,
      name,
      'Prompty has no place for it; it stands in the metadata, where only PromptDev reads it.',
    );
  if (content.extra !== undefined || content.messages.some((message) => message.extra !== undefined))
    losses.add(
      'dropped',
      'extra',
      name,
      'Prompty has no place for what only one provider knows of a message or a prompt.',
    );
  const metadata = {
    ...objectOf(kept.values.metadata),
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(own).length > 0 && { promptdev: own as JsonObject }),
  };
  return {
    name,
    ...(title !== '' && title !== name && { displayName: title }),
    ...(description !== '' && { description }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...modelOf(prompt, kept, losses),
    ...(inputs.length > 0 && { inputs }),
    ...(isWhole && outputs.length > 0 && { outputs }),
    ...(content.responseSchema === null &&
      kept.values.outputs !== undefined &&
      kept.version === 'v2' && { outputs: kept.values.outputs }),
    ...(tools.length > 0 && { tools }),
    template: (kept.version === 'v2' ? kept.values.template : undefined) ?? usualTemplate,
  };
}

function modelOf({ name, content }: ImportedPrompt, { version, values }: Kept, losses: Losses): JsonObject {
  const { model, temperature, topP, maxTokens, stop, seed } = content.settings;
  const parameters = objectOf(values.parameters);
  const options = {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stopSequences: stop }),
    ...(version === 'v2' ? parameters : Object.keys(parameters).length > 0 && { additionalProperties: parameters }),
  };
  const others = version === 'v2' ? objectOf(values.model) : connectionOf(objectOf(values.configuration), name, losses);
  const whole = {
    ...(model !== null && { id: model }),
    ...others,
    ...(Object.keys(options).length > 0 && { options }),
  };
  return Object.keys(whole).length === 0 ? {} : { model: whole };
}

/** The configuration of version 1 as a connection of version 2. */
function connectionOf(configuration: JsonObject, name: string, losses: Losses): JsonObject {
  const {
    type,
    azure_endpoint: azure,
    base_url: base,
    azure_deployment: _,
    model: __,
    name: ___,
    ...others
  } = configuration;
  for (const key of Object.keys(others))
    losses.add('dropped', 'connection', `${name}: ${key}`, 'Version 2 of Prompty has no such member.');
  const endpoint = azure ?? base;
  return {
    ...(typeof type === 'string' && { provider: type === 'azure_openai' ? 'azure' : type }),
    ...(typeof endpoint === 'string' && { connection: { kind: 'key', endpoint } }),
  };
}

function mediaInputs(messages: readonly MessageTemplate[]): ReadonlyMap<string, MediaKind> {
  const parts = messages.flatMap((message) => partsOf(message)).filter((part): part is MediaPart => isMedia(part));
  return new Map(parts.flatMap(({ type, input }) => (input === undefined ? [] : [[input, type] as const])));
}

/** Inputs as properties, and those that read back as something else. */
function writeInputs({ content }: ImportedPrompt, media: ReadonlyMap<string, MediaKind>, rest: JsonObject) {
  const inputs: JsonObject[] = [];
  const own: InputDeclaration[] = [];
  for (const input of content.inputs) {
    const { name, type, required, default: given, description, values, schema } = input;
    const property = {
      name,
      ...kindOf(type, schema, media.get(name)),
      ...((required || type === 'object' || type === 'array<string>') && { required }),
      ...(description !== '' && { description }),
      ...(given !== undefined && { default: given }),
      ...(type === 'enum' && values !== undefined && { enumValues: values }),
      ...objectOf(ownValue(rest, name)),
    };
    inputs.push(property);
    const [read] = readInputs([property], 'v2', createInputNames(createLosses()), createLosses()).inputs;
    if (canonicalJson({ description: '', ...read }) !== canonicalJson(input)) own.push(input);
  }
  return { inputs, own };
}

function kindOf(
  type: InputDeclaration['type'],
  schema: JsonObject | undefined,
  media: MediaKind | undefined,
): JsonObject {
  if (media !== undefined) return { kind: media };
  switch (type) {
    case 'number':
      return { kind: 'float' };
    case 'array<string>':
      return { kind: 'array', items: { kind: 'string' } };
    case 'object': {
      if (schema?.type === 'array') return { kind: 'array' };
      const properties = schema === undefined ? null : propertiesOfSchema(schema);
      return { kind: 'object', ...(properties !== null && { properties }) };
    }
    case 'messages':
      return { kind: 'thread' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'string':
    case 'enum':
      return { kind: 'string' };
  }
}

/** Functions, with what was kept of them; `parameters` are schemas that say more than a list of properties. */
function writeTools(tools: readonly Tool[], rest: JsonObject) {
  const parameters: [string, JsonObject][] = [];
  const written = tools.map(({ name, description, parameters: schema }): JsonObject => {
    const { bound, ...others } = objectOf(ownValue(rest, name));
    const isEmpty = Object.keys(schema).length === 0;
    const properties = isEmpty ? [] : propertiesOfSchema(schema);
    const isWhole =
      properties !== null &&
      (isEmpty || canonicalJson(schemaOfProperties(readProperties(properties))) === canonicalJson(schema));
    const all = [...(properties ?? []), ...(Array.isArray(bound) ? (bound as readonly JsonObject[]) : [])];
    if (!isWhole) parameters.push([name, schema]);
    return {
      name,
      kind: 'function',
      ...(description !== '' && { description }),
      ...(all.length > 0 && { parameters: all }),
      ...others,
    };
  });
  return { tools: written, parameters: Object.fromEntries(parameters) };
}

function bodyOf({ name, content, metadata }: ImportedPrompt, { values }: Kept, losses: Losses): string {
  const attributes = Array.isArray(values.roleAttributes) ? values.roleAttributes.filter(isMapping) : [];
  const marker = (role: string, index: number) => {
    const kept = attributes.find((each) => each.message === index && each.role === role)?.attributes;
    const pairs = Object.entries(objectOf(kept)).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `${role}${pairs.length > 0 ? `[${pairs.join(',')}]` : ''}:`;
  };
  for (const message of content.messages) {
    if (!isPlaceholder(message)) continue;
    const input = content.inputs.find((each) => each.name === message.placeholder);
    if ((input?.required === false) !== (message.optional === true))
      losses.add(
        'approximated',
        'placeholder',
        `${name}: ${message.placeholder}`,
        'Whether the messages may be absent is said by the input alone.',
      );
  }
  return writeRoles(
    content,
    name,
    {
      marker,
      keepsInner: objectOf(metadata.import).format === 'prompty',
      placeholder: ({ placeholder }) => `{{${placeholder}}}`,
      media: ({ input }) => (input === undefined ? null : `{{${input}}}`),
    },
    losses,
  );
}

function objectOf(value: unknown): JsonObject {
  return isMapping(value) ? (value as JsonObject) : {};
}
