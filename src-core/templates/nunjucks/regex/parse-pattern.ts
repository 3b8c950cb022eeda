import { blankUnits, complement, digits, lineEnds, type UnitSet, unitSet, withoutCase, wordUnits } from './unit-set.ts';

/** Part of a regular expression that cannot be matched here; offsets count in its body. */
export class RegexFault extends Error {
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;

  constructor(message: string, start: number, end: number, hint?: string) {
    super(message);
    this.start = start;
    this.end = end;
    this.hint = hint;
  }
}

export type Part =
  | { readonly kind: 'set'; readonly units: UnitSet }
  | { readonly kind: 'assertion'; readonly at: '^' | '$' | '\\b' | '\\B' }
  /** `index` counts from 1; 0 for a group that does not capture. */
  | { readonly kind: 'group'; readonly index: number; readonly part: Part }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  | {
      readonly kind: 'repeat';
      readonly part: Part;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
      readonly start: number;
      readonly end: number;
    };

export interface Pattern {
  readonly part: Part;
  readonly groups: number;
  readonly names: readonly (readonly [name: string, index: number])[];
}

const backspace = 8;
const backslash = 92;
const longest = 2_000;
const deepest = 64;
/** Escapes, classes and openings of groups, to count the groups of a pattern. */
const groupOpening = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((\?)?(?:<(?![=!]))?/g;

/** Reads the body of a regular expression without the flag `u`. Throws a RegexFault. */
export function parsePattern(body: string, flags: string): Pattern {
  if (body.length > longest)
    throw new RegexFault(
      `A regular expression may have ${longest.toLocaleString('en')} characters, but this one has ${body.length.toLocaleString('en')}.`,
      0,
      body.length,
    );
  checkSyntax(body, flags);
  const { count, hasNames } = countGroups(body);
  const ignoresCase = flags.includes('i');
  const names: [string, number][] = [];
  let at = 0;
  let groups = 0;
  let depth = 0;

  const take = (length: number) => {
    at += length;
    return body.slice(at - length, at);
  };
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(body);
  };
  const set = (units: UnitSet): Part => ({ kind: 'set', units: ignoresCase ? withoutCase(units) : units });
  const single = (unit: number): Part => set([[unit, unit]]);

  const parseChoice = (): Part => {
    const parts = [parseSequence()];
    while (body[at] === '|') {
      take(1);
      parts.push(parseSequence());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  };
  const parseSequence = (): Part => {
    const parts: Part[] = [];
    while (at < body.length && body[at] !== '|' && body[at] !== ')') parts.push(parseRepeat());
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  };
  const parseRepeat = (): Part => {
    const start = at;
    const part = parseAtom();
    const found = match(/(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/y);
    if (found === null || found[0] === '') return part;
    take(found[0].length);
    const [, sign, low, comma, high] = found;
    const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
    const fixed = comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    const most = sign === undefined ? fixed : sign === '?' ? 1 : Number.POSITIVE_INFINITY;
    return { kind: 'repeat', part, least, most, lazy: found[5] === '?', start, end: at };
  };
  const parseAtom = (): Part => {
    const character = body[at]!;
    if (character === '(') return parseGroup();
    if (character === '[') return parseClass();
    if (character === '\\') return parseEscape();
    take(1);
    if (character === '^' || character === '$') return { kind: 'assertion', at: character };
    if (character === '.') return set(complement(lineEnds));
    return single(character.charCodeAt(0));
  };
  const parseGroup = (): Part => {
    const start = at;
    const [opening, name] = match(/\((?:\?(?::|<(?![=!])([^>]*)>|<?[=!]|[a-z-]*:?))?/y)!;
    take(opening.length);
    const keeps = opening === '(' || name !== undefined;
    if (!keeps && opening !== '(?:') throw unknownGroup(opening, start, at);
    depth += 1;
    if (depth > deepest) throw new RegexFault(`A regular expression may nest ${deepest} levels.`, start, at);
    if (keeps) groups += 1;
    const index = keeps ? groups : 0;
    if (name !== undefined) names.push([name, index]);
    const part = parseChoice();
    take(1);
    depth -= 1;
    return { kind: 'group', index, part };
  };
  const parseEscape = (): Part => {
    const start = at;
    const boundary = match(/\\[bB]/y);
    if (boundary !== null) return { kind: 'assertion', at: take(2) as '\\b' };
    const reference = match(/\\(?:([1-9]\d*)|k<)/y);
    const isReference = reference?.[1] === undefined ? hasNames : Number(reference[1]) <= count;
    if (reference !== null && isReference)
      throw new RegexFault(
        'A regular expression here has no references to its groups, because they need time without end.',
        start,
        start + reference[0].length,
      );
    const named = parseClassEscape();
    return set(typeof named === 'number' ? [[named, named]] : named);
  };
  const parseClassEscape = (inClass = false): UnitSet | number => {
    const { length, value } = readEscape(body, at, inClass);
    take(length);
    return value;
  };
  const parseClass = (): Part => {
    take(1);
    const negated = body[at] === '^';
    if (negated) take(1);
    const ranges: (readonly [number, number])[] = [];
    const item = (): UnitSet | number => {
      if (body[at] !== '\\') return take(1).charCodeAt(0);
      if (body[at + 1] !== 'b') return parseClassEscape(true);
      take(2);
      return backspace;
    };
    const add = (found: UnitSet | number) =>
      void ranges.push(...(typeof found === 'number' ? [[found, found] as const] : found));
    while (body[at] !== ']') {
      const from = item();
      if (body[at] !== '-' || body[at + 1] === ']') {
        add(from);
        continue;
      }
      take(1);
      const to = item();
      if (typeof from === 'number' && typeof to === 'number') ranges.push([from, to]);
      else for (const found of [from, 45, to]) add(found);
    }
    take(1);
    const units = ignoresCase ? withoutCase(unitSet(ranges)) : unitSet(ranges);
    return { kind: 'set', units: negated ? complement(units) : units };
  };
  const part = parseChoice();
  return { part, groups, names };
}

const escapes = /\\([dDwWsS]|x([\da-fA-F]{2})|u([\da-fA-F]{4})|c([a-zA-Z])|([0-3][0-7]{0,2}|[4-7][0-7]?)|[\s\S])/y;
/** A class takes more characters after "\c". */
const escapesInClass = new RegExp(escapes.source.replace('[a-zA-Z]', '\\w'), 'y');

/** `\d` and the like as a set, any other escape as its unit. */
function readEscape(body: string, at: number, inClass: boolean): { length: number; value: UnitSet | number } {
  const pattern = inClass ? escapesInClass : escapes;
  pattern.lastIndex = at;
  const [whole, sign = '', hex, unicode, control, octal] = pattern.exec(body)!;
  const { length } = whole;
  // "\c" without a letter is a backslash.
  if (sign === 'c') return { length: 1, value: backslash };
  if (control !== undefined) return { length, value: control.charCodeAt(0) % 32 };
  if (octal !== undefined) return { length, value: Number.parseInt(octal, 8) };
  const code = hex ?? unicode;
  if (code !== undefined) return { length, value: Number.parseInt(code, 16) };
  return { length, value: shorthands[sign] ?? (controls[sign] ?? sign).charCodeAt(0) };
}

const shorthands: Readonly<Record<string, UnitSet>> = {
  d: digits,
  D: complement(digits),
  w: wordUnits,
  W: complement(wordUnits),
  s: blankUnits,
  S: complement(blankUnits),
};
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f' };

function checkSyntax(body: string, flags: string): void {
  const unknown = [...flags].find((flag, index) => !'gimy'.includes(flag) || flags.indexOf(flag) !== index);
  if (unknown !== undefined)
    throw new RegexFault(
      `The flags of a regular expression are g, i, m and y, each once, but these are "${flags.slice(0, 20)}".`,
      body.length + 1,
      body.length + 1 + flags.length,
    );
  try {
    new RegExp(body, flags);
  } catch (thrown) {
    const reason = thrown instanceof Error ? (/: ([^:]+)$/.exec(thrown.message)?.[1] ?? '') : '';
    throw new RegexFault(
      `This is no regular expression${reason === '' ? '' : ` (${reason.charAt(0).toLowerCase()}${reason.slice(1)})`}.`,
      0,
      body.length,
    );
  }
}

function countGroups(body: string): { readonly count: number; readonly hasNames: boolean } {
  let count = 0;
  let hasNames = false;
  for (const [found, question] of body.matchAll(groupOpening)) {
    if (found.startsWith('\\') || found.startsWith('[')) continue;
    const isNamed = found.endsWith('<');
    hasNames ||= isNamed;
    if (question === undefined || isNamed) count += 1;
  }
  return { count, hasNames };
}

function unknownGroup(opening: string, start: number, end: number): RegexFault {
  if (/[=!]$/.test(opening))
    return new RegexFault(
      `"${opening}" looks ahead or behind, which a regular expression here cannot.`,
      start,
      end,
      'Match what is around it too, and put it back with $1.',
    );
  return new RegexFault(`"${opening}" does not exist in regular expressions here.`, start, end);
}
