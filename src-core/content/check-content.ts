import type { InputType, PromptContent, Syntax } from '../contract/content.ts';
import type { JsonObject } from '../contract/shared.ts';
import type { TemplateLoader } from '../ports.ts';
import { inputsOf, parseTemplate } from '../templates/engine.ts';
import type { Position } from '../templates/types.ts';
import { checkDeclarations } from './coerce-inputs.ts';
import { type ContentProblem, inputProblem, templateProblem } from './content-problem.ts';
import { includesOf } from './includes-of.ts';

/** Where an input is first used, and every path by which it is read. */
interface Use {
  readonly messageIndex: number;
  readonly template: string | null;
  readonly start: Position;
  readonly end: Position;
  readonly paths: string[];
}

/** What a template and everything it includes read. */
interface Survey {
  readonly uses: Map<string, Use>;
  /** False when a template cannot be parsed or an include is computed or missing: then "unused" cannot be known. */
  complete: boolean;
}

/**
 * Everything that can be said about a prompt without values: errors of the templates and declarations, and warnings,
 * each with a fix, for inputs that are used but not declared or declared but not used (includes counted in).
 */
export function checkContent(content: PromptContent, loader?: TemplateLoader): readonly ContentProblem[] {
  const problems: ContentProblem[] = checkDeclarations(content.inputs).map(inputProblem);
  const survey: Survey = { uses: new Map(), complete: true };
  for (const [index, message] of content.messages.entries()) {
    const parsed = parseTemplate(message.content, { syntax: content.syntax });
    problems.push(...parsed.problems.map((problem) => templateProblem(problem, index)));
    surveySource(survey, message.content, content.syntax, null, index, loader, new Set());
  }
  const declared = new Set(content.inputs.map(({ name }) => name));
  for (const [name, use] of survey.uses) {
    if (!declared.has(name)) problems.push(undeclaredProblem(name, use));
  }
  if (!survey.complete) return problems;
  return [...problems, ...[...declared].filter((name) => !survey.uses.has(name)).map(unusedProblem)];
}

function surveySource(
  survey: Survey,
  source: string,
  syntax: Syntax,
  template: string | null,
  messageIndex: number,
  loader: TemplateLoader | undefined,
  seen: Set<string>,
): void {
  const parsed = parseTemplate(source, { syntax, name: template });
  if (parsed.template === null) {
    survey.complete = false;
    return;
  }
  for (const { name, paths } of inputsOf(parsed.template)) {
    const known = survey.uses.get(name);
    const first = paths[0];
    if (known !== undefined) known.paths.push(...paths.map(({ path }) => path));
    else if (first !== undefined) {
      const { start, end } = first;
      survey.uses.set(name, { messageIndex, template, start, end, paths: paths.map(({ path }) => path) });
    }
  }
  const { names, computed } = includesOf(source);
  if (computed) survey.complete = false;
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const included = loader?.load(name) ?? null;
    if (included === null) survey.complete = false;
    else surveySource(survey, included.source, syntax, name, messageIndex, loader, seen);
  }
}

function undeclaredProblem(name: string, use: Use): ContentProblem {
  const { messageIndex, template, start, end } = use;
  const fix = { kind: 'declare', name, ...suggestType(name, use.paths) } as const;
  const message = `Input "${name}" is used but not declared.`;
  return { severity: 'warning', code: 'undeclared', message, messageIndex, input: name, template, start, end, fix };
}

function unusedProblem(name: string): ContentProblem {
  const message = `Input "${name}" is declared but no message uses it.`;
  const nowhere = { messageIndex: null, template: null, start: null, end: null } as const;
  return { severity: 'warning', code: 'unused', message, input: name, ...nowhere, fix: { kind: 'remove', name } };
}

function suggestType(
  name: string,
  paths: readonly string[],
): { readonly type: InputType; readonly schema?: JsonObject } {
  const rests = paths.map((path) => path.slice(name.length));
  if (rests.some((rest) => rest.startsWith('.'))) return { type: 'object' };
  // A list of objects is an `object` input whose schema says that it is a list.
  if (rests.some((rest) => rest.startsWith('[].'))) return { type: 'object', schema: { type: 'array' } };
  return { type: rests.some((rest) => rest.startsWith('[')) ? 'array<string>' : 'string' };
}
