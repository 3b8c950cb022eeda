import { type Part, type Pattern, RegexFault } from './parse-pattern.ts';
import { has, lineEnds, type UnitSet } from './unit-set.ts';

/** What the linear engine matches instead of a pattern. */
export interface Translated {
  readonly source: string;
  /** Number of states with counted repeats expanded, which is the cost per character. */
  readonly states: number;
  /**
   * How to handle line ends for multiline `^` and `$`, because the engine knows "\n" only: `as-one` when the pattern
   * treats all line ends alike, so that each can be replaced by "\n"; `apart` when it distinguishes them.
   */
  readonly lines: 'none' | 'as-one' | 'apart';
}

/** Each state takes some memory and, at each character of a text, some time. */
const mostStates = 2_000;
/** The engine's own bound of counted repeats, those inside each other multiplied. */
const mostRepeats = 1_000;

/** Units of surrogate pairs are given to the engine as private characters, because it would read a pair as one. */
const firstSurrogate = 0xd800;
const lastSurrogate = 0xdfff;
const privateStart = 0x10f000;

/** How the engine sees a unit. */
export function engineUnit(unit: number): number {
  return unit >= firstSurrogate && unit <= lastSurrogate ? unit - firstSurrogate + privateStart : unit;
}

/** Throws a RegexFault for what the engine would match in another way than JavaScript. */
export function translatePattern({ part }: Pattern, flags: string): Translated {
  let states = 0;
  let tellsLinesApart = false;
  let meansLines = false;

  const count = (copies: number) => {
    states += copies;
    if (states > mostStates)
      throw new RegexFault('This regular expression is too long when its counted repeats are written out.', 0, 0);
  };
  const write = (node: Part, copies: number): string => {
    switch (node.kind) {
      case 'set':
        count(copies);
        tellsLinesApart ||= tellsApart(node.units);
        return writeSet(node.units);
      case 'assertion':
        count(copies);
        if (node.at === '\\b' || node.at === '\\B') return node.at;
        meansLines ||= flags.includes('m');
        if (flags.includes('m')) return `(?m:${node.at})`;
        return node.at === '^' ? '\\A' : '\\z';
      case 'group':
        count(2 * copies);
        return `(${node.index === 0 ? '?:' : ''}${write(node.part, copies)})`;
      case 'sequence':
        return node.parts.map((inner) => write(inner, copies)).join('');
      case 'choice':
        count(node.parts.length * copies);
        return `(?:${node.parts.map((inner) => write(inner, copies)).join('|')})`;
      case 'repeat':
        return writeRepeat(node, copies);
    }
  };
  const writeRepeat = (node: Extract<Part, { kind: 'repeat' }>, copies: number): string => {
    checkRepeat(node);
    const { least, most, lazy } = node;
    const times = Math.max(1, most === Number.POSITIVE_INFINITY ? least : most);
    if (copies * times > mostRepeats)
      throw new RegexFault(
        `A regular expression here repeats a part at most ${mostRepeats.toLocaleString('en')} times by count.`,
        node.start,
        node.end,
      );
    count(copies);
    const sign =
      most === Number.POSITIVE_INFINITY && least < 2
        ? ['*', '+'][least]
        : `{${least},${most === Number.POSITIVE_INFINITY ? '' : most}}`;
    return `(?:${write(node.part, copies * times)})${sign}${lazy ? '?' : ''}`;
  };
  const source = write(part, 1);
  return { source, states, lines: !meansLines ? 'none' : tellsLinesApart ? 'apart' : 'as-one' };
}

/** Whether a set has some ends of lines and not others. */
function tellsApart(units: UnitSet): boolean {
  const ends = lineEnds.flat();
  return new Set(ends.map((unit) => has(units, unit))).size > 1;
}

