import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { parseSearchQuery } from '../../../src-core/content/search-terms/search-query.ts';
import { meaningless, searchCases } from '../../../src-core/library/search/testing/search-cases.ts';
import type { ReadTables } from '../../../src-core/scope/scope.ts';
import type { SearchDocument, SearchWriter } from '../../../src-core/scope/search.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';
import { bindSearch } from '../sqlite/fts-index.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { createPool } from './pool.ts';
import { inTenantTransaction } from './tenant-connection.ts';
import { withClient } from './testing/embedded.ts';
import { addTenant, appAddress, createTenantDatabase } from './testing/tenants.ts';
import { createTsvectorIndex } from './tsvector-index.ts';

const database = await createTenantDatabase();
const pool = createPool({ ...appAddress(database), max: 2 });
const [tenant, other] = [await addTenant(database), await addTenant(database)];
const folder = await mkdtemp(join(tmpdir(), 'promptdev-test-'));
const sqlite = await openDatabase(folder);
afterAll(async () => {
  await pool.end();
  await database.drop();
  await sqlite.close();
  await rm(folder, { recursive: true, force: true });
});

type Work<Result> = (index: SearchWriter, db: ReadTables) => Promise<Result>;

const onSqlite = <Result>(work: Work<Result>) => work(bindSearch(sqlite.kysely), sqlite.kysely);

const onPostgres = <Result>(access: 'read' | 'write', work: Work<Result>, as = tenant) =>
  inTenantTransaction<Tables, Result>(pool, { tenant: as, person: randomUUID() }, access, ({ db }) =>
    work(createTsvectorIndex(as, db), db),
  );

/** Puts documents into both, and says what each finds. */
async function put(documents: readonly SearchDocument[]) {
  await onSqlite((index) => index.put(documents));
  await onPostgres('write', (index) => index.put(documents));
}

const none = sql`(SELECT id FROM prompts WHERE id IS NULL)`;

async function both<Result>(work: Work<Result>): Promise<{ readonly sqlite: Result; readonly postgres: Result }> {
  return { sqlite: await onSqlite(work), postgres: await onPostgres('read', work) };
}

const find = (query: string, limit = 1_000) => {
  const { match, also } = parseSearchQuery(query, '2026-11-27T12:00:00.000Z');
  return async (index: SearchWriter) => {
    if (match === null || match.length === 0) return { prompts: [], total: 0, others: [] };
    const { hits, total } = await index.findPrompts({ match, also, except: none, limit });
    const others = await index.findOthers({ match, also, kinds: ['version', 'run'], among: null, limit });
    return { prompts: hits.map(({ ref }) => ref), total, others: others.map(({ kind, ref }) => `${kind} ${ref}`) };
  };
};

const document = (fields: Partial<SearchDocument>): SearchDocument => ({
  ...{ kind: 'prompt', ref: randomUUID(), promptId: null, name: '', title: '', tags: '', description: '' },
  ...{ body: '', note: '' },
  ...fields,
});

describe('the cases that every storage is held to', async () => {
  const refs = searchCases.map(() => randomUUID());
  await put(searchCases.map(({ text }, i) => document({ ref: refs[i]!, name: `zzcase${i}`, body: text })));

  test.each(searchCases.map((searched, i) => ({ ...searched, i })))('of "$text"', async ({ found, missed, i }) => {
    await onPostgres('read', async (index) => {
      for (const query of found) expect((await find(query)(index)).prompts, query).toContain(refs[i]);
      for (const query of missed) expect((await find(query)(index)).prompts, query).not.toContain(refs[i]);
    });
  });

  test('a search that means nothing finds nothing', async () => {
    await onPostgres('read', async (index) => {
      for (const query of meaningless) expect((await find(query)(index)).prompts, query).toEqual([]);
    });
  });
});

