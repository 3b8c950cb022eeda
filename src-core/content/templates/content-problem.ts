import type { InputType } from '../../contract/content.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Position, Problem, UnknownName } from '../../templates/runtime/types.ts';
import type { InputProblem } from '../inputs/coerce-inputs.ts';

/** What one click does about a problem. */
export type ProblemFix =
  /** Declare the input; `type` and `schema` are what its uses suggest. */
  | { readonly kind: 'declare'; readonly name: string; readonly type: InputType; readonly schema?: JsonObject }
  /** Remove the declaration. */
  | { readonly kind: 'remove'; readonly name: string }
  /** Write the word that was most likely meant. */
  | {
      readonly kind: 'replace';
      readonly messageIndex: number;
      /** Index of the part; undefined in a message that is one text. */
      readonly part?: number | undefined;
      readonly text: string;
      readonly start: Position;
      readonly end: Position;
    };

/** Something wrong, or doubtful, in a prompt's content or in the values that it is rendered with. */
export interface ContentProblem {
  readonly severity: 'error' | 'warning';
  /** Of a template: as in its `Problem`; of an input: `input_missing`, `input_type` …, `undeclared` or `unused`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  /** The message it stands in; null for a problem of an input as such. */
  readonly messageIndex: number | null;
  /** Index of the part of that message; undefined in a message that is one text. */
  readonly part?: number | undefined;
  readonly input: string | null;
  /** The included template it stands in; null for the message itself. */
  readonly template: string | null;
  readonly start: Position | null;
  readonly end: Position | null;
  /** The name that is not known, where that is the problem. */
  readonly unknown?: UnknownName;
  readonly fix?: ProblemFix;
}

/** A problem of a message's template. */
export function templateProblem(problem: Problem, messageIndex: number, part?: number): ContentProblem {
  const { severity, code, message, hint, template, start, end, unknown } = problem;
  return {
    severity,
    code,
    message,
    ...(hint !== undefined && { hint }),
    messageIndex,
    ...(part !== undefined && { part }),
    input: null,
    template,
    start,
    end,
    ...(unknown !== undefined && { unknown }),
  };
}

/** A problem of an input's value or declaration. */
export function inputProblem(problem: InputProblem): ContentProblem {
  return {
    severity: 'error',
    code: `input_${problem.kind}`,
    message: problem.message,
    messageIndex: null,
    input: problem.input,
    template: null,
    start: null,
    end: null,
  };
}
