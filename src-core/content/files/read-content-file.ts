import { z } from 'zod';
import {
  contentSchema,
  inputSchema,
  modelSettingsSchema,
  type PromptContent,
  toolSchema,
} from '../../contract/content.ts';
import { messageKeys, partKeys } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import { nearestName } from '../../templates/runtime/diagnostics.ts';
import {
  firstInexact,
  isWrittenObject,
  parseWrittenJson,
  parseWrittenYaml,
  plainJson,
  settleValues,
  textJson,
  type WrittenJson,
  type WrittenObject,
} from '../inputs/written-json.ts';

/** What a file said about a prompt besides its content. */
export interface ContentFile {
  readonly content: PromptContent;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

const samplesSchema = contentSchema.shape.samples.unwrap();

/** The keys of a file, and of the objects in it, by path; `*` stands for any index. */
const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': ['title', 'description', 'tags', 'template', ...Object.keys(contentSchema.shape)],
  'messages.*': messageKeys,
  'messages.*.content.*': partKeys,
  'inputs.*': Object.keys(inputSchema.shape),
  settings: Object.keys(modelSettingsSchema.shape),
  'tools.*': Object.keys(toolSchema.shape),
  'samples.*': Object.keys(samplesSchema.element.shape),
};

/** What else a file may say of the prompt. */
const metadataSchema = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

/**
 * Reads a prompt from a file's text. `.json`, `.yaml` and `.yml` hold a content (`messages`, `inputs`, `settings`, …;
 * `template` may stand for one user message), also with `title`, `description` and `tags`. Every other file is template
 * text: one user message, optionally behind YAML front matter with the same keys; text that merely begins with `---` is
 * text. Throws `invalid` naming file and field; a key that is not known is an error that names the nearest one.
 */
export function readContentFile(name: string, text: string): ContentFile {
  if (/\.json$/i.test(name)) return toContent(name, asObject(name, readJson(name, text)));
  if (/\.ya?ml$/i.test(name)) return toContent(name, asObject(name, readYaml(name, text)));
  const matter = frontMatterOf(name, text);
  if (matter === null) return toContent(name, { template: text });
  for (const key of ['template', 'messages']) {
    if (Object.hasOwn(matter.values, key))
      throw new AppError(
        'invalid',
        `${name} has "${key}" in its front matter and a text below it; write one of the two.`,
      );
  }
  return toContent(name, { ...matter.values, template: matter.body });
}

interface FrontMatter {
  readonly values: WrittenObject;
  readonly body: string;
}

/**
 * Front matter is a mapping between two lines of `---` whose keys are such as programs write, or with at least one of ours;
 * prose between two rules, also prose with colons in it, stays text.
 */
