import { MatcherInput, RE2JS, RE2Set } from 're2js';
import { typeFailure } from '../../runtime/diagnostics.ts';
import type { Runtime } from '../../runtime/execution/runtime.ts';
import { Dict, Instance, type Value } from '../../runtime/values.ts';
import { nothing } from '../meaning/meaning.ts';
import { setKey } from '../meaning/objects.ts';
import { MeteredText } from './metered-text.ts';
import { type Pattern, parsePattern, RegexFault } from './parse-pattern.ts';
import { type Translated, translatePattern } from './to-re2.ts';

/** Where a match and each of its groups lie; -1 for groups that took no part. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Starts and ends of the groups, one after the other. */
  readonly groups: readonly number[];
}

/** A checked regular expression; the engine compiles it on first use. */
class Regex {
  readonly body: string;
  readonly flags: string;
  readonly pattern: Pattern;
  private readonly translated: Translated;
  private engine: ReturnType<RE2JS['re2']> | null = null;

  constructor(body: string, flags: string) {
    this.body = body;
    this.flags = flags;
    this.pattern = parsePattern(body, flags);
    this.translated = translatePattern(this.pattern, flags);
  }

  /** The first match at or after an offset. */
  find(runtime: Runtime, text: MeteredText, from: number): Match | null {
    runtime.spend(stepsOfSearch);
    const engine = this.compiled(runtime);
    const width = 1 + this.pattern.groups;
    const [found, places] = engine.matchWithGroup(
      MatcherInput.utf16(text),
      from,
      text.length,
      RE2Set.UNANCHORED,
      width,
    ) as [boolean, readonly number[] | null];
    if (!found || places === null) return null;
    return { start: places[0]!, end: places[1]!, groups: places.slice(2, 2 * width) };
  }

  /** A text as this expression reads it. */
  reading(runtime: Runtime, text: string): MeteredText {
    const { lines } = this.translated;
    if (lines === 'apart' && /[\r\u2028\u2029]/.test(text))
      throw typeFailure(
        'A regular expression with the flag "m" that tells ends of lines apart cannot be matched against a text with other ends than "\\n" here.',
      );
    const size = Number(this.compiled(runtime).numberOfInstructions());
    const isShort = size <= 500 && text.length <= mostMarks / size;
    return new MeteredText(runtime, text, isShort ? shortWeight : longWeight * size, lines === 'as-one');
  }

  private compiled(runtime: Runtime): ReturnType<RE2JS['re2']> {
    if (this.engine !== null) return this.engine;
    runtime.spend(stepsToCompile * this.translated.states);
    this.engine = RE2JS.compile(this.translated.source).re2();
    return this.engine;
  }
}

/** Steps for a search of nothing, for each state of a new pattern, and for one unit that is read. */
const stepsOfSearch = 32;
const stepsToCompile = 32;
/**
 * Most pairs of state and place for which the engine uses backtracking with a visited set, which reads a unit for one
 * state at a time.
 */
const mostMarks = 262_144;
const shortWeight = 0.7;
/** Cost of a unit per state in longer texts, where the engine runs all states at once. */
const longWeight = 0.3;

const known = new Map<string, Regex>();
const mostKnown = 200;

