import type { InputType, PromptContent, Syntax } from '../../contract/content.ts';
import { mostInputs } from '../../contract/input-name.ts';
import { inputsBeside, isPlaceholder, templatesOf } from '../../contract/message-texts.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { TemplateLoader } from '../../ports.ts';
import { parseTemplate } from '../../templates/engine.ts';
import type { FreeInput, Position } from '../../templates/runtime/types.ts';
import { unfitName, unreadableName } from '../../templates/template-input-name.ts';
import { surveyInputs } from '../../templates/template-inputs.ts';
import { checkDeclarations } from '../inputs/coerce-inputs.ts';
import { type ContentProblem, inputProblem, templateProblem } from './content-problem.ts';
import { syntaxTitles, watchIncludes } from './foreign-includes.ts';
import { partProblems } from './part-problems.ts';
import { withReplacements } from './problem-edits.ts';

/** Where an input is first used, and every path by which it is read. */
interface Use extends Pick<ContentProblem, 'part' | 'template'> {
  readonly messageIndex: number;
  /** Null where it is read beside the templates: by an image, or as a placeholder. */
  readonly start: Position | null;
  readonly end: Position | null;
  readonly paths: string[];
  /** What it must be, where the place tells. */
  readonly type?: InputType;
}

/**
 * Everything that can be said about a prompt without values: errors of the templates and declarations, and warnings,
 * each with a fix, for inputs that are used but not declared or declared but not used (includes counted in).
 */
export function checkContent(content: PromptContent, loader?: TemplateLoader): readonly ContentProblem[] {
  const problems: ContentProblem[] = checkDeclarations(content.inputs).map(inputProblem);
  for (const { name } of content.inputs) {
    const unreadable = unreadableName(name, content.syntax);
    if (unreadable !== null) problems.push(nameProblem(name, content.syntax, unreadable));
  }
  const uses = new Map<string, Use>();
  const includes = watchIncludes(loader, content.syntax);
  const maybeUsed = new Set<string>();
  /** False when a template cannot be parsed or an include is computed or missing: then "unused" cannot be known. */
  let complete = true;
  for (const [messageIndex, message] of content.messages.entries()) {
    problems.push(...partProblems(message, messageIndex, content.inputs));
    for (const name of inputsBeside(message)) {
      const type = isPlaceholder(message) ? 'messages' : 'string';
      const nowhere = { template: null, start: null, end: null, paths: [] };
      if (!uses.has(name)) uses.set(name, { messageIndex, type, ...nowhere });
    }
    for (const { text, part } of templatesOf(message)) {
      const parsed = parseTemplate(text, { syntax: content.syntax });
      problems.push(...parsed.problems.map((problem) => templateProblem(problem, messageIndex, part)));
      const survey = parsed.template === null ? null : surveyInputs(parsed.template, includes.loader ?? null);
      problems.push(...includes.problems(parsed.template, messageIndex, part));
      if (survey?.complete !== true) complete = false;
      for (const input of survey?.inputs ?? []) noteUse(uses, input, messageIndex, part);
      for (const name of survey?.maybe ?? []) maybeUsed.add(name);
    }
  }
  const declared = new Set(content.inputs.map(({ name }) => name));
  for (const [name, use] of uses) {
    if (!declared.has(name)) problems.push(undeclaredProblem(name, use, content));
  }
  if (complete)
    problems.push(...[...declared].filter((name) => !uses.has(name) && !maybeUsed.has(name)).map(unusedProblem));
  return withReplacements(content, problems);
}

function noteUse(uses: Map<string, Use>, { name, paths }: FreeInput, messageIndex: number, part?: number): void {
  const all = paths.map(({ path }) => path);
  const known = uses.get(name);
  // The message itself is a better place to show than what it includes.
  const first = paths.find(({ template }) => template === null) ?? paths[0];
  if (known !== undefined) known.paths.push(...all);
  else if (first !== undefined) {
    const { template, start, end } = first;
    uses.set(name, { messageIndex, ...(part !== undefined && { part }), template, start, end, paths: all });
  }
}

function undeclaredProblem(name: string, use: Use, { inputs, syntax }: PromptContent): ContentProblem {
  const { messageIndex, part, template, start, end } = use;
  const by = template === null ? '' : ` by the included "${template}"`;
  const message = `Input "${name}" is used${by} but not declared.`;
  const place = { messageIndex, ...(part !== undefined && { part }), template, start, end };
  const problem = { severity: 'warning', code: 'undeclared', input: name, ...place } as const;
  // A remedy that would be refused is none; then the sentence says why the input cannot be declared.
  const unfit = unfitName(name, syntax);
  if (unfit !== null) return { ...problem, message: `${message} ${unfit}` };
  if (inputs.length >= mostInputs)
    return { ...problem, message: `${message} A prompt has at most ${mostInputs} inputs.` };
  return {
    ...problem,
    message,
    fix: { kind: 'declare', name, ...(use.type === undefined ? suggestType(name, use.paths) : { type: use.type }) },
  };
}

/** A prompt's syntax may have been another one when the input was named. */
function nameProblem(name: string, syntax: Syntax, reason: string): ContentProblem {
  const message = `No ${syntaxTitles[syntax]} template can read an input "${name}". ${reason}`;
  const nowhere = { messageIndex: null, template: null, start: null, end: null } as const;
  return { severity: 'error', code: 'input_declaration', message, input: name, ...nowhere };
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
