import type { Syntax } from '../../contract/content.ts';
import type { Json } from '../../contract/shared.ts';
import type { TemplateLoader } from '../../ports.ts';
import { AppError } from '../../scope/errors.ts';
import type { LimitName, Limits } from './limits.ts';

/** A place in a template source; both numbers start at 1, columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * `syntax`: it cannot be parsed; `undefined`: a missing value was used; `limit`: a row of the limits table was exceeded;
 * `type`: an operation does not fit its values; `include`: a template is missing or includes itself; `raised`: the
 * template called `raise_exception`; `unknown`: there is no such filter or test.
 */
export type ProblemCode = 'syntax' | 'undefined' | 'limit' | 'type' | 'include' | 'raised' | 'unknown';

/** A name in a template that is not defined. */
export interface UnknownName {
  readonly kind: 'filter' | 'test' | 'statement';
  readonly name: string;
}

/** An error or warning in a template. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode;
  /** One sentence. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  /** Name of the template it is in; null for the one that was parsed without a name. */
  readonly template: string | null;
  readonly start: Position;
  readonly end: Position;
  /** Which row of the limits table, for code `limit`. */
  readonly limit?: LimitName;
  /** The name that is not known, where that is the problem. */
  readonly unknown?: UnknownName;
}

/** A parsed template; what else it holds belongs to its engine. */
export interface Template {
  readonly syntax: Syntax;
  readonly source: string;
  readonly name: string | null;
}

export interface ParseOptions {
  readonly syntax?: Syntax;
  /** Used in positions and to notice that a template includes itself. */
  readonly name?: string | null;
  /** Removes the first newline after a block tag; false by default. */
  readonly trimBlocks?: boolean;
  /** Removes blanks before a block tag that starts its line; false by default. */
  readonly lstripBlocks?: boolean;
}

export interface ParseResult {
  /** Null when a problem is an error. */
  readonly template: Template | null;
  readonly problems: readonly Problem[];
}

export interface RenderOptions {
  /** Finds what `include`, `import`, `from` and `extends` name; without one they fail. */
  readonly loader?: TemplateLoader;
  /** Any use of an undefined value but `is defined` and `default` is an error. */
  readonly strict?: boolean;
  /** The time that `strftime_now` shows; the first reading of the clock by default. Milliseconds since 1970, UTC. */
  readonly now?: number;
  readonly limits?: Partial<Limits>;
  /** Whether to build the source map; true by default. */
  readonly sourceMap?: boolean;
  /** What Hugging Face adds for chat templates: `raise_exception`, `strftime_now`, `tojson` without HTML escapes. */
  readonly chatTemplate?: boolean;
}

/** A stretch of the output and where it came from. */
export interface SourceSpan {
  /** UTF-16 offsets in the output; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly template: string | null;
  readonly line: number;
  readonly column: number;
  /** The input it shows, as in `user.name` or `documents[].title`; null for literal text and computed values. */
  readonly input: string | null;
}

export interface RenderResult {
  readonly output: string;
  /** Names of the inputs that were read, in the order of their first reading. */
  readonly usedInputs: readonly string[];
  /** In output order, without overlaps; empty when `sourceMap` is false. */
  readonly sourceMap: readonly SourceSpan[];
}

/** A name that a template reads and does not define itself. */
export interface FreeInput {
  readonly name: string;
  /** Every place that reads it, in source order, with the longest path that is plain there (`user.name`, `items[].id`). */
  readonly paths: readonly {
    readonly path: string;
    /** Name of the included template that reads it; null for the template itself if it has no name. */
    readonly template: string | null;
    readonly start: Position;
    readonly end: Position;
  }[];
}

export type Inputs = Readonly<Record<string, Json>>;

/** A template that cannot be rendered; `code` is always `invalid`. */
export class TemplateError extends AppError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super('invalid', describeProblem(problem), { problem });
    this.problem = problem;
  }
}

function describeProblem(problem: Problem): string {
  const place = problem.template === null ? '' : `${problem.template}, `;
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`;
  return `${place}line ${problem.start.line}, column ${problem.start.column}: ${problem.message}${hint}`;
}
