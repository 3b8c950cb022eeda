import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { convertTemplate } from '../text/escape-text.ts';
import type { InputNames } from '../text/names.ts';

/** `{{name}}`, or with a type and its properties, as in `{{words | number:min=5:default=50}}`. */
const variable = /\{\{\s*([^|{}\s]+)\s*(?:\|((?:"(?:[^"\\]|\\.)*"|[^"}])*))?\}\}/g;
/** Filled by the application itself, from the clock, the browser and the person. */
const system = /^(?:CLIPBOARD|CURRENT_[A-Z_]+|USER_[A-Z_]+)$/;
const readProperties = ['type', 'placeholder', 'label', 'default', 'required', 'options'];

/** The variables of one prompt. */
export interface Variables {
  convert(text: string): string;
  /** Declarations of those that a prompt's messages read, in the order in which they first came. */
  used(messages: readonly MessageTemplateInput[]): readonly InputDraft[];
  sources(): Readonly<Record<string, string>>;
  /** Properties that inputs do not have here, by variable. */
  kept(): JsonObject | undefined;
}

type Properties = Readonly<Record<string, Json>>;

export function createVariables(names: InputNames, losses: Losses): Variables {
  const inputs = new Map<string, InputDraft>();
  const typed = new Set<string>();
  const kept: [string, JsonObject][] = [];
  const declare = (source: string, definition: string | undefined): InputDraft => {
    const name = names.legal(source);
    const known = inputs.get(name);
    if (known !== undefined && (definition === undefined || typed.has(name))) return known;
    if (definition !== undefined) typed.add(name);
    const input = system.test(source) ? systemInput(source, name, losses) : inputOf(name, source, definition);
    inputs.set(name, input.input);
    if (Object.keys(input.rest).length > 0) kept.push([source, input.rest]);
    for (const key of Object.keys(input.rest))
      losses.add('kept', `variable-${key}`, source, 'Inputs have no such property here. It is kept in the metadata.');
    return input.input;
  };
  return {
    convert(text) {
      // A type may stand at any use of a variable, and decides how each of them prints.
      for (const [, name = '', definition] of text.matchAll(variable)) declare(name, definition);
      return convertTemplate(text, variable, ([, source = '']) => {
        const input = declare(source, undefined);
        return { jinja: input.type === 'boolean' ? `{{ ${input.name} | lower }}` : `{{ ${input.name} }}` };
      });
    },
    used(messages) {
      const text = messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n');
      const read = new Set([...text.matchAll(/\{\{ ([^\s"{}]+) (?:\| lower )?\}\}/g)].map(([, name]) => name));
      return [...inputs.values()].filter(({ name }) => read.has(name));
    },
    sources: () => names.sources(),
    kept: () => (kept.length === 0 ? undefined : Object.fromEntries(kept)),
  };
}

interface Declared {
  readonly input: InputDraft;
  readonly rest: JsonObject;
}

function systemInput(source: string, name: string, losses: Losses): Declared {
  losses.add(
    'approximated',
    'system-variable',
    source,
    'Open WebUI fills it in by itself; here it is an input that may stay empty.',
  );
  return { input: { name, type: 'string', required: false, description: `${source} of Open WebUI` }, rest: {} };
}

function inputOf(name: string, source: string, definition: string | undefined): Declared {
  if (definition === undefined) return { input: { name, type: 'string', required: true }, rest: {} };
  const properties = propertiesOf(definition);
  const { type, placeholder, label, default: given, required, options } = properties;
  const description = [placeholder, label].find((each) => typeof each === 'string' && each !== '') ?? '';
  const values = type === 'select' ? valuesOf(options) : [];
  const kind =
    type === 'number' || type === 'range'
      ? 'number'
      : type === 'checkbox'
        ? 'boolean'
        : values.length > 0
          ? 'enum'
          : 'string';
  const fallback = defaultOf(kind, given);
  const rest = Object.entries(properties).filter(
    ([key]) => !readProperties.includes(key) || (key === 'options' && values.length === 0),
  );
  const isOwnType = !['text', 'textarea', 'number', 'select', 'checkbox'].includes(String(type));
  return {
    input: {
      name,
      type: kind,
      required: (required === true || required === 'true') && fallback === undefined,
      description: String(description),
      ...(fallback !== undefined && { default: fallback }),
      ...(kind === 'enum' && { values }),
    },
    rest: { ...Object.fromEntries(rest), ...(isOwnType && source !== '' && { type: type ?? '' }) },
  };
}

function defaultOf(kind: string, given: Json | undefined): Json | undefined {
  if (given === undefined || given === '' || (given === true && kind !== 'boolean')) return undefined;
  if (kind === 'number') return Number.isFinite(Number(given)) ? Number(given) : undefined;
  if (kind === 'boolean') return given === true || given === 'true';
  return typeof given === 'string' ? given : JSON.stringify(given);
}

/** Options are texts, or objects with a value. */
function valuesOf(options: Json | undefined): readonly string[] & string[] {
  return (Array.isArray(options) ? options : []).flatMap((option: Json) => {
    const value =
      typeof option === 'object' && option !== null && !Array.isArray(option) ? (option as JsonObject).value : option;
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
}

/** As Open WebUI reads them: parts between colons, each a flag or `key=value`. */
function propertiesOf(definition: string): Properties {
  const [first = '', ...parts] = splitOutside(definition, ':');
  const entries = parts.flatMap((part): readonly [string, Json][] => {
    const equals = splitOutside(part, '=');
    const [key = '', ...values] = equals;
    if (key === '' || key === '__proto__') return [];
    return [[key, values.length === 0 ? true : propertyValue(values.join('='))]];
  });
  return { type: first.startsWith('type=') ? first.slice('type='.length) : first, ...Object.fromEntries(entries) };
}

/** Splits where a character stands outside quotes, brackets and braces. */
function splitOutside(text: string, delimiter: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (character === '\\') {
      parts[parts.length - 1] += character + (text[index + 1] ?? '');
      index += 1;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '[' || character === '{')) depth += 1;
    else if (!isQuoted && (character === ']' || character === '}')) depth -= 1;
    if (character === delimiter && !isQuoted && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

function propertyValue(text: string): Json {
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1);
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
