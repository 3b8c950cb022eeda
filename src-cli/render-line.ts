import { z } from 'zod';
import { doubledKeyProblem } from '../src-core/content/inputs/doubled-keys.ts';
import { parseWrittenJson, settleValues, type WrittenObject } from '../src-core/content/inputs/written-json.ts';
import { renderContent } from '../src-core/content/templates/render-content.ts';
import { contentOfRendered } from '../src-core/content/templates/rendered-message.ts';
import { contentSchema, syntaxes } from '../src-core/contract/content.ts';
import { messageSchema, type RenderedMessage } from '../src-core/contract/messages.ts';
import type { TemplateLoader } from '../src-core/ports.ts';
import { toAppError } from '../src-core/scope/errors.ts';
import { parseJsonInputs, parseTemplate, renderTemplate } from '../src-core/templates/engine.ts';
import { type Inputs, type Problem, TemplateError } from '../src-core/templates/runtime/types.ts';
import { describeProblem } from './describe-problem.ts';

/** Any JSON; the engine looks at what a template uses, and how deep and large it may be. */
const valuesSchema = z.record(z.string(), z.unknown());

const lineSchema = z.object({
  template: z.string().optional(),
  messages: z.array(messageSchema).min(1).optional(),
  vars: valuesSchema.nullish(),
  /** Values as in `vars`, or declarations as in a prompt file. */
  inputs: z.union([valuesSchema, contentSchema.shape.inputs.unwrap()]).nullish(),
  syntax: z.enum(syntaxes).default('jinja'),
  /** Templates that this one may include, by name. */
  includes: z.record(z.string(), z.string()).nullish(),
  strict: z.boolean().nullish(),
});
type Line = z.infer<typeof lineSchema>;

export type LineAnswer =
  | { readonly output: string }
  | { readonly messages: readonly RenderedMessage[] }
  | { readonly error: LineError };

