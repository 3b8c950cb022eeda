import type { Syntax } from '../../contract/content.ts';
import { inputsBeside, isPlaceholder, templatesOf, withTemplates } from '../../contract/message-texts.ts';
import type { MessageTemplate, MessageTemplateInput } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { parseTemplate } from '../../templates/engine.ts';
import { inputsOf } from '../../templates/template-inputs.ts';
import type { ImportedTest } from '../imported.ts';
import type { Losses } from '../losses.ts';
import type { InputDraft } from '../prompt-draft.ts';
import { convertNunjucks, type NunjucksUses } from '../text/convert-nunjucks.ts';

export interface TypedPrompt {
  readonly syntax: Syntax;
  readonly messages: readonly MessageTemplateInput[];
  readonly inputs: readonly InputDraft[];
}

/** Tests that are looked at for the types of inputs. */
const sampleSize = 200;
const asyncTags: Readonly<Record<string, string>> = {
  asyncEach: 'for',
  endeach: 'endfor',
  asyncAll: 'for',
  endall: 'endfor',
  ifAsync: 'if',
};

/** Chooses Jinja where it prints the same with the values of the tests, else nunjucks; and types the inputs by their use and values. */
export function typePrompt(
  given: readonly MessageTemplateInput[],
  tests: readonly ImportedTest[],
  where: string,
  losses: Losses,
): TypedPrompt {
  const messages = given.map((message) =>
    withTemplates(message as MessageTemplate, (text) => withoutAsync(text, where, losses)),
  );
  const texts = messages.flatMap((message) => templatesOf(message).map(({ text }) => text));
  const converted = texts.map(convertNunjucks);
  const uses = mergeUses(converted.map((each) => each.uses));
  const samples = tests.slice(0, sampleSize).map(({ inputs }) => inputs);
  const isJinja =
    !printsOtherwise(uses, samples) &&
    converted.every(({ jinja }) => jinja !== null && parseTemplate(jinja, {}).template !== null);
  const syntax = isJinja ? 'jinja' : 'nunjucks';
  let next = 0;
  const written = messages.map((message) =>
    withTemplates(message, () => {
      const each = converted[next++]!;
      return isJinja ? each.jinja! : each.nunjucks;
    }),
  );
  if (!isJinja) noteFaults(texts, where, losses);
  return { syntax, messages: written, inputs: inputsIn(written, syntax, uses, samples) };
}

function withoutAsync(text: string, where: string, losses: Losses): string {
  return text.replace(
    /(\{%[-+]?\s*)(asyncEach|endeach|asyncAll|endall|ifAsync)\b/g,
    (_, open: string, name: string) => {
      losses.add('approximated', 'statement', where, `"${name}" waits for nothing here; it is "${asyncTags[name]}".`);
      return open + asyncTags[name];
    },
  );
}

function noteFaults(texts: readonly string[], where: string, losses: Losses): void {
  for (const text of texts) {
    const { template, problems } = parseTemplate(text, { syntax: 'nunjucks' });
    const problem = template === null ? problems[0] : problems.find(({ code }) => code === 'unknown');
    if (problem !== undefined) losses.add('approximated', 'expression', where, problem.message);
  }
}

function mergeUses(all: readonly NunjucksUses[]): NunjucksUses {
  const merge = (key: keyof NunjucksUses) => new Set(all.flatMap((uses) => [...uses[key]]));
  return { printed: merge('printed'), asked: merge('asked'), dumped: merge('dumped'), compared: merge('compared') };
}

/** Lists, objects, booleans and nothing are printed in another way by Jinja, and empty ones are false there. */
function printsOtherwise(uses: NunjucksUses, samples: readonly Readonly<Record<string, Json>>[]): boolean {
  return samples.some((sample) => {
    const isOther = (path: string) => {
      const value = valueAt(sample, path);
      if (typeof value === 'object' && value !== null) return true;
      const isNested = path.includes('.');
      if (value === undefined && isNested) return isGapped(sample, path);
      return (typeof value === 'boolean' && (isNested || isCounted(path, uses))) || (value === null && isNested);
    };
    const isThing = (path: string) => typeof valueAt(sample, path) === 'object' && valueAt(sample, path) !== null;
    return [...uses.printed].some(isOther) || [...uses.asked].some(isThing);
  });
}

/** Whether something on the way to a value is missing: nothing in JavaScript, an error in Python. */
function isGapped(sample: Readonly<Record<string, Json>>, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('.'));
  const value = valueAt(sample, parent);
  return (typeof value !== 'object' || value === null) && Object.hasOwn(sample, parent.split('.')[0]!);
}

function isCounted(name: string, uses: NunjucksUses): boolean {
  return uses.compared.has(name) || uses.asked.has(name);
}

function valueAt(sample: Readonly<Record<string, Json>>, path: string): Json | undefined {
  let value: Json | undefined = sample;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, Json>)[key];
  }
  return value;
}

function inputsIn(
  messages: readonly MessageTemplate[],
  syntax: Syntax,
  uses: NunjucksUses,
  samples: readonly Readonly<Record<string, Json>>[],
): readonly InputDraft[] {
  const placeholders = new Set(messages.flatMap((message) => (isPlaceholder(message) ? inputsBeside(message) : [])));
  const found = new Map<string, InputDraft>();
  for (const message of messages) {
    for (const name of inputsBeside(message)) {
      if (found.has(name)) continue;
      if (isPlaceholder(message)) found.set(name, { name, type: 'messages', required: message.optional !== true });
      else if (!placeholders.has(name)) found.set(name, { name, type: 'string' });
    }
    for (const { text } of templatesOf(message)) {
      const { template } = parseTemplate(text, { syntax });
      if (template === null) continue;
      for (const { name, paths } of inputsOf(template)) {
        if (found.has(name) || placeholders.has(name)) continue;
        const values = samples.flatMap((sample) => (Object.hasOwn(sample, name) ? [sample[name]!] : []));
        const type = typeOf(
          name,
          paths.map(({ path }) => path),
          uses,
          values,
        );
        found.set(name, { name, ...type, ...(values.some((value) => value === null) && { required: false }) });
      }
    }
  }
  return [...found.values()];
}

function typeOf(
  name: string,
  paths: readonly string[],
  uses: NunjucksUses,
  values: readonly Json[],
): Pick<InputDraft, 'type' | 'schema'> {
  const given = values.filter((value) => value !== null);
  const every = (fits: (value: Json) => boolean) => given.length > 0 && given.every(fits);
  if (every((value) => Array.isArray(value)))
    return every((value) => (value as readonly Json[]).every((item) => typeof item === 'string'))
      ? { type: 'array<string>' }
      : { type: 'object', schema: { type: 'array' } };
  if (given.some((value) => typeof value === 'object')) return { type: 'object' };
  if (paths.some((path) => path.startsWith(`${name}[]`)))
    return paths.some((path) => /^\[\]./.test(path.slice(name.length)))
      ? { type: 'object', schema: { type: 'array' } }
      : { type: 'array<string>' };
  if (paths.some((path) => path !== name) && !every((value) => typeof value === 'string')) return { type: 'object' };
  if (given.length === 0) return { type: uses.dumped.has(name) ? 'object' : 'string' };
  if (every((value) => typeof value === 'boolean') && isCounted(name, uses)) return { type: 'boolean' };
  if (every((value) => typeof value === 'number') && isCounted(name, uses)) return { type: 'number' };
  if (uses.dumped.has(name) && !every((value) => typeof value === 'string')) return { type: 'object' };
  return { type: 'string' };
}
