import { AppError } from '../../scope/errors.ts';
import type { SearchPhrase } from '../../scope/search.ts';
import { longestPhrase, phrasesOf, type SearchTerm } from './search-terms.ts';

/** A bound on the time of the last change; several hold together. */
export interface UpdatedBound {
  readonly operator: '>=' | '<';
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
}

export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  readonly tags: readonly string[];
  readonly labels: readonly string[];
  readonly models: readonly string[];
  readonly updated: readonly UpdatedBound[];
  /** All of which must be found. Null when nothing is asked for but filters; empty when what is asked for means nothing. */
  readonly match: readonly SearchPhrase[] | null;
  /** What must be found too, those that say most first; it counts for no rank. */
  readonly also: readonly SearchPhrase[];
}

/** Most terms and words that matches are ranked by; of more, those that say most. */
const mostTerms = 5;
const mostTokens = 12;
/** Characters of one term that are read. */
const longestTerm = 2_000;
/** Most terms of one letter or digit, which nearly every text has. */
const mostSingleLetters = 2;

// A filter, a quoted phrase (the closing quote may still be missing while a person types) or a word. A quoted value may
// hold a quote behind a backslash; a phrase may stand between the quotes that a keyboard or an editor makes of plain ones.
const tokenPattern =
  /(tag|label|model|updated)[:：](?:["“”„＂]((?:\\["“”„＂\\]|[^"“”„＂])*)["“”„＂]?|(\S*))|["“”„＂]([^"“”„＂]*)(["“”„＂]?)|\S+/giu;
const datePattern = /^(>=|<=|>|<)?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const agePattern = /^(\d{1,4})([hdwmy])$/;
const hour = 3_600_000;
const unitHours: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24, m: 30 * 24, y: 365 * 24 };

/**
 * Reads a search as a person types it: words (matched by their start), "phrases", `tag:`, `label:`, `model:`,
 * `updated:7d` and `updated:>=2026-01-31` (also `>`, `<`, `<=`, a month or a year; days are UTC). `now` is ISO 8601.
 * Throws `invalid`, with the 1-based position in sentence and details, for a filter that means nothing.
 */
export function parseSearchQuery(text: string, now: string): SearchQuery {
  // Neither control characters nor half characters can be searched for, and FTS5 stops reading at a NUL.
  const readable = text.replace(/[\p{Cc}\p{Surrogate}]/gu, ' ');
  const terms: Wanted[] = [];
  let meansNothing = false;
  let asksForNothing = text.trim() === '' || readable.trim() !== '';
  const filters = { tag: new Set<string>(), label: new Set<string>(), model: new Set<string>() };
  const updated: UpdatedBound[] = [];
  for (const token of readable.matchAll(tokenPattern)) {
    const [whole, key, quotedValue, plainValue, phrase, closingQuote] = token;
    const position = token.index + 1;
    if (key === undefined) asksForNothing = false;
    if (phrase !== undefined) addTerm(terms, closingQuote ? 'phrase' : 'prefix', phrase);
    else if (key === undefined) addTerm(terms, 'prefix', whole);
    else {
      const value = (quotedValue?.replace(/\\(["“”„＂\\])/gu, '$1') ?? plainValue ?? '').trim();
      const name = key.toLowerCase() as 'tag' | 'label' | 'model' | 'updated';
      // Quotes around nothing: nothing has that tag. Without the closing one it is still being typed.
      if (value === '' && isClosed(whole)) meansNothing = true;
      if (value === '' && (isClosed(whole) || readable.slice(token.index + whole.length).trim() === '')) continue;
      if (value === '') throw invalidAt(position, `"${name}:" needs a value right after the colon`);
      if (name === 'updated') updated.push(...updatedBounds(value.normalize('NFKC'), now, position));
      else filters[name].add(value);
    }
  }
  const filtered = updated.length > 0 || Object.values(filters).some((values) => values.size > 0);
  const { kept, also } = mostTelling(terms);
  return {
    terms: kept.map(({ term }) => term),
    tags: [...filters.tag],
    labels: [...filters.label],
    models: [...filters.model],
    updated,
    match: meansNothing
      ? []
      : kept.length > 0
        ? kept.flatMap(({ phrases }) => phrases)
        : asksForNothing || filtered
          ? null
          : [],
    also,
  };
}

/** Whether the value of a filter has both of its quotes. */
const isClosed = (filter: string): boolean => /["“”„＂].*["“”„＂]$/su.test(filter);

/** A term with what must be found for it. */
interface Wanted {
  readonly term: SearchTerm;
  readonly phrases: readonly SearchPhrase[];
  /** How long phrases go on. */
  readonly more: readonly SearchPhrase[];
}

/** Punctuation alone is no word; as one of several terms it must not hide what the others find. */
function addTerm(terms: Wanted[], kind: SearchTerm['kind'], text: string): void {
  const term = { kind, text: text.trim().slice(0, longestTerm) };
  const parts = phrasesOf(term).map(inParts);
  if (parts.length > 0)
    terms.push({ term, phrases: parts.map(([first]) => first), more: parts.flatMap(([, ...more]) => more) });
}

/** A long phrase as several; each begins with the word that the one before ends with, which keeps them together. */
function inParts({ tokens, prefix }: SearchPhrase): readonly [SearchPhrase, ...SearchPhrase[]] {
  if (tokens.length <= longestPhrase) return [{ tokens, prefix }];
  const first = { tokens: tokens.slice(0, longestPhrase), prefix: false };
  return [first, ...inParts({ tokens: tokens.slice(longestPhrase - 1), prefix })];
}

/** Each term once, without those that another one implies: those that say most, and what else must be found. */
function mostTelling(terms: readonly Wanted[]) {
  const distinct = withoutImplied([
    ...new Map(terms.map((wanted) => [JSON.stringify(wanted.phrases), wanted])).values(),
  ]);
  let tokens = 0;
  let singles = 0;
  const kept = new Set<Wanted>();
  const ordered = distinct.toSorted((a, b) => weightOf(b) - weightOf(a));
  for (const wanted of ordered) {
    if (weightOf(wanted) === 1) singles += 1;
    tokens += wanted.phrases.reduce((sum, phrase) => sum + phrase.tokens.length, 0);
    if (kept.size > 0 && (kept.size >= mostTerms || tokens > mostTokens || singles > mostSingleLetters)) break;
    kept.add(wanted);
  }
  return {
    kept: distinct.filter((wanted) => kept.has(wanted)),
    also: ordered.flatMap((wanted) => [...(kept.has(wanted) ? [] : wanted.phrases), ...wanted.more]),
  };
}

/** Whoever finds "customer" has found "c". */
function withoutImplied(terms: readonly Wanted[]): readonly Wanted[] {
  const words = terms.map(({ phrases }) => phrases.flatMap((phrase) => phrase.tokens));
  return terms.filter(({ phrases: [only, more] }, i) => {
    if (only === undefined || more !== undefined || !only.prefix || only.tokens.length > 1) return true;
    return !words.some((others, j) => j !== i && others.some((word) => word.startsWith(only.tokens[0]!)));
  });
}

/** How much a term says: its letters, of which those of other scripts say more. */
function weightOf({ phrases }: Wanted): number {
  return phrases
    .flatMap(({ tokens }) => tokens)
    .join('')
    .replace(/[^\0-\x7f]/gu, 'xxx').length;
}

function updatedBounds(value: string, now: string, position: number): readonly UpdatedBound[] {
  const age = agePattern.exec(value.toLowerCase());
  if (age) {
    const since = new Date(Date.parse(now) - Number(age[1]) * unitHours[age[2]!]! * hour);
    return [{ operator: '>=', at: since.toISOString() }];
  }
  const period = periodOf(value);
  if (!period) {
    const expected = 'a date such as >2026-01-31 or an age such as 7d (h, d, w, m, y)';
    throw invalidAt(position, `"updated:${value}" is not ${expected}`);
  }
  const from = { operator: '>=', at: period.start } as const;
  const before = { operator: '<', at: period.end } as const;
  switch (period.operator) {
    case '>':
      return [{ operator: '>=', at: period.end }];
    case '>=':
      return [from];
    case '<':
      return [{ operator: '<', at: period.start }];
    case '<=':
      return [before];
    default:
      return [from, before];
  }
}

/** The year, month or day that a date names, as a half-open stretch of time; null when the calendar has no such date. */
function periodOf(value: string) {
  const parts = datePattern.exec(value);
  if (!parts) return null;
  const [year, month, day] = [Number(parts[2]), Number(parts[3] ?? 1), Number(parts[4] ?? 1)];
  const start = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || year === 9999 || start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day) return null;
  const end = new Date(start);
  if (parts[4]) end.setUTCDate(day + 1);
  else if (parts[3]) end.setUTCMonth(month);
  else end.setUTCFullYear(year + 1);
  return { operator: parts[1], start: start.toISOString(), end: end.toISOString() };
}

function invalidAt(position: number, problem: string): AppError {
  return new AppError('invalid', `${problem} (at character ${position} of the search).`, { position });
}