interface LineError {
  readonly code: string;
  /** One sentence; of several problems one each. */
  readonly message: string;
  readonly hint?: string;
  /** The included template that it stands in. */
  readonly template?: string;
  /** Line and column in the template, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Names that other tools use for these keys, to report them: a wrong key must not look like missing values. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  template: ['source', 'prompt', 'text'],
  vars: ['context', 'variables', 'data', 'values', 'params'],
  includes: ['partials', 'templates'],
};

/** Renders one line of `render --jsonl`. Never throws. */
export function renderLine(text: string, number = 1, strict = false): LineAnswer {
  try {
    const row = parseJson(text, number);
    if ('error' in row) return row;
    const parsed = lineSchema.safeParse(row.value);
    const complaint = complaintOf(row.value, parsed.error);
    if (complaint !== null || !parsed.success) return invalid(`Line ${number}: ${complaint}`);
    const line = { ...parsed.data, strict: parsed.data.strict ?? strict };
    return line.messages === undefined && !Array.isArray(line.inputs)
      ? { output: renderTemplateOf(line, text) }
      : renderMessages(line, text);
  } catch (error) {
    if (error instanceof RangeError) return invalid('The values nest too deep; give them in fewer levels.');
    return error instanceof TemplateError ? problemAnswer(error.problem) : { error: toAppError(error).toData() };
  }
}

function renderTemplateOf({ template: source = '', vars, inputs, ...line }: Line, text: string): string {
  const { template, problems } = parseTemplate(source, { syntax: line.syntax });
  if (template === null) throw new TemplateError(problems.find(({ severity }) => severity === 'error')!);
  const exact = line.syntax === 'jinja' ? exactValues(text) : null;
  const values = exact ?? ((vars ?? inputs ?? {}) as Inputs);
  return renderTemplate(template, values, { ...optionsOf(line), sourceMap: false }).output;
}

/** A line with several messages or declared inputs is rendered like a prompt. */
function renderMessages({ template, messages, vars, inputs, ...line }: Line, text: string): LineAnswer {
  const declared = Array.isArray(inputs) ? inputs : [];
  const content = contentSchema.parse({
    syntax: line.syntax,
    messages: messages ?? [{ role: 'user', content: template }],
    inputs: declared,
  });
  const given = (vars ?? (Array.isArray(inputs) ? {} : inputs) ?? {}) as Inputs;
  const { values, problems: inexact } =
    declared.length === 0 ? { values: given, problems: [] } : settleValues(writtenValues(text), content.inputs);
  if (inexact[0] !== undefined) return invalid(inexact[0].message);
  const rendered = renderContent(content, values, { ...optionsOf(line), sourceMap: false });
  if (rendered.messages === null) {
    const errors = rendered.problems.filter(({ severity }) => severity === 'error');
    const placed = errors.map(({ start, ...problem }) => ({ ...problem, line: start?.line ?? null }));
    const message = placed.map((problem) => describeProblem(problem, content.messages.length > 1)).join(' ');
    return { error: { code: 'invalid', message } };
  }
  if (messages === undefined) return { output: rendered.messages[0]?.text ?? '' };
  return {
    messages: rendered.messages.map((message) => ({ role: message.role, content: contentOfRendered(message) })),
  };
}

function optionsOf({ includes, strict }: Pick<Line, 'includes' | 'strict'>) {
  const loader: TemplateLoader = {
    load: (name) => (includes && Object.hasOwn(includes, name) ? { source: includes[name]! } : null),
  };
  return { loader, strict: strict ?? false };
}

/**
 * The line's values as Python reads them, with `1.0` distinct from `1` and exact long integers; null when they are
 * nested too deep.
 */
function exactValues(text: string): Inputs | null {
  try {
    const { vars, inputs } = parseJsonInputs(text) as { readonly vars?: Inputs; readonly inputs?: Inputs };
    return vars ?? inputs ?? {};
  } catch {
    return null;
  }
}

/** The line's values with their numbers as they were written. */
function writtenValues(text: string): WrittenObject {
  const { vars } = parseWrittenJson(text) as { readonly vars?: WrittenObject | null };
  return vars ?? {};
}

function parseJson(text: string, number: number): { readonly value: unknown } | { readonly error: LineError } {
  try {
    const value: unknown = JSON.parse(text);
    const doubled = doubledKeyProblem(text);
    return doubled === null ? { value } : invalid(`Line ${number} is refused: ${doubled.replace(' line 1,', '')}.`);
  } catch (error) {
    return invalid(`Line ${number} is not valid JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
}

const example = '{"template":"Hi {{ name }}","vars":{"name":"Ada"}}';

/** What is wrong with a line as such; null when nothing is. */
function complaintOf(value: unknown, error: z.ZodError | undefined): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `a line must be a JSON object like ${example}.`;
  const row = value as Readonly<Record<string, unknown>>;
  const has = (key: string) => Object.hasOwn(row, key);
  const isMeant = (key: string, other: string) =>
    has(other) && (typeof row[other] === 'object') === (key !== 'template');
  for (const [key, others] of Object.entries(otherNames)) {
    const other = others.find((name) => isMeant(key, name));
    const isGiven = has(key) || (key === 'template' && has('messages')) || (key === 'vars' && has('inputs'));
    if (other !== undefined && !isGiven)
      return `"${other}" is not a key of a line; it has "template" or "messages", "vars" or "inputs", "includes", "syntax" and "strict". Did you mean "${key}"?`;
  }
  if (!has('template') && !has('messages')) return `"template" is missing; a line looks like ${example}.`;
  const [issue] = error?.issues ?? [];
  return issue === undefined ? null : `"${issue.path.join('.')}" is wrong: ${issue.message}.`;
}

function invalid(message: string): { readonly error: LineError } {
  return { error: { code: 'invalid', message } };
}

function problemAnswer({ message, hint, template, start }: Problem): LineAnswer {
  const error: LineError = {
    code: 'invalid',
    message,
    ...(hint !== undefined && { hint }),
    ...(template !== null && { template }),
    line: start.line,
    column: start.column,
  };
  return { error };
}
