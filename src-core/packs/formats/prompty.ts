import { canonicalJson } from '../../content/hash-content.ts';
import { ownValue } from '../../contract/json.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Format, ReadFile } from '../format.ts';
import type { ImportProblem } from '../imported.ts';
import { importIncludes } from '../jinja/import-includes.ts';
import { inferInputs } from '../jinja/infer-inputs.ts';
import { readMarker } from '../jinja/role-markers.ts';
import { templateProblems } from '../jinja/template-problems.ts';
import type { Losses } from '../losses.ts';
import { type InputDraft, type PromptDraft, toImportedPrompt } from '../prompt-draft.ts';
import { readPromptyText } from '../prompty/front-values.ts';
import { readOwn } from '../prompty/own-metadata.ts';
import { readProperties, schemaOfProperties } from '../prompty/properties.ts';
import { readBody } from '../prompty/read-body.ts';
import { readInputs } from '../prompty/read-inputs.ts';
import { readModel } from '../prompty/read-model.ts';
import { readTools } from '../prompty/read-tools.ts';
import { usualTemplate, writePrompty } from '../prompty/write-prompty.ts';
import { refusal } from '../refusal.ts';
import type { Source } from '../source.ts';
import { createInputNames, type InputNames, pathStem } from '../text/names.ts';
import { isMapping, readYaml } from '../text/read-yaml.ts';

/** `.prompty` of Microsoft: front matter and a template with role lines; people have version 1, version 2 is of 2025. */
export const prompty: Format = {
  title: 'Prompty',
  ids: ['prompty'],
  detect(source) {
    if (source.name.endsWith('.prompty')) return { id: 'prompty', sureness: 'certain' };
    const front = source.frontMatter();
    if (front === null || !front.body.split('\n').some((line) => readMarker(line) !== null)) return null;
    const yaml = readYaml(front.yaml);
    if ('problem' in yaml || !isMapping(yaml.value) || !isMapping(yaml.value.model)) return null;
    return signOfVersion(yaml.value as JsonObject) === null ? null : { id: 'prompty', sureness: 'likely' };
  },
  async read(source, { id }, losses) {
    const text = await readPromptyText(source, losses);
    if (text.body.trim() === '')
      throw refusal(`${source.path} has no text below its front matter.`, { reason: 'no-messages' });
    const version = signOfVersion(text.values) ?? 'v1';
    const language = languageOf(text.values.template, source.path);
    const read = await readDraft(text.values, text.body, { version, language, source, losses });
    const prompt = toImportedPrompt(read.draft, { format: id, version }, losses);
    const problems = language === 'jinja' ? templateProblems(text.body, 'jinja', text.line) : [];
    return { version, prompts: [prompt], problems: [...read.problems, ...problems] } satisfies ReadFile;
  },
  write: writePrompty,
};

interface Reading {
  readonly version: 'v1' | 'v2';
  readonly language: 'jinja' | 'mustache';
  readonly source: Source;
  readonly losses: Losses;
}

/** Null when nothing says which version it is. */
function signOfVersion({ model, inputs, sample, authors, template, outputs }: JsonObject): 'v1' | 'v2' | null {
  const has = (value: Json | undefined, keys: readonly string[]) =>
    isMapping(value) && keys.some((key) => Object.hasOwn(value, key));
  if (typeof model === 'string' || has(model, ['id', 'options', 'apiType', 'connection'])) return 'v2';
  if (has(model, ['api', 'configuration', 'parameters'])) return 'v1';
  const members = isMapping(inputs) ? Object.values(inputs) : Array.isArray(inputs) ? inputs : [];
  if (
    members.some((member) => has(member, ['kind'])) ||
    Array.isArray(inputs) ||
    has(template, ['format', 'parser']) ||
    has(outputs, ['kind'])
  )
    return 'v2';
  if (sample !== undefined || authors !== undefined || members.some((member) => has(member, ['type']))) return 'v1';
  return members.length > 0 ? 'v2' : null;
}

function languageOf(template: Json | undefined, path: string): 'jinja' | 'mustache' {
  const given = isMapping(template) ? (template.format ?? template.type ?? template.kind) : template;
  const kind = isMapping(given) ? (given.kind ?? given.type) : given;
  if (kind === undefined || kind === null || kind === '') return 'jinja';
  if (kind === 'mustache') return 'mustache';
  if (kind === 'jinja2' || kind === 'jinja' || kind === 'prompty') return 'jinja';
  throw refusal(
    `${path} is written in the template language "${String(kind).slice(0, 60)}"; Prompty's are jinja2 and mustache.`,
    { reason: 'template-format' },
  );
}

