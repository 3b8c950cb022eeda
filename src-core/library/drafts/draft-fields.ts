import { isExactNumber, parseExactJson } from '../../content/inputs/written-json.ts';
import {
  contentSchema,
  type InputDeclaration,
  type InputType,
  type PromptContent,
  samplingSchema,
} from '../../contract/content.ts';
import { canonicalInputName } from '../../contract/input-name.ts';
import { type Json, type JsonObject, promptNameSchema } from '../../contract/shared.ts';
import { unfitName } from '../../templates/template-input-name.ts';

/** Where the editor shows a field. */
export type FieldPlace = 'header' | 'inputs' | 'settings' | 'messages';

/** What a text makes of a content, or what is wrong with the text as one sentence. */
export type Written = { readonly content: PromptContent } | { readonly error: string };

/** A field of a prompt that a person edits as text. */
export interface DraftField {
  /** As in `Response schema`. */
  readonly label: string;
  readonly place: FieldPlace;
  /** Its text when it shows what the content says. */
  readonly read: (content: PromptContent) => string;
  readonly write: (content: PromptContent, text: string) => Written;
}

type NumberName = 'temperature' | 'topP' | 'maxTokens' | 'seed';

const numberFields: Readonly<Record<NumberName, { readonly label: string; readonly allowed: string }>> = {
  temperature: { label: 'Temperature', allowed: 'Expected a number from 0 to 2.' },
  topP: { label: 'Top p', allowed: 'Expected a number from 0 to 1.' },
  maxTokens: { label: 'Max tokens', allowed: 'Expected a whole number from 1 to 1,000,000.' },
  seed: { label: 'Seed', allowed: 'Expected a whole number from 0 to 4,294,967,295.' },
};
const mostStops = 16;

/** Path of the whole content as it is shown, when the contract does not allow it. */
export const wholePath = 'content';

/** Path of the name of a prompt; paths that begin like it are the prompt's own and not its content's. */
export const promptNamePath = 'prompt/name';

/** Paths of the number fields of the model settings, and of everything else that a content has one of. */
export function settingPath(name: NumberName | 'stop'): string {
  return `settings/${name}`;
}
export const responseSchemaPath = 'responseSchema';
export const toolsPath = 'tools';

export type InputPart = 'name' | 'default' | 'values' | 'schema';

/** Path of a part of an input's declaration. */
export function inputPath(name: string, part: InputPart): string {
  return `inputs/${name}/${part}`;
}

/** The input and the part of its declaration that a path names; null for other paths. */
export function inputOfPath(path: string): { readonly name: string; readonly part: InputPart } | null {
  const [, name, part] = inputPathPattern.exec(path) ?? [];
  return name === undefined ? null : { name, part: part as InputPart };
}

const inputPathPattern = /^inputs\/(.+)\/(name|default|values|schema)$/su;

/** The field at a path; null when the content has no such field (any more). */
export function fieldAt(path: string, content: PromptContent): DraftField | null {
  if (path === responseSchemaPath) return responseSchemaField;
  if (path === toolsPath) return toolsField;
  if (path === settingPath('stop')) return stopField;
  if (path === promptNamePath) return nameField;
  if (path === wholePath) return wholeField;
  const [, setting] = /^settings\/(\w+)$/.exec(path) ?? [];
  if (setting !== undefined && Object.hasOwn(numberFields, setting)) return numberField(setting as NumberName);
  const place = inputOfPath(path);
  const input = place && content.inputs.find(({ name }) => name === place.name);
  if (place === null || input === null || input === undefined) return null;
  switch (place.part) {
    case 'name':
      return inputNameField(input);
    case 'default':
      return defaultField(input);
    case 'values':
      return input.type === 'enum' ? valuesField(input) : null;
    case 'schema':
      return input.type === 'object' ? inputSchemaField(input) : null;
  }
}

const nameField: DraftField = {
  label: 'Name of the prompt',
  place: 'header',
  read: () => '',
  write: (content, text) => checked(content, promptNameSchema.safeParse(text.trim())),
};

const responseSchemaField: DraftField = {
  label: 'Response schema',
  place: 'settings',
  read: ({ responseSchema }) => printJson(responseSchema),
  write: (content, text) => {
    const parsed = parseJson(text, 'object');
    if ('error' in parsed) return parsed;
    return { content: { ...content, responseSchema: parsed.value as JsonObject | null } };
  },
};

const toolsField: DraftField = {
  label: 'Tools',
  place: 'settings',
  read: ({ tools }) => printJson(tools as unknown as Json),
  write: (content, text) => {
    const parsed = parseJson(text, 'array');
    if ('error' in parsed) return parsed;
    const tools = contentSchema.shape.tools.safeParse(parsed.value);
    if (tools.success) return { content: { ...content, tools: tools.data } };
    const [issue] = tools.error.issues;
    const [index, ...rest] = issue?.path ?? [];
    const where = typeof index === 'number' ? `Tool ${[index + 1, ...rest].join(', ')}: ` : '';
    return { error: `${where}${issue?.message}` };
  },
};

const stopField: DraftField = {
  label: 'Stop',
  place: 'settings',
  read: ({ settings }) => (settings.stop ?? []).map((text) => text.replaceAll('\n', '\\n')).join('\n'),
  write: (content, text) => {
    const stop = linesOf(text).map((line) => line.replaceAll('\\n', '\n'));
    if (stop.length > mostStops)
      return { error: `At most ${mostStops} texts, one per line; these are ${stop.length}.` };
    return { content: { ...content, settings: { ...content.settings, stop: stop.length === 0 ? undefined : stop } } };
  },
};

