import { describe, expect, test } from 'vitest';
import { AppError } from '../../scope/errors.ts';
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
      match: [
        { tokens: ['refund'], prefix: true },
        { tokens: ['be', 'brief'], prefix: false },
        { tokens: ['pol'], prefix: true },
      ],
      also: [],
    });
  });

  test('takes filters out of the text, once each, with quotes where a value has spaces', () => {
    const query = parse('tag:support TAG:"two words" tag:support label:production model:openai/gpt-4o hello');
    expect(query.tags).toEqual(['support', 'two words']);
    expect(query.labels).toEqual(['production']);
    expect(query.models).toEqual(['openai/gpt-4o']);
    expect(query.match).toEqual([{ tokens: ['hello'], prefix: true }]);
  });

  test('leaves other words with a colon as words', () => {
    expect(parse('https://example.com note:x').terms.map((term) => term.text)).toEqual([
      'https://example.com',
      'note:x',
    ]);
  });

  test('reads what is still being typed', () => {
    expect(parse('"be bri').match).toEqual([{ tokens: ['be', 'bri'], prefix: true }]);
    expect(parse('hello tag:')).toMatchObject({ tags: [], match: [{ tokens: ['hello'], prefix: true }] });
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

describe('a search of more than a person means', () => {
  const letters = Array.from({ length: 400 }, (_, i) => String.fromCharCode(97 + (i % 26))).join(' ');
  const tokensOf = (text: string) => (parse(text).match ?? []).flatMap(({ tokens }) => tokens);

  const alsoOf = (text: string) => parse(text).also.flatMap(({ tokens }) => tokens);

  test('of hundreds of letters, two rank what is found, and each of the others must be found once', () => {
    expect(tokensOf(letters)).toHaveLength(2);
    expect([...tokensOf(letters), ...alsoOf(letters)].toSorted()).toEqual([...new Set(letters.split(' '))].toSorted());
  });

  test('no word is dropped: what matches are not ranked by must be found all the same', () => {
    const words = 'customer refund policy german answer is by of to';
    expect([...tokensOf(words), ...alsoOf(words)].toSorted()).toEqual(words.split(' ').toSorted());
    const phrase = 'one two three four five six seven eight nine ten eleven twelve';
    expect(parse(`"${phrase}"`)).toMatchObject({
      match: [{ tokens: phrase.split(' ').slice(0, 10), prefix: false }],
      also: [{ tokens: ['ten', 'eleven', 'twelve'], prefix: false }],
    });
    expect(parse(phrase.replaceAll(' ', '-')).also).toEqual([{ tokens: ['ten', 'eleven', 'twelve'], prefix: true }]);
  });

  test('of a whole paragraph the words that say most rank, in their order', () => {
    const paragraph = Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? `particular${i}` : `w${i}`)).join(' ');
    const tokens = tokensOf(paragraph);
    expect(tokens.length).toBeLessThanOrEqual(5);
    expect(tokens.every((token) => token.startsWith('particular'))).toBe(true);
    expect(tokens).toEqual(tokens.toSorted((a, b) => Number(a.slice(10)) - Number(b.slice(10))));
  });

  test.each([
    ['a phrase', `"${letters}"`],
    ['a word of many parts', letters.replaceAll(' ', '-')],
    ['Chinese', '我们的退款政策'.repeat(100)],
    [
      'many phrases',
      '"one two three four" "five six seven eight nine" '.repeat(20).replace(/e /g, () => `e${Math.random()} `),
    ],
  ])('%s is looked for by its first words', (_, text) => {
    const { length } = tokensOf(text);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(12);
  });

  test('a word that another one implies is not looked for', () => {
    expect(tokensOf('c customer cust "customer"')).toEqual(['customer']);
    expect(tokensOf('customer c')).toEqual(['customer']);
    expect(tokensOf('"c" customer')).toEqual(['c', 'customer']);
  });
});

test('filters take any text as value, in quotes of any keyboard, and a quote behind a backslash', () => {
  expect(parse('tag:größe TAG:"名前 と" label:“zwei Worte” tag：ж').tags).toEqual(['größe', '名前 と', 'ж']);
  expect(parse('label:“zwei Worte”').labels).toEqual(['zwei Worte']);
  expect(parse('tag:"say \\"hi\\" \\\\ now" x').tags).toEqual(['say "hi" \\ now']);
});

test('tells what asks for nothing from what means nothing', () => {
  for (const text of ['', '  ', 'tag:', 'tag:x', 'tag:x !!!', 'updated:7d ""'])
    expect(parse(text).match, text).toBeNull();
  for (const text of [
    'tag:""',
    'x tag:""',
    'tag:" " x',
    'label:“”',
    'model:""',
    'updated:""',
    '!!!',
    '""',
    '" "',
    '++ --',
    '“”',
    '\0',
    ' \u0001',
    '\ud800',
  ])
    expect(parse(text).match, text).toEqual([]);
});

test('a date or an age may be in full-width characters', () => {
  expect(parse('updated：＞２０２６－０１－３１').updated).toEqual(parse('updated:>2026-01-31').updated);
  expect(parse('updated:７ｄ').updated).toEqual(parse('updated:7d').updated);
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
