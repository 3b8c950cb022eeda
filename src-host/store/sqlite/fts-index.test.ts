import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { meaningless, searchCases } from '../../../src-core/library/search/testing/search-cases.ts';
import { openHost } from '../../host/host.ts';
import { clientOf, contentOf } from '../../testing/test-host.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-test-'));
const host = await openHost({ dataDir, withoutSamples: true });
const client = clientOf(host);
const names = new Map<string, string>();
for (const [i, { text }] of searchCases.entries()) {
  const name = `zzcase${i}`;
  names.set(text, name);
  await client.prompts.create({ name, content: contentOf(text) });
}
afterAll(async () => {
  await host.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function find(search: string) {
  const items: { readonly name: string; readonly snippet: string | null }[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.prompts.list({ search, limit: 100, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

const plain = (snippet: string) =>
  snippet
    .replace(/<\/?mark>|…$|^…/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe.each(searchCases)('a prompt that says "$text"', ({ text, found, missed }) => {
  test.each(found)('is found by %s, and shows where', async (search) => {
    const hit = (await find(search)).find(({ name }) => name === names.get(text));
    expect(hit, search).toBeDefined();
    expect(hit?.snippet).toContain('<mark>');
    // Marks are put into the text as it was written.
    expect(text.replace(/\s+/g, ' ')).toContain(plain(hit?.snippet ?? ''));
  });

  test.each(missed)('is not found by %s', async (search) => {
    expect((await find(search)).map(({ name }) => name)).not.toContain(names.get(text));
  });
});

test('the table has more than two hundred pairs of a text and a search', () => {
  expect(searchCases.flatMap(({ found, missed }) => [...found, ...missed]).length).toBeGreaterThan(200);
});

describe('a search that means nothing', () => {
  test.each(meaningless)('finds nothing: %s', async (search) => {
    expect(await find(search)).toEqual([]);
    expect((await client.library.search({ query: search })).items).toEqual([]);
    expect((await client.runs.list({ search })).items).toEqual([]);
  });

  test.each(['', '   ', '\n', '\u3000'])('but an empty one lists everything: %j', async (search) => {
    expect((await client.prompts.list({ search, limit: 1 })).total).toBe(searchCases.length);
  });
});

test('is never an error but for a filter that means nothing, whatever is typed', async () => {
  const operators = [
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
    '#',
    '.',
  ];
  const piece = fc.oneof(
    fc.constantFrom(...operators),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.constantFrom(' ', '\u0000', '\ud800', '\n', 'x', 'tag:"a', '"b c"', '東', 'v1', 'c++'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const search = pieces.join('');
      try {
        expect((await client.prompts.list({ search })).total).toBeLessThanOrEqual(searchCases.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('of the search') });
      }
    }),
    { numRuns: 400 },
  );
});
