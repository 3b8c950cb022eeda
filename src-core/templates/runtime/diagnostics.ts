import type { LimitName, Limits } from './limits.ts';
import { limitWords } from './limits.ts';
import type { Position, Problem, ProblemCode, UnknownName } from './types.ts';

/** What goes wrong while evaluating; the engine adds the place and makes it a TemplateError. */
export class Failure extends Error {
  readonly code: ProblemCode;
  readonly hint: string | undefined;
  readonly limit: LimitName | undefined;
  readonly unknown: UnknownName | undefined;

  constructor(code: ProblemCode, message: string, hint?: string, limit?: LimitName, unknown?: UnknownName) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.limit = limit;
    this.unknown = unknown;
  }
}

export function typeFailure(message: string): Failure {
  return new Failure('type', message);
}

/** The error of one row of the limits table. */
export function limitFailure(name: LimitName, limits: Limits): Failure {
  const amount = String(limits[name]).replace(/\B(?=(?:\d{3})+$)/g, ' ');
  return new Failure(
    'limit',
    `The template exceeds the limit "${name}": at most ${amount} ${limitWords[name]}.`,
    undefined,
    name,
  );
}

/** Finds lines and columns in one source; builds its table of lines when first asked. */
export interface Locator {
  position(offset: number): Position;
}

export function createLocator(source: string): Locator {
  let starts: number[] | null = null;
  return {
    position(offset) {
      starts ??= lineStarts(source);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - starts[low]! + 1 };
    },
  };
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Places a failure in a source. */
export function problemAt(
  failure: Failure,
  template: string | null,
  locator: Locator,
  start: number,
  end: number,
): Problem {
  return {
    severity: 'error',
    code: failure.code,
    message: failure.message,
    ...(failure.hint !== undefined && { hint: failure.hint }),
    template,
    start: locator.position(start),
    end: locator.position(end),
    ...(failure.limit !== undefined && { limit: failure.limit }),
    ...(failure.unknown !== undefined && { unknown: failure.unknown }),
  };
}

/** The known name nearest to a misspelt one, or null when none is near. */
export function nearestName(wrong: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.ceil(wrong.length / 2));
  if (wrong.length > 40) return null;
  for (const name of known) {
    const distance = editDistance(wrong, name);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Names the known name that was most likely meant; undefined when none is near. */
export function nearestHint(wrong: string, known: Iterable<string>): string | undefined {
  const near = nearestName(wrong, known);
  return near === null ? undefined : `Did you mean "${near}"?`;
}

/** The failure for a name that does not exist, with the one that was most likely meant. */
export function unknownName(kind: UnknownName['kind'], name: string, known: Iterable<string>): Failure {
  const message = `There is no ${kind} "${name.slice(0, 80)}".`;
  return new Failure('unknown', message, nearestHint(name, known), undefined, { kind, name });
}

/** How many letters were added, left out, changed or swapped with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? before[j - 2]! + 1 : change;
      row.push(Math.min(change, swap, previous[j]! + 1, row[j - 1]! + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