function numberField(name: NumberName): DraftField {
  const { label, allowed } = numberFields[name];
  return {
    label,
    place: 'settings',
    read: ({ settings }) => (settings[name] === undefined ? '' : String(settings[name])),
    write: (content, text) => {
      const value = text.trim() === '' ? undefined : Number(text);
      if (!samplingSchema.shape[name].safeParse(value).success) return { error: allowed };
      return { content: { ...content, settings: { ...content.settings, [name]: value } } };
    },
  };
}

/** The editor renames in messages, samples and values too; here only what can be said of the name alone. */
function inputNameField(input: InputDeclaration): DraftField {
  return {
    label: `Name of the input “${input.name}”`,
    place: 'inputs',
    read: () => input.name,
    write: (content, text) => {
      const name = canonicalInputName(text.trim());
      const taken = content.inputs.some((other) => other.name !== input.name && other.name === name);
      if (taken) return { error: `There is another input “${name}”.` };
      const problem = name === input.name ? null : unfitName(name, content.syntax);
      return problem === null ? { content } : { error: problem };
    },
  };
}

const defaultField = (input: InputDeclaration): DraftField => ({
  label: `Default of the input “${input.name}”`,
  place: 'inputs',
  read: () => textOfDefault(input.default),
  write: (content, text) => {
    const parsed = parseDefault(input.type, text);
    return 'error' in parsed ? parsed : { content: withInput(content, input, { default: parsed.value }) };
  },
});

const valuesField = (input: InputDeclaration): DraftField => ({
  label: `Allowed values of the input “${input.name}”`,
  place: 'inputs',
  read: () => (input.values ?? []).join('\n'),
  write: (content, text) => ({
    content: withInput(content, input, { values: text.split('\n').filter((line) => line.trim() !== '') }),
  }),
});

const inputSchemaField = (input: InputDeclaration): DraftField => ({
  label: `JSON Schema of the input “${input.name}”`,
  place: 'inputs',
  read: () => printJson(input.schema ?? null),
  write: (content, text) => {
    const parsed = parseJson(text, 'object');
    if ('error' in parsed) return parsed;
    return { content: withInput(content, input, { schema: (parsed.value as JsonObject | null) ?? undefined }) };
  },
});

const wholeField: DraftField = {
  label: 'The prompt',
  place: 'messages',
  read: (content) => JSON.stringify(content),
  write: (_content, text) => {
    const read = parseExactJson(text);
    if ('error' in read) return read;
    const parsed = contentSchema.safeParse(read.value);
    return parsed.success ? { content: parsed.data } : { error: describeIssue(parsed.error.issues[0]) };
  },
};

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** As in `inputs 3, name: An input name …`. */
function describeIssue(issue: Issue | undefined): string {
  const where = issue?.path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join(', ') ?? '';
  return `${where === '' ? '' : `${where}: `}${issue?.message}`;
}

/** Where the editor shows what is wrong with the whole content. */
export function placeOfWhole(text: string): FieldPlace {
  const read = parseExactJson(text);
  const part = 'error' in read ? undefined : contentSchema.safeParse(read.value).error?.issues[0]?.path[0];
  if (part === 'messages' || part === undefined) return 'messages';
  return part === 'inputs' || part === 'samples' ? 'inputs' : 'settings';
}

function checked(
  content: PromptContent,
  parsed: { readonly success: boolean; readonly error?: { readonly issues: readonly Issue[] } | undefined },
): Written {
  return parsed.success ? { content } : { error: parsed.error?.issues[0]?.message ?? 'This is not allowed.' };
}

function withInput(content: PromptContent, input: InputDeclaration, change: Partial<InputDeclaration>): PromptContent {
  const changed = Object.entries({ ...input, ...change }).filter(([, value]) => value !== undefined);
  const next = Object.fromEntries(changed) as InputDeclaration;
  return { ...content, inputs: content.inputs.map((other) => (other.name === input.name ? next : other)) };
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const printJson = (value: Json): string =>
  value === null || (Array.isArray(value) && value.length === 0) ? '' : JSON.stringify(value, null, 2);

/** Nothing is null or an empty list. */
function parseJson(text: string, kind: 'object' | 'array'): { readonly value: Json } | { readonly error: string } {
  if (text.trim() === '') return { value: kind === 'array' ? [] : null };
  const parsed = parseExactJson(text);
  if ('error' in parsed) return parsed;
  const { value } = parsed;
  const isKind =
    kind === 'array' ? Array.isArray(value) : typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isKind) return parsed;
  return { error: kind === 'array' ? 'Expected a list: [ … ].' : 'Expected an object: { … }.' };
}

const textOfDefault = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A default as a value of the input's type; an empty text is none. */
export function parseDefault(
  type: InputType,
  text: string,
): { readonly value: Json | undefined } | { readonly error: string } {
  if (text === '') return { value: undefined };
  if (type === 'string' || type === 'enum') return { value: text };
  const parsed = parseExactJson(text);
  switch (type) {
    case 'number':
      if (Number.isFinite(Number(text)) && !isExactNumber(text))
        return { error: 'This has more digits than a number keeps; declare the input as a string.' };
      return 'value' in parsed && typeof parsed.value === 'number'
        ? parsed
        : { error: 'Expected a number, as in 0.5.' };
    case 'boolean':
      return 'value' in parsed && typeof parsed.value === 'boolean' ? parsed : { error: 'Expected true or false.' };
    case 'array<string>':
      return 'value' in parsed && !Array.isArray(parsed.value) ? { error: 'Expected a list: [ … ].' } : parsed;
    case 'object':
      return parsed;
    case 'messages':
      return 'value' in parsed && !Array.isArray(parsed.value)
        ? { error: 'Expected a list of messages: [ … ].' }
        : parsed;
  }
}
