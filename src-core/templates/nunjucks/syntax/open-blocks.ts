import { syntaxFailure } from '../../syntax/located-failure.ts';

/** Statements that have a body, and what ends it. */
const ends: ReadonlyMap<string, string> = new Map([
  ['if', 'endif'],
  ['ifAsync', 'endif'],
  ['for', 'endfor'],
  ['asyncEach', 'endeach'],
  ['asyncAll', 'endall'],
  ['macro', 'endmacro'],
  ['block', 'endblock'],
  ['call', 'endcall'],
  ['filter', 'endfilter'],
  ['switch', 'endswitch'],
  ['set', 'endset'],
]);
const closing: ReadonlySet<string> = new Set(ends.values());

/** Tracks open statements, because nunjucks' parser does not say where an unclosed statement began. */
export interface OpenBlocks {
  /** How many are open. */
  depth(): number;
  /** How many `elif` the innermost has so far. */
  branches(): number;
  /**
   * To call for the name of a statement; throws a LocatedFailure when it closes another statement than the innermost.
   */
  named(name: string, start: number): void;
  /** To call for the end of its tag; `sets` means that the tag has a `=`. */
  tag(name: string, start: number, sets: boolean): void;
  /** Throws a LocatedFailure when something is open. */
  finish(): void;
}

export function createOpenBlocks(): OpenBlocks {
  const open: { readonly name: string; readonly start: number; branches: number }[] = [];
  return {
    depth: () => open.length,
    branches: () => open.at(-1)?.branches ?? 0,
    named(name, start) {
      if (closing.has(name)) close(open, name, start);
      const innermost = open.at(-1);
      if (innermost !== undefined && (name === 'elif' || name === 'elseif')) innermost.branches += 1;
    },
    tag(name, start, sets) {
      if (ends.has(name) && !(name === 'set' && sets)) open.push({ name, start, branches: 0 });
    },
    finish() {
      const innermost = open.at(-1);
      if (innermost === undefined) return;
      const { name, start } = innermost;
      throw syntaxFailure(
        `The "${name}" is not closed.`,
        start,
        start + name.length,
        `Add {% ${ends.get(name)} %} where it ends.`,
      );
    },
  };
}

function close(open: { readonly name: string; readonly start: number }[], end: string, start: number): void {
  const innermost = open.at(-1);
  if (innermost !== undefined && ends.get(innermost.name) === end) {
    open.pop();
    return;
  }
  const place = [start, start + end.length] as const;
  if (innermost === undefined) throw syntaxFailure(`There is nothing open that this "${end}" could close.`, ...place);
  const { name } = innermost;
  throw syntaxFailure(`"${end}" cannot close the "${name}".`, ...place, `Write {% ${ends.get(name)} %}.`);
}