async function readDraft(
  values: JsonObject,
  body: string,
  { version, language, source, losses }: Reading,
): Promise<{ readonly draft: PromptDraft; readonly problems: readonly ImportProblem[] }> {
  const { name, displayName, description, metadata, tags, authors, version: ownVersion, ...more } = values;
  const { model, inputs, outputs, tools, sample, template, $schema: _, ...unknown } = more;
  const names = createInputNames(losses);
  const read = readInputs(inputs, version, names, losses);
  const readOf = { model: readModel(model, losses), tools: readTools(tools, losses) };
  const {
    messages: converted,
    attributes,
    histories,
    shown,
  } = readBody(body, { version, language, inputs: read, names, losses });
  if (converted.length === 0) throw refusal(`${source.path} has roles without any text.`, { reason: 'no-messages' });
  const messages: MessageTemplateInput[] = [];
  for (const message of converted)
    messages.push(
      typeof message.content === 'string'
        ? { ...message, content: await importIncludes(message.content, 'jinja', source, losses) }
        : message,
    );
  const { promptdev, ...theirs } = isMapping(metadata) ? (metadata as JsonObject) : {};
  const own = readOwn(promptdev);
  const about = { ...theirs, ...withoutUndefined({ tags, authors, version: ownVersion }) };
  const { tags: allTags, ...aboutRest } = about;
  for (const key of Object.keys(aboutRest))
    losses.add('kept', 'metadata', key, 'It has no home here. It is kept in the metadata.');
  for (const key of Object.keys(unknown))
    losses.add('kept', 'unknown-key', key, 'It is no key of the format. It is kept in the metadata.');
  const outputProperties = version === 'v2' ? readProperties(outputs) : [];
  if (outputs !== undefined && outputProperties.length === 0)
    losses.add('kept', 'outputs', 'outputs', 'It says no schema. It is kept in the metadata.');
  if (sample !== undefined && !isMapping(sample))
    losses.add('kept', 'sample', 'sample', 'It holds no values by names of inputs. It is kept in the metadata.');
  const title = [displayName, name].find((each) => typeof each === 'string');
  const draft: PromptDraft = {
    name:
      typeof name === 'string' && name.trim() !== ''
        ? name
        : pathStem(source.path.slice(source.path.lastIndexOf('/') + 1)),
    title: typeof title === 'string' ? title : undefined,
    description: typeof description === 'string' ? description : undefined,
    tags: Array.isArray(allTags)
      ? allTags
          .filter((tag): tag is string => typeof tag === 'string')
          .map((tag) => tag.trim().slice(0, 50))
          .filter((tag) => tag !== '')
          .slice(0, 50)
      : undefined,
    labels: own.labels,
    messages,
    inputs: allInputs(withOwn(read.inputs, own.inputs ?? []), histories, messages, shown),
    inputSources: names.sources(),
    settings: { ...readOf.model.settings, ...withoutUndefined({ fallbacks: own.fallbacks, extra: own.settingsExtra }) },
    tools: [...readOf.model.tools, ...readOf.tools.tools]
      .slice(0, 128)
      .map((tool) => ({ ...tool, parameters: ownValue(own.toolParameters ?? {}, tool.name) ?? tool.parameters })),
    responseSchema:
      own.responseSchema ??
      readOf.model.responseSchema ??
      (outputProperties.length > 0 ? schemaOfProperties(outputProperties) : null),
    samples: own.samples ?? samplesOf(sample, read.examples, names),
    kept: {
      ...readOf.model.kept,
      ...(Object.keys(aboutRest).length > 0 && { metadata: aboutRest }),
      ...(Object.keys(read.rest).length > 0 && { inputs: read.rest }),
      ...(Object.keys(readOf.tools.rest).length > 0 && { tools: readOf.tools.rest }),
      ...(attributes.length > 0 && { roleAttributes: attributes }),
      ...(outputs !== undefined && outputProperties.length === 0 && { outputs }),
      ...(language === 'jinja' && hasOptions(template) && { template }),
      ...(sample !== undefined && !isMapping(sample) && { sample }),
      ...(Object.keys(unknown).length > 0 && { other: unknown }),
    },
  };
  return { draft, problems: inputProblems(inputs) };
}

/** Whether a template says more of itself than its language. */
function hasOptions(template: Json | undefined): boolean {
  return isMapping(template) && canonicalJson(template) !== canonicalJson(usualTemplate);
}

/** Declared ones first; what a placeholder takes holds messages, whatever the file calls it. */
function allInputs(
  declared: readonly InputDraft[],
  histories: ReadonlySet<string>,
  messages: readonly MessageTemplateInput[],
  shown: readonly InputDraft[],
): readonly InputDraft[] {
  const own = declared.map(({ schema, ...input }): InputDraft => {
    if (histories.has(input.name)) return { ...input, type: 'messages' };
    return schema === undefined ? input : { ...input, schema };
  });
  const known = new Set(own.map(({ name }) => name));
  const inferred = inferInputs(messages).filter(({ name }) => !known.has(name));
  return [
    ...own,
    ...inferred.map((input) => shown.find(({ name }) => name === input.name && !histories.has(name)) ?? input),
  ];
}

function withOwn(inputs: readonly InputDraft[], own: readonly InputDraft[]): readonly InputDraft[] {
  return inputs.map((input) => own.find(({ name }) => name === input.name) ?? input);
}

/** The sample of version 1, else the examples that inputs have. */
function samplesOf(sample: Json | undefined, examples: JsonObject, names: InputNames): PromptDraft['samples'] {
  const values = isMapping(sample)
    ? Object.fromEntries(Object.entries(sample as JsonObject).map(([key, value]) => [names.legal(key), value]))
    : examples;
  return Object.keys(values).length === 0 ? [] : [{ name: 'Sample', inputs: values }];
}

function inputProblems(inputs: Json | undefined): readonly ImportProblem[] {
  if (inputs === undefined || inputs === null || isMapping(inputs)) return [];
  if (!Array.isArray(inputs)) return [{ message: '"inputs" is neither a list nor a mapping; it is left out.' }];
  return inputs.flatMap((input, index) => {
    const isNamed = isMapping(input) && typeof input.name === 'string' && input.name.trim() !== '';
    return isNamed ? [] : [{ message: `Item ${index + 1} of "inputs" has no name; it is left out.` }];
  });
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as JsonObject;
}
