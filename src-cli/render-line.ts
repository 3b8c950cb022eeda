import { z } from 'zod';
import { syntaxes } from '../src-core/contract/content.ts';
import { toAppError } from '../src-core/errors.ts';
import type { TemplateLoader } from '../src-core/ports.ts';
import { parseJsonInputs, parseTemplate, renderTemplate } from '../src-core/templates/engine.ts';
import { type Inputs, type Problem, TemplateError } from '../src-core/templates/types.ts';

const lineSchema = z.object({
  template: z.string(),
  /** Any JSON; the engine looks at what a template uses, and how deep and large it may be. */
  vars: z.record(z.string(), z.unknown()).default({}),
  syntax: z.enum(syntaxes).default('jinja'),
  /** Templates that this one may include, by name. */
  includes: z.record(z.string(), z.string()).default({}),
});

export type LineAnswer =
  | { readonly output: string }
  | { readonly error: { readonly code: string; readonly message: string; readonly line?: number } };

/** Renders one line of `render --jsonl`. Never throws. */
export function renderLine(line: string): LineAnswer {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success)
    return invalid('A line must be a JSON object like {"template":"Hi {{ name }}","vars":{"name":"Ada"}}.');
  const { template: source, syntax, includes } = parsed.data;
  try {
    const { template, problems } = parseTemplate(source, { syntax });
    if (template === null) return problemAnswer(problems.find((problem) => problem.severity === 'error')!);
    const loader: TemplateLoader = {
      load: (name) => (Object.hasOwn(includes, name) ? { source: includes[name]! } : null),
    };
    const vars = (syntax === 'jinja' && exactVars(line)) || (parsed.data.vars as Inputs);
    return { output: renderTemplate(template, vars, { loader, sourceMap: false }).output };
  } catch (error) {
    return error instanceof TemplateError ? problemAnswer(error.problem) : { error: toAppError(error).toData() };
  }
}

/** The line's `vars` with `1.0` told from `1` and long integers kept, as Python reads them; null when they nest too deep for that. */
function exactVars(line: string): Inputs | null {
  try {
    const { vars = {} } = parseJsonInputs(line) as { readonly vars?: Inputs };
    return vars;
  } catch {
    return null;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function invalid(message: string): LineAnswer {
  return { error: { code: 'invalid', message } };
}

function problemAnswer(problem: Problem): LineAnswer {
  return { error: { code: 'invalid', message: problem.message, line: problem.start.line } };
}
