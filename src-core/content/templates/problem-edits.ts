import type { PromptContent } from '../../contract/content.ts';
import { templatesOf } from '../../contract/message-texts.ts';
import { catalogueOf } from '../../templates/builtins/catalogue.ts';
import { nearestName } from '../../templates/runtime/diagnostics.ts';
import type { Position } from '../../templates/runtime/types.ts';
import { unreadableName } from '../../templates/template-input-name.ts';
import type { ContentProblem } from './content-problem.ts';

/** Another word for the one that a problem is about. */
export interface Replacement {
  readonly text: string;
  readonly start: Position;
  readonly end: Position;
}

/** A problem of one message, with the place of just the word that it is about, and words that may have been meant. */
export interface PlacedProblem {
  readonly problem: ContentProblem;
  readonly start: Position;
  readonly end: Position;
  readonly replacements: readonly Replacement[];
}

/** The problems, those of a misspelt word with its remedy when they have no other. */
export function withReplacements(
  content: PromptContent,
  problems: readonly ContentProblem[],
): readonly ContentProblem[] {
  return problems.map((problem) => {
    const { messageIndex, part } = problem;
    if (problem.fix !== undefined || messageIndex === null) return problem;
    const [replacement] = problemsIn(content, messageIndex, [problem], part)[0]?.replacements ?? [];
    return replacement === undefined
      ? problem
      : { ...problem, fix: { kind: 'replace', messageIndex, ...(part !== undefined && { part }), ...replacement } };
  });
}

/** The problems of one message, or of one of its parts, each placed on its word; those of an included prompt on the name that includes it. */
export function problemsIn(
  content: PromptContent,
  index: number,
  problems: readonly ContentProblem[],
  part?: number,
): readonly PlacedProblem[] {
  const message = content.messages[index];
  const source = message && templatesOf(message).find((template) => template.part === part)?.text;
  const lines = (source ?? '').split(/\r\n?|\n/);
  return problems.flatMap((problem) => {
    if (problem.messageIndex !== index || problem.part !== part || problem.start === null) return [];
    if (problem.template !== null) return placeOnInclude(lines, problem, problem.template, problem.start);
    return place(content, lines, problem, problem.start, problem.end ?? problem.start);
  });
}

function place(
  content: PromptContent,
  lines: readonly string[],
  problem: ContentProblem,
  start: Position,
  end: Position,
): PlacedProblem {
  const { wrong, known, before } = subjectOf(content, problem);
  const isExact = start.line === end.line && lines[start.line - 1]?.slice(start.column - 1, end.column - 1) === wrong;
  const found = isExact ? { start, end } : wrong === null ? null : findWord(lines, start, end, wrong, before);
  if (wrong === null || found === null) return { problem, start, end, replacements: [] };
  const meant = nearestName(wrong, known);
  return { problem, ...found, replacements: meant === null ? [] : [{ text: meant, ...found }] };
}

/** Nothing when the prompt is included by another included one, or under a name that is computed. */
function placeOnInclude(
  lines: readonly string[],
  problem: ContentProblem,
  template: string,
  { line, column }: Position,
): readonly PlacedProblem[] {
  const first = lines.findIndex((text) => text.includes(`'${template}'`) || text.includes(`"${template}"`));
  if (first < 0) return [];
  const at = Math.max(lines[first]?.indexOf(`'${template}'`) ?? -1, lines[first]?.indexOf(`"${template}"`) ?? -1) + 2;
  const start = { line: first + 1, column: at };
  const end = { line: first + 1, column: at + template.length };
  // That an input is read there is said with the name already.
  const message =
    problem.code === 'undeclared'
      ? problem.message
      : `In the included "${template}", line ${line}, column ${column}: ${problem.message}`;
  return [{ problem: { ...problem, message }, start, end, replacements: [] }];
}

interface Subject {
  /** The word that is not known. */
  readonly wrong: string | null;
  readonly known: Iterable<string>;
  /** What stands before the word, as a pattern. */
  readonly before: string;
}

/** What stands before a name of a kind, as a pattern. */
const before = { filter: '\\|\\s*', test: '\\bis\\s+(?:not\\s+)?', statement: '' } as const;

function subjectOf({ inputs, syntax }: PromptContent, { code, unknown, input }: ContentProblem): Subject {
  if (unknown !== undefined) {
    const { filters, tests, statements } = catalogueOf(syntax);
    const known = { filter: filters, test: tests, statement: statements }[unknown.kind];
    return { wrong: unknown.name, known: known.keys(), before: before[unknown.kind] };
  }
  if (code === 'undeclared') {
    // A declared name that this syntax cannot read would only be the next problem.
    const readable = inputs.map(({ name }) => name).filter((name) => unreadableName(name, syntax) === null);
    return { wrong: input, known: readable, before: '' };
  }
  return { wrong: null, known: [], before: '' };
}

/** The first place of a word between two positions. */
function findWord(
  lines: readonly string[],
  start: Position,
  end: Position,
  word: string,
  before: string,
): { readonly start: Position; readonly end: Position } | null {
  const escaped = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const pattern = new RegExp(`(${before})(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'u');
  for (let line = start.line; line <= end.line; line += 1) {
    const text = lines[line - 1] ?? '';
    const from = line === start.line ? start.column - 1 : 0;
    const match = pattern.exec(text.slice(from, line === end.line ? end.column - 1 : undefined));
    if (match === null) continue;
    const column = from + match.index + (match[1]?.length ?? 0) + 1;
    return { start: { line, column }, end: { line, column: column + word.length } };
  }
  return null;
}
