import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { parseSearchQuery } from './search-query.ts';

const now = '2026-11-21T10:00:00.000Z';
const parse = (text: string) => parseSearchQuery(text, now);

describe('a search', () => {
  test('finds words by their start and phrases as they are', () => {
    expect(parse('refund "be brief" pol')).toEqual({
      terms: [
        { kind: 'prefix', text: 'refund' },
        { kind: 'phrase', text: 'be brief' },
        { kind: 'prefix', text: 'pol' },
      ],
      tags: [],
      labels: [],
      models: [],
      updated: [],
      match: '"refund"* AND "be brief" AND "pol"*',
    });
  });

  test('takes filters out of the text, once each, with quotes where a value has spaces', () => {
    const query = parse('tag:support TAG:"two words" tag:support label:production model:openai/gpt-4o hello');
    expect(query.tags).toEqual(['support', 'two words']);
    expect(query.labels).toEqual(['production']);
    expect(query.models).toEqual(['openai/gpt-4o']);
    expect(query.match).toBe('"hello"*');
  });

  test('leaves other words with a colon as words', () => {
    expect(parse('https://example.com note:x').terms.map((term) => term.text)).toEqual([
      'https://example.com',
      'note:x',
    ]);
  });

  test('reads what is still being typed', () => {
    expect(parse('"be bri').match).toBe('"be bri"*');
    expect(parse('hello tag:')).toMatchObject({ tags: [], match: '"hello"*' });
    expect(parse('').match).toBeNull();
    expect(parse(' !!! "" ').match).toBeNull();
  });

  test.each([
    ['updated:>2026-01-31', [{ operator: '>=', at: '2026-02-01T00:00:00.000Z' }]],
    ['updated:>=2026-01-31', [{ operator: '>=', at: '2026-01-31T00:00:00.000Z' }]],
    ['updated:<2026-01-31', [{ operator: '<', at: '2026-01-31T00:00:00.000Z' }]],
    ['updated:<=2026-12', [{ operator: '<', at: '2027-01-01T00:00:00.000Z' }]],
    [
      'updated:2026',
      [
        { operator: '>=', at: '2026-01-01T00:00:00.000Z' },
        { operator: '<', at: '2027-01-01T00:00:00.000Z' },
      ],
    ],
    ['updated:7d', [{ operator: '>=', at: '2026-11-14T10:00:00.000Z' }]],
    ['updated:2h', [{ operator: '>=', at: '2026-11-21T08:00:00.000Z' }]],
  ])('bounds the last change: %s', (text, bounds) => {
    expect(parse(text).updated).toEqual(bounds);
  });

  test.each(['updated:soon', 'updated:2026-02-30', 'updated:2026-13', 'updated:>7d', 'updated:>', 'updated:0000'])(
    'says what is wrong, and where: %s',
    (filter) => {
      const thrown = catchError(() => parse(`hello ${filter} there`));
      expect(thrown.code).toBe('invalid');
      expect(thrown.message).toContain(filter);
      expect(thrown.message).toContain('at character 7');
      expect(thrown.details).toEqual({ position: 7 });
    },
  );

  test('says that a filter lacks its value when more follows', () => {
    expect(() => parse('tag: hello')).toThrow(
      '"tag:" needs a value right after the colon (at character 1 of the search).',
    );
  });
});

describe('the match expression on a real FTS5 index', () => {
  const database = new Sqlite(':memory:');
  database.exec('CREATE VIRTUAL TABLE t USING fts5(body)');
  database.prepare('INSERT INTO t VALUES (?), (?)').run('Refund policy: be brief, café NEAR me', 'say "no" AND leave');
  const select = database.prepare('SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid').pluck();
  const find = (text: string) => {
    const { match } = parse(text);
    return match === null ? null : select.all(match);
  };
  afterAll(() => void database.close());

  test('finds by prefix, phrase and all words together, without regard to case and accents', () => {
    expect(find('refu')).toEqual([1]);
    expect(find('"be brief" CAFE')).toEqual([1]);
    expect(find('"brief be"')).toEqual([]);
    expect(find('brief leave')).toEqual([]);
    expect(find('brief !!!')).toEqual([1]);
  });

  test('takes operators of FTS5 as plain words', () => {
    expect(find('NEAR')).toEqual([1]);
    expect(find('and')).toEqual([2]);
    expect(find('body:refund')).toEqual([]);
    expect(find('sa"y')).toEqual([]);
  });

  test('is never a syntax error, whatever is typed', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '*',
        '(',
        ')',
        '^',
        '-',
        '+',
        'NEAR(',
        'AND',
        'OR',
        'NOT',
        '{a b}:',
        'body :',
        '\\',
        "'",
        ';',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(' ', '\u0000', '\ud800', '\n', 'x', 'tag:"a', '"b c"'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const found = find(pieces.join(''));
        expect(found === null || Array.isArray(found)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
}