/** Always the same numbers, from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const vocabulary = [
  ...'refund order invoice customer polite answer brief summary ticket agent model prompt json schema tone'.split(' '),
  ...'großes café naïve résumé straße 東京都 お問い合わせ 返金 고객 지원 ไทย привет мир C++ C# .NET v1.2 gpt-4o'.split(
    ' ',
  ),
  ...'😀 🇩🇪 €5 x≥y a/b/c support/refund e-mail don’t {{name}} it_is 3.14 #1 re-fund foo.bar ALLCAPS'.split(' '),
];

describe('a library of some hundreds', async () => {
  const next = random(7);
  const some = (count: number) => Array.from({ length: count }, () => vocabulary[next(vocabulary.length)]!).join(' ');
  const documents = Array.from({ length: 400 }, (_, i) =>
    document({
      kind: (['prompt', 'version', 'run'] as const)[i % 3]!,
      name: i % 3 === 0 ? `team/${some(1)}-${i}` : '',
      title: some(next(3)),
      tags: some(next(3)),
      description: some(next(6)),
      body: some(5 + next(60)),
      note: i % 3 === 1 ? some(next(4)) : '',
    }),
  );
  await put(documents);
  const queries = Array.from({ length: 200 }, () => {
    const words = some(1 + next(3));
    const kinds = [words, words, `"${words}"`, `${words} "${some(2)}"`, words.slice(0, 1 + next(words.length))];
    return kinds[next(kinds.length)]!;
  });

  test('is found the same by two hundred queries on both, those named so first', async () => {
    let hits = 0;
    await onPostgres('read', async (index) => {
      for (const query of queries) {
        const [one, two] = [await onSqlite(find(query)), await find(query)(index)];
        const sorted = (refs: readonly string[]) => [...refs].sort();
        expect(sorted(two.prompts), query).toEqual(sorted(one.prompts));
        expect(two.total, query).toBe(one.total);
        expect(two.others, query).toEqual(one.others);
        hits += two.total + two.others.length;
        const { match } = parseSearchQuery(query, '');
        if (match === null || match.length === 0 || match.length > 2) continue;
        const named = await onSqlite((_, db) => namedIn(db, match));
        const first = two.prompts.slice(0, one.prompts.filter((ref) => named.has(ref)).length);
        expect(
          first.every((ref) => named.has(ref)),
          query,
        ).toBe(true);
      }
    });
    expect(hits).toBeGreaterThan(2_000);
  });

  test('is looked through by an index of words, not row by row', async () => {
    await withClient(database.address, async (client) => {
      await client.query(`
        WITH made AS (
          INSERT INTO promptdev.search_documents (tenant_id, kind, ref, name, title, tags, description, body, note,
            named_words, said_words, body_words, in_part)
          SELECT '${tenant}', 'run', gen_random_uuid(), '', '', '', '', '', '', '', '', '', false FROM generate_series(1, 20000)
          RETURNING id)
        INSERT INTO promptdev.search_words SELECT '${tenant}', id, array_to_tsvector(ARRAY['x' || id]) FROM made`);
      await client.query('ANALYZE');
    });
    await onPostgres('read', async (index, db) => {
      await find('"seldom said"')(index);
      const { rows } = await sql<Record<string, string>>`EXPLAIN SELECT document_id FROM search_words`.execute(db);
      expect(JSON.stringify(rows)).toContain('search_words_found');
    });
  });

  test('is found by nobody of another tenant, whatever is asked', async () => {
    const results = await onPostgres(
      'read',
      async (index, db) => {
        await sql`SELECT set_config('promptdev.sought', '!nothing', true)`.execute(db);
        const { rows } = await sql`SELECT * FROM search_words, search_documents`.execute(db);
        return { rows, ...(await find('invoice')(index)) };
      },
      other,
    );
    expect(results).toEqual({ rows: [], prompts: [], total: 0, others: [] });
  });

  test('loses what is removed, and has what is put anew once', async () => {
    const [gone, changed] = documents.filter(({ kind }) => kind === 'version').map(({ ref }) => ref) as [
      string,
      string,
    ];
    const work: Work<unknown> = async (index) => {
      await index.remove('version', [gone]);
      await index.put([document({ kind: 'version', ref: changed, body: 'entirely otherwise' })]);
      return (await find('otherwise')(index)).others;
    };
    expect(await onPostgres('write', work)).toEqual([`version ${changed}`]);
    await onSqlite(work);
    const found = await both(find('refund'));
    expect(found.postgres.others).toEqual(found.sqlite.others);
  });
});

async function namedIn(database: ReadTables, match: readonly { tokens: readonly string[]; prefix: boolean }[]) {
  const expression = match.map(({ tokens, prefix }) => `"${tokens.join(' ')}"${prefix ? '*' : ''}`).join(' AND ');
  const { rows } = await sql<{ ref: string }>`SELECT d.ref FROM search_prompts JOIN search_documents d
    ON d.id = search_prompts.rowid WHERE search_prompts MATCH ${`{name title tags} : (${expression})`}`.execute(
    database,
  );
  return new Set(rows.map(({ ref }) => ref));
}

describe('texts beyond what a tsvector holds', () => {
  const same = async (query: string, expected: readonly string[]) => {
    const found = await both(find(query));
    expect(found.postgres.prompts, query.slice(0, 50)).toEqual(expected);
    expect(found.sqlite.prompts, query.slice(0, 50)).toEqual(expected);
  };

  test('phrases behind twenty thousand words, and words that stand there a thousand times, are found', async () => {
    const ref = randomUUID();
    const filler = Array.from({ length: 20_000 }, (_, i) => `filler${i % 7}`).join(' ');
    await put([document({ ref, body: `${filler} needle in haystack ${'often '.repeat(1_000)} hereafter` })]);
    await same('"needle in haystack"', [ref]);
    await same('"haystack in needle"', []);
    await same('"often hereafter"', [ref]);
  });

  test('words of more than two kilobytes are found by their whole and by their start', async () => {
    const [ref, ref2] = [randomUUID(), randomUUID()];
    const word = `longword${'ж'.repeat(1_100)}`;
    await put([document({ ref, body: `${word}a` }), document({ ref: ref2, body: `${word}b` })]);
    await same(`"${word}a"`, [ref]);
    await same(`"${word}"`, []);
    await same('longwordжж', [ref2, ref]);
  });

  test('a text with more than a megabyte of words is found by those at its end', async () => {
    const ref = randomUUID();
    // Every pair of characters is a word.
    const next = random(3);
    const body = Array.from({ length: 240_000 }, () => String.fromCodePoint(0x4e00 + next(20_000))).join('');
    await put([document({ ref, body: `${body} lastword of it` })]);
    await same('lastword', [ref]);
    await same('"lastword of"', [ref]);
    await same('lastwort', []);
    await same(`"${body.slice(200_000, 200_009)}"`, [ref]);
  });

  test('NUL and halves of characters are no error', async () => {
    const ref = randomUUID();
    await put([document({ ref, name: 'odd\0name', body: 'strange\0sequel \ud800 and an \udc00end' })]);
    await same('sequel', [ref]);
    const [texts] = await onPostgres('read', (index) => index.texts([{ kind: 'prompt', ref, promptId: null }]));
    expect(texts?.[0]).toContain('sequel');
  });

  test('a search of hundreds of words is answered', async () => {
    const ref = randomUUID();
    const words = Array.from({ length: 400 }, (_, i) => `many${i}`);
    await put([document({ ref, body: words.join(' ') })]);
    await same(words.join(' '), [ref]);
    await same([...words, 'missing0'].join(' '), []);
  });
});
