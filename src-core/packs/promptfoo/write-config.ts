import { stringify } from 'yaml';
import type { PromptContent } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { WrittenFile } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';
import { writeMessages } from './write-messages.ts';
import { writeTests } from './write-tests.ts';

type Mapping = Readonly<Record<string, Json>>;

const schemaLine = '# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n';
/** What is kept of a prompt and does not stand at the top of a config. */
const ownKeys = new Set(['prompt', 'parameters', 'provider', 'providers', 'tests', 'scenarios', 'defaultTest']);

/** A config with a file for each prompt, their models as providers, and their samples as tests. */
export function writeConfig(prompts: readonly ImportedPrompt[], losses: Losses): readonly WrittenFile[] {
  const paths = new Set<string>();
  const written = prompts.map((prompt) => {
    noteLosses(prompt, losses);
    const { text, ending } = writeMessages(prompt.content, prompt.name, losses);
    const path = freePath(`prompts/${prompt.name}`, ending, paths);
    const kept = keptOf(prompt);
    const label = labelOf(prompt, kept, prompts.length === 1);
    return { prompt, kept, label, path, text, provider: providerOf(prompt, kept) };
  });
  const models = new Set(written.map(({ provider }) => JSON.stringify(provider)));
  const isShared = models.size === 1;
  const entries = written.map(({ path, label, kept, provider, prompt }) => {
    const own = isMapping(kept.prompt) ? kept.prompt : {};
    const config = provider === null ? parametersOf(prompt.content, kept) : {};
    const name = label ?? (isShared ? null : prompt.name);
    return {
      ...(typeof own.id === 'string' ? { id: own.id, raw: `file://${path}` } : { id: `file://${path}` }),
      ...(name !== null && { label: name }),
      ...(Object.keys(config).length > 0 && { config }),
    };
  });
  const descriptions = new Set(prompts.map(({ description }) => description));
  const [description = ''] = descriptions;
  const config = {
    ...(description !== '' && descriptions.size === 1 && { description }),
    prompts: entries,
    ...providersOf(written, isShared),
    ...writeTests(
      prompts.map((prompt) => ({ prompt, kept: keptOf(prompt) })),
      losses,
    ),
    ...Object.assign({}, ...written.map(({ kept }) => topOf(kept)).toReversed()),
  };
  const yaml = stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
  return [
    { path: 'promptfooconfig.yaml', text: schemaLine + yaml },
    ...written.map(({ path, text }) => ({ path, text })),
  ];
}

function freePath(stem: string, ending: string, used: Set<string>): string {
  let path = `${stem}.${ending}`;
  for (let number = 2; used.has(path); number += 1) path = `${stem}-${number}.${ending}`;
  used.add(path);
  return path;
}

/** What the prompt kept of a config of promptfoo. */
function keptOf({ metadata }: ImportedPrompt): Mapping {
  const origin = metadata.import;
  return isMapping(origin) && origin.format === 'promptfoo' && isMapping(origin.values)
    ? (origin.values as Mapping)
    : {};
}

function topOf(kept: Mapping): Mapping {
  return Object.fromEntries(Object.entries(kept).filter(([key]) => !ownKeys.has(key)));
}

function labelOf({ name }: ImportedPrompt, kept: Mapping, isOnly: boolean): string | null {
  if (isMapping(kept.prompt) && typeof kept.prompt.label === 'string') return kept.prompt.label;
  return isOnly ? null : name.slice(name.lastIndexOf('/') + 1);
}

/** The provider that a prompt's settings say; null where it has no model. */
function providerOf({ content }: ImportedPrompt, kept: Mapping): Mapping | null {
  const { model } = content.settings;
  const known = isMapping(kept.provider) ? (kept.provider as Mapping) : null;
  if (model === null) return known;
  const isSame = known?.id === model;
  const config = isSame && isMapping(known!.config) ? (known!.config as Mapping) : {};
  const { tools: _, functions: __, response_format: ___, ...connection } = config;
  const whole = { ...connection, ...parametersOf(content, kept), ...shapesOf(content, config) };
  return {
    id: model,
    ...(isSame && known!.label !== undefined && { label: known!.label }),
    ...(Object.keys(whole).length > 0 && { config: whole }),
  };
}

