import { AppError } from '../errors.ts';

/** Text to find: any word that starts so, or exactly these words in this order. */
export interface SearchTerm {
  readonly kind: 'prefix' | 'phrase';
  readonly text: string;
}

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
  /** The terms as an FTS5 MATCH expression, never a syntax error; null when there is no text to find. */
  readonly match: string | null;
}

// A filter, a quoted phrase (the closing quote may still be missing while a person types) or a word.
const tokenPattern = /(tag|label|model|updated):(?:"([^"]*)"?|(\S*))|"([^"]*)("?)|\S+/giu;
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
  const terms: SearchTerm[] = [];
  const filters = { tag: new Set<string>(), label: new Set<string>(), model: new Set<string>() };
  const updated: UpdatedBound[] = [];
  for (const token of readable.matchAll(tokenPattern)) {
    const [whole, key, quotedValue, plainValue, phrase, closingQuote] = token;
    const position = token.index + 1;
    if (phrase !== undefined) addTerm(terms, closingQuote ? 'phrase' : 'prefix', phrase);
    else if (key === undefined) addTerm(terms, 'prefix', whole);
    else {
      const value = (quotedValue ?? plainValue ?? '').trim();
      const name = key.toLowerCase() as 'tag' | 'label' | 'model' | 'updated';
      if (value === '' && readable.slice(token.index + whole.length).trim() === '') continue; // still being typed
      if (value === '') throw invalidAt(position, `"${name}:" needs a value right after the colon`);
      if (name === 'updated') updated.push(...updatedBounds(value, now, position));
      else filters[name].add(value);
    }
  }
  return {
    terms,
    tags: [...filters.tag],
    labels: [...filters.label],
    models: [...filters.model],
    updated,
    match: terms.length > 0 ? terms.map(matchTerm).join(' AND ') : null,
  };
}

/** Punctuation alone has no word in the index, and as part of an AND it would match nothing. */
function addTerm(terms: SearchTerm[], kind: SearchTerm['kind'], text: string): void {
  if (/[\p{L}\p{N}\p{Co}]/u.test(text)) terms.push({ kind, text: text.trim() });
}

/** Inside double quotes FTS5 knows no syntax but the doubled quote. */
function matchTerm({ kind, text }: SearchTerm): string {
  return `"${text.replaceAll('"', '""')}"${kind === 'prefix' ? '*' : ''}`;
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