function regexOf(body: string, flags: string): Regex {
  const key = `${flags}/${body}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const regex = new Regex(body, flags);
  known.set(key, regex);
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(oldest);
  }
  return regex;
}

/** A regular expression as a value, with `lastIndex` for the flags `g` and `y`. */
export class RegexValue extends Instance {
  readonly regex: Regex;
  lastIndex = 0;

  private constructor(regex: Regex) {
    super({
      type: 'regex',
      print: () => `/${this.source}/${this.flags}`,
      attribute: (name) => attributes.get(name)?.(this),
    });
    this.regex = regex;
  }

  /** Throws a RegexFault. */
  static of(body: string, flags: string): RegexValue {
    return new RegexValue(regexOf(body, flags));
  }

  /** A new value of the same expression: JavaScript makes one each time a literal is evaluated. */
  fresh(): RegexValue {
    return new RegexValue(this.regex);
  }

  get source(): string {
    const shown = this.regex.body
      .replaceAll('\n', '\\n')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029');
    return shown === '' ? '(?:)' : shown;
  }

  get flags(): string {
    return [...this.regex.flags].sort().join('');
  }

  has(flag: 'g' | 'i' | 'm' | 'y'): boolean {
    return this.regex.flags.includes(flag);
  }
}

const attributes: ReadonlyMap<string, (regex: RegexValue) => Value> = new Map<string, (regex: RegexValue) => Value>([
  ['source', (regex) => regex.source],
  ['flags', (regex) => regex.flags],
  ['lastIndex', (regex) => regex.lastIndex],
  ['global', (regex) => regex.has('g')],
  ['ignoreCase', (regex) => regex.has('i')],
  ['multiline', (regex) => regex.has('m')],
  ['sticky', (regex) => regex.has('y')],
  ...['dotAll', 'hasIndices', 'unicode', 'unicodeSets'].map((name) => [name, () => false] as const),
]);

/** An expression written as text, as in `text.match("a+")`. */
export function regexFromText(callee: string, body: string, flags: string): RegexValue {
  try {
    return RegexValue.of(body, flags);
  } catch (thrown) {
    if (!(thrown instanceof RegexFault)) throw thrown;
    throw typeFailure(`"${callee}" got the regular expression "${body.slice(0, 80)}". ${thrown.message}`);
  }
}

/** The next match, as `exec` finds it. */
export function nextMatch(runtime: Runtime, value: RegexValue, text: MeteredText): Match | null {
  const moves = value.has('g') || value.has('y');
  const from = moves ? value.lastIndex : 0;
  const found = from > text.length ? null : value.regex.find(runtime, text, from);
  const match = found !== null && value.has('y') && found.start !== from ? null : found;
  if (moves) value.lastIndex = match?.end ?? 0;
  return match;
}

/** Every match, as `g` finds them. */
export function* allMatches(runtime: Runtime, value: RegexValue, text: MeteredText, from = 0): Generator<Match> {
  value.lastIndex = from;
  for (let match = nextMatch(runtime, value, text); match !== null; match = nextMatch(runtime, value, text)) {
    yield match;
    if (match.start === match.end) value.lastIndex += 1;
  }
}

/** The texts of a match and its groups; undefined for groups that took no part. */
export function partsOf(text: string, { start, end, groups }: Match): (string | undefined)[] {
  const parts: (string | undefined)[] = [text.slice(start, end)];
  for (let at = 0; at < groups.length; at += 2)
    parts.push(groups[at] === -1 ? undefined : text.slice(groups[at], groups[at + 1]));
  return parts;
}

/** The groups that have names; null when none has. */
export function namedParts(
  { regex: { pattern } }: RegexValue,
  parts: readonly (string | undefined)[],
): ReadonlyMap<string, string | undefined> | null {
  if (pattern.names.length === 0) return null;
  const named = new Map<string, string | undefined>();
  for (const [name, index] of pattern.names) named.set(name, named.get(name) ?? parts[index]);
  return named;
}

/** What a list that `exec` or `match` made has beside its items. */
const details = new WeakMap<readonly Value[], Dict>();

export function detailsOf(list: readonly Value[]): Dict | undefined {
  return details.get(list);
}

/** A match as JavaScript's list of it, with `index`, `input` and `groups`. */
export function matchList(runtime: Runtime, value: RegexValue, text: string, match: Match): Value[] {
  const parts = partsOf(text, match);
  runtime.willMakeList(parts.length);
  const list = parts.map((part) => part ?? nothing);
  const named = namedParts(value, parts);
  let groups: Value = nothing;
  if (named !== null) {
    groups = new Dict();
    for (const [name, part] of named) setKey(runtime, groups, name, part ?? nothing);
  }
  const more = new Dict();
  setKey(runtime, more, 'index', match.start);
  setKey(runtime, more, 'input', text);
  setKey(runtime, more, 'groups', groups);
  details.set(list, more);
  return list;
}
