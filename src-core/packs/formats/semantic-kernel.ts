import type { Json, JsonObject } from '../../contract/shared.ts';
import { schemaOfObject, typeOfSchema } from '../dotprompt/schema-inputs.ts';
import type { Format } from '../format.ts';
import { createHandlebarsConverter } from '../handlebars/handlebars-to-jinja.ts';
import { parseHandlebars } from '../handlebars/parse-handlebars.ts';
import { splitMessages } from '../handlebars/split-messages.ts';
import type { Losses } from '../losses.ts';
import { type InputDraft, type PromptDraft, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { splitLiquid } from '../semantic-kernel/liquid-messages.ts';
import { hasMessages, withMarkers } from '../semantic-kernel/message-tags.ts';
import { parseNativeTemplate } from '../semantic-kernel/native-template.ts';
import { readSettings, readVariables, type Variable } from '../semantic-kernel/prompt-config.ts';
import { writeSemanticKernel } from '../semantic-kernel/write-semantic-kernel.ts';
import { createSource, noFolder, type Source } from '../source.ts';
import { lookAtMapping } from '../text/look-at-mapping.ts';
import { mergeInputs } from '../text/merge-inputs.ts';
import { createInputNames, fileStem, type InputNames } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

const syntaxes = ['semantic-kernel', 'handlebars', 'liquid'];
const knownKeys = [
  ...['schema', 'type', 'name', 'description', 'template', 'template_format', 'templateFormat', 'completion', 'input'],
  ...['input_variables', 'inputVariables', 'execution_settings', 'executionSettings'],
];

type Mapping = Readonly<Record<string, unknown>>;

/** Prompts of Semantic Kernel: `skprompt.txt` with a `config.json` beside it, or one YAML (or JSON) file. */
export const semanticKernel: Format = {
  title: 'Semantic Kernel',
  ids: ['semantic-kernel'],
  detect(source) {
    if (source.name === 'skprompt.txt') return { id: 'semantic-kernel', sureness: 'certain' };
    const file = lookAtMapping(source, ['template']);
    if (file === null || typeof file.template !== 'string' || file._type !== undefined) return null;
    const format = file.template_format ?? file.templateFormat;
    if (typeof format === 'string' && syntaxes.includes(format)) return { id: 'semantic-kernel', sureness: 'certain' };
    const variables = file.input_variables ?? file.inputVariables;
    const hasVariables = Array.isArray(variables) && variables.length > 0 && variables.every(isMapping);
    const isOwn = hasVariables || isMapping(file.execution_settings ?? file.executionSettings);
    return format === undefined && isOwn ? { id: 'semantic-kernel', sureness: 'certain' } : null;
  },
  async read(source, { id }, losses) {
    const isFolder = source.name === 'skprompt.txt';
    const { config, problem } = isFolder ? await configBeside(source) : { config: configOf(source), problem: null };
    const file = withoutSecrets(config, losses);
    const template = (isFolder ? source.text : String(file.template ?? '')).replace(/\r\n?/g, '\n');
    const syntax = file.template_format ?? file.templateFormat ?? 'semantic-kernel';
    if (typeof syntax !== 'string' || !syntaxes.includes(syntax))
      throw refusal(`${source.path}: the template format "${String(syntax)}" is not read here.`, { reason: 'syntax' });
    const variables = readVariables(file);
    const names = createInputNames(losses);
    const { settings, responseSchema, kept } = readSettings(file, losses);
    const converted =
      syntax === 'liquid'
        ? liquidDraft(template, variables, losses)
        : convertedDraft(source.path, template, syntax, variables, names, losses);
    if (converted.messages.length === 0)
      throw refusal(`${source.path} has no text: nothing of it would be sent.`, { reason: 'no-messages' });
    const prompt = toImportedPrompt(
      {
        name: isFolder ? folderName(source.path) : nameOf(source.path, file),
        title: !isFolder && typeof file.name === 'string' ? file.name : '',
        description: typeof file.description === 'string' ? file.description : '',
        ...converted,
        settings,
        responseSchema,
        kept: {
          ...kept,
          template_format: syntax === 'semantic-kernel' ? undefined : syntax,
          ...keptOfVariables(variables, losses),
          ...unknownKeys(file, losses),
        },
      },
      { format: id },
      losses,
    );
    return { prompts: [prompt], problems: problem === null ? [] : [{ message: problem }] };
  },
  write: (prompts, losses) => prompts.map((prompt) => writeSemanticKernel(prompt, losses)),
};

function mappingOf(source: Source): Mapping | null {
  const json = source.json();
  if ('value' in json) return isMapping(json.value) ? json.value : null;
  const yaml = source.yaml();
  return 'value' in yaml && isMapping(yaml.value) ? yaml.value : null;
}

function configOf(source: Source): Mapping {
  const config = mappingOf(source);
  if (config === null || typeof config.template !== 'string')
    throw refusal(`${source.path} is no prompt of Semantic Kernel: it has no "template".`, { reason: 'no-messages' });
  return config;
}

/** The configuration may be missing; one that cannot be read is a problem, and the prompt is imported all the same. */
async function configBeside(source: Source): Promise<{ readonly config: Mapping; readonly problem: string | null }> {
  const found = await source.find('config.json');
  if (found.kind === 'missing') return { config: {}, problem: null };
  if (found.kind !== 'file')
    return { config: {}, problem: 'config.json cannot be read, so its settings are left out.' };
  const json = createSource(found.file, noFolder).json();
  if ('value' in json && isMapping(json.value)) return { config: json.value, problem: null };
  const why = 'problem' in json ? json.problem : 'It is no object.';
  return { config: {}, problem: `${found.file.path} is not valid JSON, so its settings are left out: ${why}` };
}

type Converted = Pick<PromptDraft, 'messages' | 'inputs' | 'inputSources' | 'syntax'>;

function convertedDraft(
  path: string,
  template: string,
  syntax: string,
  variables: readonly Variable[],
  names: InputNames,
  losses: Losses,
): Converted {
  const spellings = new Map(variables.map(({ name }) => [name.toLowerCase(), name]));
  const spelling = (name: string) => {
    const known = spellings.get(name.toLowerCase()) ?? name;
    spellings.set(name.toLowerCase(), known);
    return known;
  };
  const parsed =
    syntax === 'handlebars' ? parseHandlebars(template, path) : parseNativeTemplate(template, losses, spelling);
  const program = hasMessages(template) || syntax === 'handlebars' ? withMarkers(parsed) : parsed;
  const schemas = new Map(variables.flatMap(({ name, schema }) => (schema === null ? [] : [[name, schema] as const])));
  const declared = variables.map((variable) => draftOf(variable, names.legal(variable.name), losses));
  const absent = variables.filter(({ isRequired, default: preset }) => !isRequired && preset === undefined);
  const optional = new Set(absent.map(({ name }) => name));
  const context = { dialect: 'semantic-kernel', names, losses, schemas, optional, partials: new Map() } as const;
  const converter = createHandlebarsConverter(program, context);
  const first = hasMessages(template) ? null : 'user';
  const messages = splitMessages(program, converter, losses, { first, afterHistory: first });
  const sources = names.sources();
  const isTyped = (name: string) => schemas.has(sources[name] ?? name);
  return {
    messages,
    inputs: mergeInputs(messages, declared, converter.inputs(), isTyped),
    inputSources: sources,
  };
}

/** Liquid is read here as it is, names included. */
function liquidDraft(template: string, variables: readonly Variable[], losses: Losses): Converted {
  const messages = splitLiquid(template, losses);
  const declared = variables.map((variable) => draftOf(variable, variable.name, losses));
  return { syntax: 'liquid', messages, inputs: mergeInputs(messages, declared, [], () => true) };
}

function draftOf(
  { name: source, description, isRequired, default: preset, schema }: Variable,
  name: string,
  losses: Losses,
): InputDraft {
  const type = schema === null ? typeOfValue(preset) : typeOfSchema(source, schema, losses);
  return {
    name,
    type,
    required: isRequired,
    description,
    ...(preset !== undefined && { default: preset as Json }),
    ...(type === 'enum' && { values: textsOf(schema?.enum) }),
    ...(type === 'object' && schema !== null && schemaOfObject(schema)),
    ...(type === 'object' && schema === null && Array.isArray(preset) && { schema: { type: 'array' } as JsonObject }),
  };
}

function textsOf(values: Json | undefined): string[] {
  return Array.isArray(values) ? values.filter((value: Json): value is string => typeof value === 'string') : [];
}

function typeOfValue(value: unknown): NonNullable<InputDraft['type']> {
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean';
  return typeof value === 'object' && value !== null ? 'object' : 'string';
}

/** `Writer/Letter/skprompt.txt` is the function `Letter` of the plugin `Writer`. */
function folderName(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.length === 0 ? 'skprompt' : folders.slice(-2).join('/');
}

function nameOf(path: string, { name }: Mapping): string {
  return typeof name === 'string' && name.trim() !== '' ? name : fileStem(path);
}

/** What declarations have besides what an input has, by their names. */
function keptOfVariables(variables: readonly Variable[], losses: Losses): Mapping {
  const kept = variables.filter(({ others }) => Object.keys(others).length > 0);
  for (const { name, others } of kept)
    for (const key of Object.keys(others))
      losses.add('kept', 'unknown-key', `${name}.${key}`, 'An input has no such field. It is kept in the metadata.');
  if (kept.length === 0) return {};
  return { input_variables: Object.fromEntries(kept.map(({ name, others }) => [name, others])) };
}

function unknownKeys(file: Mapping, losses: Losses): Mapping {
  const unknown = Object.entries(file).filter(([key, value]) => !knownKeys.includes(key) && value !== null);
  for (const [key] of unknown)
    losses.add('kept', 'unknown-key', key, 'It has no field here. It is kept in the metadata.');
  return Object.fromEntries(unknown);
}