function parametersOf({ settings }: PromptContent, kept: Mapping): JsonObject {
  const { temperature, topP, maxTokens, stop, seed, extra } = settings;
  return {
    ...(isMapping(kept.parameters) ? (kept.parameters as JsonObject) : {}),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(seed !== undefined && { seed }),
    ...(extra !== undefined && { passthrough: extra }),
  };
}

/** Tools and the schema of answers; what was kept beside them stays beside them. */
function shapesOf({ tools, responseSchema }: PromptContent, config: Mapping): JsonObject {
  const others = Array.isArray(config.tools)
    ? (config.tools as readonly Json[]).filter((tool) => !isFunction(tool))
    : [];
  const own = tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, ...(description !== '' && { description }), parameters },
  }));
  const { response_format: format } = config;
  const schema =
    isMapping(format) && isMapping(format.json_schema) ? (format.json_schema.schema ?? format.json_schema) : undefined;
  const isSame =
    responseSchema !== null && schema !== undefined && JSON.stringify(schema) === JSON.stringify(responseSchema);
  const generated = { type: 'json_schema', json_schema: { name: 'answer', schema: responseSchema } };
  const answers = responseSchema === null ? (schema === undefined ? format : undefined) : isSame ? format : generated;
  return {
    ...((own.length > 0 || others.length > 0) && { tools: [...own, ...others] }),
    ...(answers !== undefined && { response_format: answers as Json }),
  };
}

function isFunction(tool: Json): boolean {
  if (!isMapping(tool)) return false;
  return (
    isMapping(tool.function) ||
    (typeof tool.name === 'string' && (tool.parameters !== undefined || tool.input_schema !== undefined))
  );
}

interface Written {
  readonly prompt: ImportedPrompt;
  readonly kept: Mapping;
  readonly label: string | null;
  readonly provider: Mapping | null;
}

function providersOf(written: readonly Written[], isShared: boolean): { readonly providers?: readonly Json[] } {
  const own = new Map<string, { readonly provider: Mapping; readonly labels: string[] }>();
  for (const { provider, label, prompt } of written) {
    if (provider === null) continue;
    const key = JSON.stringify(provider);
    const entry = own.get(key) ?? { provider, labels: [] };
    entry.labels.push(label ?? prompt.name);
    own.set(key, entry);
  }
  const ids = new Set([...own.values()].map(({ provider }) => provider.id));
  const others = new Map<string, Json>();
  for (const { kept } of written)
    for (const other of Array.isArray(kept.providers) ? (kept.providers as readonly Json[]) : [])
      if (!(isMapping(other) && !isShared && ids.has(other.id as Json))) others.set(JSON.stringify(other), other);
  const providers: readonly Json[] = [
    ...[...own.values()].map(({ provider, labels }) => (isShared ? provider : { ...provider, prompts: labels })),
    ...others.values(),
  ];
  return providers.length === 0 ? {} : { providers };
}

function noteLosses({ name, content, labels, tags, versions }: ImportedPrompt, losses: Losses): void {
  if (content.settings.fallbacks.length > 0)
    losses.add('dropped', 'fallbacks', name, 'promptfoo has no models that are tried when the first one fails.');
  if (content.extra !== undefined)
    losses.add('dropped', 'extra', name, 'What only one program knows of a prompt has no place there.');
  if (labels.length > 0 || tags.length > 0)
    losses.add('dropped', 'labels', name, 'promptfoo has no labels and tags of prompts.');
  if (versions.length > 0) losses.add('dropped', 'versions', name, 'A config has the newest version of a prompt only.');
  if (content.settings.model === null)
    losses.add('approximated', 'model', name, 'It names no model; add a provider to the config.');
  for (const input of content.inputs) {
    const isList = input.schema !== undefined && JSON.stringify(input.schema) === '{"type":"array"}';
    const isPlain = input.description === '' && input.default === undefined && input.values === undefined;
    if (!isPlain || (input.schema !== undefined && !isList))
      losses.add(
        'dropped',
        'input',
        `${name}.${input.name}`,
        'promptfoo has values of variables, and no types, defaults and descriptions.',
      );
  }
}
