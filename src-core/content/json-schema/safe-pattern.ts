/** A pattern that is none, or one that only backtracking can match. */
export class PatternFault extends Error {}

/** Tells whether a pattern occurs in a text; `spend` is told what it costs and may throw. */
export type PatternTest = (text: string, spend: (steps: number) => void) => boolean;

/** States of one pattern, counted repeats written out. */
const maxStates = 5_000;
const maxLength = 5_000;

/**
 * Compiles a regular expression of JavaScript so that matching takes time in proportion to pattern times text, whatever
 * both are: an untrusted pattern can be costly otherwise. Throws a PatternFault for what is no regular expression, and
 * for back references and look-around, which cannot be matched this way.
 */
export function compilePattern(pattern: string): PatternTest {
  if (pattern.length > maxLength) throw new PatternFault('it is too long');
  const flags = flagsOf(pattern);
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.push(state) > maxStates)
      throw new PatternFault('it is too long when its counted repeats are written out');
    return states.length - 1;
  };
  const accept = add({ kind: 'accept' });
  const start = build(parsePattern(pattern), accept, add, flags);
  return (text, spend) => run(states, start, [...text], spend);
}

function flagsOf(pattern: string): 'u' | '' {
  for (const flags of ['u', ''] as const) {
    try {
      new RegExp(pattern, flags);
      return flags;
    } catch {
      // Many patterns in use are only valid without `u`.
    }
  }
  throw new PatternFault('it is not a regular expression');
}

type Node =
  /** One character, as a pattern of its own. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly at: Assertion }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number };

type Assertion = '^' | '$' | '\\b' | '\\B';

type State =
  | { readonly kind: 'accept' }
  | { readonly kind: 'character'; readonly test: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'assertion'; readonly at: Assertion; readonly next: number }
  | { readonly kind: 'split'; next: readonly number[] };

/** Reads a pattern that is known to be valid. */
function parsePattern(pattern: string): Node {
  let at = 0;
  const isAt = (text: string) => pattern.startsWith(text, at);
  const take = (length: number) => {
    at += length;
    return pattern.slice(at - length, at);
  };
  const parseChoice = (): Node => {
    const parts = [parseSequence()];
    while (isAt('|')) {
      take(1);
      parts.push(parseSequence());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  };
  const parseSequence = (): Node => {
    const parts: Node[] = [];
    while (at < pattern.length && !isAt('|') && !isAt(')')) parts.push(parseRepeats(parseAtom()));
    return { kind: 'sequence', parts };
  };
  const parseRepeats = (part: Node): Node => {
    const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(pattern.slice(at, at + 40));
    if (found === null) return part;
    const [whole, least, comma, most] = found;
    take(whole.length);
    if (whole.startsWith('*')) return { kind: 'repeat', part, least: 0, most: Number.POSITIVE_INFINITY };
    if (whole.startsWith('+')) return { kind: 'repeat', part, least: 1, most: Number.POSITIVE_INFINITY };
    if (whole.startsWith('?')) return { kind: 'repeat', part, least: 0, most: 1 };
    const bound = comma === undefined ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    return { kind: 'repeat', part, least: Number(least), most: bound };
  };
  const parseAtom = (): Node => {
    if (isAt('(')) return parseGroup();
    if (isAt('['))
      return { kind: 'character', source: take(/^\[(?:\\[\s\S]|[^\]\\])*\]/.exec(pattern.slice(at))![0].length) };
    if (isAt('^') || isAt('$')) return { kind: 'assertion', at: take(1) as Assertion };
    if (isAt('\\b') || isAt('\\B')) return { kind: 'assertion', at: take(2) as Assertion };
    if (!isAt('\\')) return { kind: 'character', source: take(String.fromCodePoint(pattern.codePointAt(at)!).length) };
    if (/^\\(?:[1-9]|k<)/.test(pattern.slice(at, at + 3))) throw new PatternFault('it has a back reference');
    const escaped =
      /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}(?:\\u[dD][c-fC-F][\da-fA-F]{2})?|x[\da-fA-F]{2}|c[a-zA-Z]|[\s\S])/u;
    return { kind: 'character', source: take(escaped.exec(pattern.slice(at))![0].length) };
  };
  const parseGroup = (): Node => {
    const [opening] = /^\((?:\?(?::|<(?![=!])[^>]*>))?/.exec(pattern.slice(at))!;
    take(opening.length);
    if (isAt('?')) throw new PatternFault('it looks ahead or behind');
    const inner = parseChoice();
    take(1);
    return inner;
  };
  return parseChoice();
}

/** Adds the states of a node before `next`; returns the first. */
function build(node: Node, next: number, add: (state: State) => number, flags: string): number {
  switch (node.kind) {
    case 'character':
      return add({ kind: 'character', test: characterTest(node.source, flags), next });
    case 'assertion':
      return add({ kind: 'assertion', at: node.at, next });
    case 'sequence':
      return node.parts.reduceRight((after, part) => build(part, after, add, flags), next);
    case 'choice':
      return add({ kind: 'split', next: node.parts.map((part) => build(part, next, add, flags)) });
    case 'repeat':
      return buildRepeat(node, next, add, flags);
  }
}

function buildRepeat(
  { part, least, most }: Extract<Node, { kind: 'repeat' }>,
  next: number,
  add: (state: State) => number,
  flags: string,
): number {
  let first = next;
  if (most === Number.POSITIVE_INFINITY) {
    const loop: State = { kind: 'split', next: [] };
    first = add(loop);
    loop.next = [build(part, first, add, flags), next];
  } else {
    for (let count = least; count < most; count += 1)
      first = add({ kind: 'split', next: [build(part, first, add, flags), next] });
  }
  for (let count = 0; count < least; count += 1) {
    const before = first;
    first = build(part, first, add, flags);
    // An empty part adds no state, however often it is repeated.
    if (first === before) break;
  }
  return first;
}

/** One character costs the same however it is written, so the platform may look at it. */
function characterTest(source: string, flags: string): (character: string) => boolean {
  if (source.length === 1 && !'.\\'.includes(source)) return (character) => character === source;
  const pattern = new RegExp(`^${source}$`, flags);
  const known = new Map<string, boolean>();
  return (character) => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const fits = pattern.test(character);
    known.set(character, fits);
    return fits;
  };
}

/** Follows all ways through the states at once, one character after the other. */
function run(
  states: readonly State[],
  start: number,
  text: readonly string[],
  spend: (steps: number) => void,
): boolean {
  let current: number[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    const { reached, accepted } = closure(states, [...current, start], text, at);
    if (accepted) return true;
    spend(1 + reached.length);
    const character = text[at];
    if (character === undefined) return false;
    current = [];
    for (const index of reached) {
      const state = states[index]!;
      if (state.kind === 'character' && state.test(character)) current.push(state.next);
    }
  }
  return false;
}

/** The states that can be reached without reading a character. */
function closure(states: readonly State[], from: readonly number[], text: readonly string[], at: number) {
  const seen = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const state = states[index]!;
    if (state.kind === 'accept') return { reached: [], accepted: true };
    if (state.kind === 'split') open.push(...state.next);
    if (state.kind === 'assertion' && holds(state.at, text, at)) open.push(state.next);
  }
  return { reached: [...seen], accepted: false };
}

function holds(assertion: Assertion, text: readonly string[], at: number): boolean {
  if (assertion === '^') return at === 0;
  if (assertion === '$') return at === text.length;
  const isWord = (index: number) => /^\w$/.test(text[index] ?? '');
  return (isWord(at - 1) !== isWord(at)) === (assertion === '\\b');
}