function writeSet(units: UnitSet): string {
  const ranges = units.flatMap(engineRanges);
  const [only] = ranges;
  if (only === undefined) return '[^\\x{0}-\\x{10FFFF}]';
  const isPlain = ranges.length === 1 && only[0] === only[1] && only[0] < privateStart;
  if (isPlain) return escaped(only[0]);
  const written = ranges.map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`));
  // Adds a range that occurs in no text, because the engine must not match a lone private character as two units.
  const isPrivate = ranges.length === 1 && only[0] === only[1];
  return `[${written.join('')}${isPrivate ? '\\x{10FF00}-\\x{10FFFF}' : ''}]`;
}

function engineRanges([from, to]: UnitSet[number]): (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [
    [from, Math.min(to, firstSurrogate - 1)],
    [Math.max(from, lastSurrogate + 1), to],
    [engineUnit(Math.max(from, firstSurrogate)), engineUnit(Math.min(to, lastSurrogate))],
  ];
  const hasSurrogates = from <= lastSurrogate && to >= firstSurrogate;
  return parts.filter(([low, high], index) => low <= high && (index < 2 || hasSurrogates));
}

const escaped = (unit: number): string => `\\x{${unit.toString(16)}}`;

/**
 * JavaScript resets the groups of a repeated part at each repetition and does not repeat an empty match; the engine
 * does neither. Patterns in which this makes a difference are refused.
 */
function checkRepeat({ part, least, most, start, end }: Extract<Part, { kind: 'repeat' }>): void {
  const groups = groupsIn(part);
  const certain = certainGroups(part);
  if (most > 1 && groups.some((group) => !certain.has(group)))
    throw new RegexFault(
      'A group that a repeated part may leave out cannot be matched here.',
      start,
      end,
      'Write "(?:" instead of "(" where the group is not needed.',
    );
  if (most === least || !mayBeEmpty(part)) return;
  if (groups.length > 0)
    throw new RegexFault(
      'A group in a repeated part that may match nothing cannot be matched here.',
      start,
      end,
      'Write "(?:" instead of "(" where the group is not needed, or "+" instead of "*" inside.',
    );
  if (prefersEmpty(part))
    throw new RegexFault('A repeated part that would rather match nothing cannot be matched here.', start, end);
}

function groupsIn(part: Part): readonly number[] {
  switch (part.kind) {
    case 'set':
    case 'assertion':
      return [];
    case 'group':
      return part.index === 0 ? groupsIn(part.part) : [part.index, ...groupsIn(part.part)];
    case 'repeat':
      return groupsIn(part.part);
    default:
      return part.parts.flatMap(groupsIn);
  }
}

/** Groups that take part in every match. */
function certainGroups(part: Part): ReadonlySet<number> {
  switch (part.kind) {
    case 'sequence':
      return new Set(part.parts.flatMap((inner) => [...certainGroups(inner)]));
    case 'choice':
      return commonTo(part.parts.map(certainGroups));
    case 'group':
      return new Set([...certainGroups(part.part), ...(part.index === 0 ? [] : [part.index])]);
    case 'repeat':
      return part.least > 0 ? certainGroups(part.part) : new Set();
    default:
      return new Set();
  }
}

function commonTo(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  const [first = new Set<number>(), ...others] = sets;
  return new Set([...first].filter((group) => others.every((other) => other.has(group))));
}

function mayBeEmpty(part: Part): boolean {
  switch (part.kind) {
    case 'set':
      return false;
    case 'assertion':
      return true;
    case 'group':
      return mayBeEmpty(part.part);
    case 'sequence':
      return part.parts.every(mayBeEmpty);
    case 'choice':
      return part.parts.some(mayBeEmpty);
    case 'repeat':
      return part.least === 0 || mayBeEmpty(part.part);
  }
}

/** Whether a part that may match nothing tries that before something else. */
function prefersEmpty(part: Part): boolean {
  switch (part.kind) {
    case 'set':
    case 'assertion':
      return false;
    case 'group':
      return prefersEmpty(part.part);
    case 'sequence':
      return part.parts.some(prefersEmpty);
    case 'choice':
      return part.parts.slice(0, -1).some(mayBeEmpty) || part.parts.some(prefersEmpty);
    case 'repeat':
      return part.lazy || prefersEmpty(part.part);
  }
}