function frontMatterOf(name: string, text: string): FrontMatter | null {
  const found = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (found === null) return null;
  const [whole, yaml = ''] = found;
  const hasOwnKey = yaml
    .split('\n')
    .some((line) => knownKeys['']!.includes(/^["']?(\w+)["']?[ \t]*:/.exec(line)?.[1] ?? ''));
  const values = hasOwnKey ? readYaml(name, yaml) : readYamlOrNull(yaml);
  if (!isWrittenObject(values)) return null;
  const keys = Object.keys(values);
  const isMeant = hasOwnKey || keys.every((key) => /^[a-z_$][\w$-]*$/.test(key) || nearestKey(key, '') !== null);
  return isMeant ? { values, body: text.slice(whole.length) } : null;
}

function readYamlOrNull(text: string): WrittenJson {
  try {
    return parseWrittenYaml(text);
  } catch {
    return null;
  }
}

function readJson(name: string, text: string): WrittenJson {
  return parsed(name, 'JSON', () => parseWrittenJson(text));
}

function readYaml(name: string, text: string): WrittenJson {
  return parsed(name, 'YAML', () => parseWrittenYaml(text));
}

function parsed(name: string, format: string, parse: () => WrittenJson): WrittenJson {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof RangeError ? 'it nests too deep.' : (error as Error).message.split('\n')[0];
    throw new AppError('invalid', `${name} is not valid ${format}: ${reason}`);
  }
}

function asObject(name: string, value: WrittenJson): WrittenObject {
  if (isWrittenObject(value)) return value;
  throw new AppError('invalid', `${name} should hold an object with "messages" or "template".`);
}

function toContent(name: string, file: WrittenObject): ContentFile {
  const unknown = firstUnknown(file, '', '');
  if (unknown !== null) throw new AppError('invalid', `${name}: ${unknown}`);
  const { template, title, description, tags, ...rest } = file;
  if (template !== undefined && rest.messages !== undefined)
    throw new AppError('invalid', `${name} has both "template" and "messages"; write one of the two.`);
  const inexact = firstRounded(rest);
  if (inexact !== null)
    throw new AppError('invalid', `${name}: ${inexact} has more digits than a number keeps; write it in quotes.`);
  const messages = template === undefined ? rest.messages : [{ role: 'user', content: template }];
  const asText = Object.entries({ title, description, tags }).filter(([, value]) => value !== undefined);
  const metadata = checked(
    name,
    metadataSchema,
    Object.fromEntries(asText.map(([key, value]) => [key, textJson(value ?? '')])),
  );
  const content = checked(name, contentSchema, {
    ...(plainJson(rest) as JsonObject),
    ...(messages !== undefined && { messages: plainJson(messages) }),
    ...valuesAsWritten(name, rest),
  });
  return { content, ...metadata };
}

function checked<Schema extends z.ZodType>(name: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError('invalid', `${name}: "${issue?.path.join('.') || 'the whole'}" is wrong: ${issue?.message}`);
}

/** Defaults, allowed values and samples, whose digits count where the input is text. */
function valuesAsWritten(name: string, { inputs, samples }: WrittenObject): { inputs?: unknown; samples?: unknown } {
  if (!Array.isArray(inputs)) return {};
  const list = inputs as readonly WrittenJson[];
  const declared = inputSchema.array().safeParse(list.map((input) => plainJson(withoutValues(input)))).data ?? [];
  const settle = (values: WrittenObject): JsonObject => {
    const { values: settled, problems } = settleValues(values, declared);
    if (problems[0] !== undefined) throw new AppError('invalid', `${name}: ${problems[0].message}`);
    return settled;
  };
  return {
    inputs: list.map((input) => {
      if (!isWrittenObject(input)) return plainJson(input);
      const { default: given, values } = input;
      const settled = given === undefined ? {} : settle({ [String(input.name)]: given });
      return {
        ...(plainJson(input) as JsonObject),
        ...(given !== undefined && { default: Object.values(settled)[0] }),
        ...(values !== undefined && { values: textJson(values) }),
      };
    }),
    ...(Array.isArray(samples) && {
      samples: (samples as readonly WrittenJson[]).map((sample) =>
        isWrittenObject(sample) && isWrittenObject(sample.inputs)
          ? { ...(plainJson(sample) as JsonObject), inputs: settle(sample.inputs) }
          : plainJson(sample),
      ),
    }),
  };
}

/** The first number that would lose digits where no input says that it is text. */
function firstRounded({ inputs, samples: _, ...others }: WrittenObject): string | null {
  const schemas = Array.isArray(inputs) ? (inputs as readonly WrittenJson[]).map(withoutValues) : [];
  return firstInexact([...schemas, others]);
}

function withoutValues(input: WrittenJson): WrittenJson {
  if (!isWrittenObject(input)) return input;
  const { default: _, values: __, ...rest } = input;
  return rest;
}

/** The first key that nothing reads, as a sentence; `place` is where it stands, `pattern` the same with `*` for indices. */
function firstUnknown(value: WrittenJson | undefined, place: string, pattern: string): string | null {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = firstUnknown(item, `${place}.${index}`, `${pattern}.*`);
      if (found !== null) return found;
    }
    return null;
  }
  const known = knownKeys[pattern];
  if (!isWrittenObject(value) || known === undefined) return null;
  for (const [key, item] of Object.entries(value)) {
    if (!known.includes(key)) return unknownKey(key, place, pattern);
    const found = firstUnknown(item, joined(place, key), joined(pattern, key));
    if (found !== null) return found;
  }
  return null;
}

function joined(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

function unknownKey(key: string, place: string, pattern: string): string {
  const where = place === '' ? '' : ` in "${place}"`;
  const home = pattern === '' ? misplaced(key) : null;
  const meant = nearestKey(key, pattern);
  if (home !== null) return `"${key}" is not a key of a prompt file; did you mean "${home}"?`;
  if (meant !== null) return `"${key}" is not a key${where || ' of a prompt file'}; did you mean "${meant}"?`;
  return `"${key}" is not a key${where || ' of a prompt file'}; the keys are ${knownKeys[pattern]!.join(', ')}.`;
}

/** What other tools, and habit, call our keys. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  inputs: ['input', 'variables', 'vars', 'params', 'parameters', 'arguments'],
  template: ['prompt', 'text', 'body'],
  title: ['name'],
  tags: ['tag', 'labels'],
  responseSchema: ['response_schema', 'response_format', 'schema', 'output_schema'],
  'settings.maxTokens': ['max_tokens', 'max_output_tokens', 'max_completion_tokens'],
  'settings.topP': ['top_p'],
};

/** Where a key of the first level belongs instead. */
function misplaced(key: string): string | null {
  if (knownKeys.settings!.includes(key)) return `settings.${key}`;
  const home = Object.entries(otherNames).find(([, names]) => names.includes(key))?.[0] ?? null;
  if (home !== null) return home;
  const meant = nearestName(key, knownKeys.settings!);
  return meant !== null && nearestName(key, knownKeys['']!) === null ? `settings.${meant}` : null;
}

function nearestKey(key: string, pattern: string): string | null {
  const snake = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const known = knownKeys[pattern]!;
  return known.includes(snake) ? snake : nearestName(key, known);
}
