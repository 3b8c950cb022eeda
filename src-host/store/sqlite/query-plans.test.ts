import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../../src-core/client/connection.ts';
import { openHost } from '../../host/host.ts';
import { fillPrompts } from '../../testing/fill-prompts.ts';
import { clientOf } from '../../testing/host-clients.ts';
import { type OwnHost, openOwnHost } from '../../testing/own-host.ts';

/** Tables that grow with use: a list that reads one of them from end to end gets slower with every day. */
const growing = [
  ...['prompts', 'prompt_tags', 'versions', 'contents', 'labels', 'label_moves', 'prompt_changes', 'former_names'],
  ...['drafts', 'draft_entries', 'runs', 'run_texts', 'comparisons', 'jobs', 'feed', 'audit', 'idempotency_keys'],
  ...['search_documents', 'search_texts'],
];

let own: OwnHost;
let client: Client;
let promptId: string;
let versionId: string;

beforeAll(async () => {
  own = await openOwnHost();
  fillPrompts(
    own.host.dataDir,
    Array.from({ length: 400 }, (_, i) => ({ name: `team-${i % 7}/prompt-${i}`, text: `Say ${i}.`, tags: ['red'] })),
  );
  client = clientOf(own.host);
  ({ id: promptId } = await client.prompts.find({ name: 'team-0/prompt-0' }));
  ({
    version: { id: versionId },
  } = await client.versions.save({ promptId }));
  await client.labels.move({ promptId, name: 'staging', versionId });
});

afterAll(() => own.close());

/** The reads that some work makes, each once, without those that SQLite makes for itself. */
async function readsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const original = SqliteDatabase.prototype.prepare;
  const queries = new Set<string>();
  // Statements are kept by connection, so the work is done on a new one.
  SqliteDatabase.prototype.prepare = function prepare(this: SqliteDatabase.Database, query: string) {
    if (/^\s*(?:with|select)\b/i.test(query) && !query.includes('sqlite_master')) queries.add(query);
    return original.call(this, query);
  } as typeof original;
  try {
    await work();
  } finally {
    SqliteDatabase.prototype.prepare = original;
  }
  return [...queries];
}

const sorting = 'USE TEMP B-TREE FOR ORDER BY';

function planOf(sqlite: SqliteDatabase.Database, query: string): readonly string[] {
  const plan = sqlite.prepare(`EXPLAIN QUERY PLAN ${query}`);
  const parameters = [...query.matchAll(/\?/g)].map(() => null);
  return (plan.all(...parameters) as { detail: string }[]).map(({ detail }) => detail);
}

/** What of a query's plan reads a growing table, or an index of it, from end to end. */
function scansOf(sqlite: SqliteDatabase.Database, query: string): readonly string[] {
  const steps = planOf(sqlite, query);
  // A walk along an index in the order of the list ends with the page.
  const endsEarly = /\blimit\b/i.test(query) && !steps.some((step) => step.startsWith(sorting));
  return steps.filter((step) => {
    const table = /^SCAN (\w+)/.exec(step)?.[1];
    return table !== undefined && growing.includes(table) && !(endsEarly && step.includes(' USING '));
  });
}

/** Whether a page is read by sorting all that it is a page of, where an index would have it in order. */
function isSorted(sqlite: SqliteDatabase.Database, query: string): boolean {
  const steps = planOf(sqlite, query);
  const isOfGrowing = growing.some((table) => new RegExp(`^(?:SCAN|SEARCH) ${table}\\b`).test(steps[0] ?? ''));
  return isOfGrowing && /\blimit\b/i.test(query) && steps.some((step) => step.startsWith(sorting));
}

interface List {
  readonly name: string;
  readonly read: (on: Client) => Promise<unknown>;
  /** Why it reads a whole table all the same: the table, and the reason. */
  readonly whole?: readonly (readonly [string, string])[];
  /** Why a page of it is sorted all the same. */
  readonly sorted?: string;
}

const page = { limit: 50 };
const cursorOf = async (list: Promise<{ readonly nextCursor: string | null }>): Promise<{ cursor?: string }> => {
  const { nextCursor } = await list;
  return nextCursor === null ? {} : { cursor: nextCursor };
};

const counted = 'All of them are counted, from the narrowest index, which SQLite does by the page.';

const redone = 'Few steps of a draft were taken from one and the same.';
const ofPrompt = 'They are those of one prompt.';

const lists: readonly List[] = [
  { name: 'prompts by update', read: (on) => on.prompts.list(page) },
  {
    name: 'a later page of prompts',
    read: async (on) => on.prompts.list({ ...page, ...(await cursorOf(on.prompts.list(page))) }),
  },
  { name: 'prompts from a place on', read: (on) => on.prompts.list({ ...page, offset: 100 }) },
  { name: 'prompts by name', read: (on) => on.prompts.list({ ...page, order: 'name' }) },
  {
    name: 'prompts of a folder',
    read: (on) => on.prompts.list({ ...page, folder: 'team-3' }),
    sorted: 'Those of the folder and below are found by name.',
  },
  {
    name: 'prompts directly in a folder, by name',
    read: (on) => on.prompts.list({ ...page, folder: 'team-3', direct: true, order: 'name', offset: 10 }),
  },
  { name: 'prompts of a project', read: (on) => on.prompts.list({ ...page, project: 'default' }) },
  { name: 'prompts with a tag', read: (on) => on.prompts.list({ ...page, tags: ['red'] }) },
  { name: 'prompts in the trash', read: (on) => on.prompts.list({ ...page, status: 'trashed' }) },
  { name: 'prompts with a word', read: (on) => on.prompts.list({ ...page, search: 'say' }) },
  {
    name: 'prompts by filters',
    read: (on) => on.prompts.list({ ...page, search: 'tag:red label:staging model:a/b updated:>2026-01-31' }),
  },
  { name: 'a prompt', read: (on) => on.prompts.get({ id: promptId }), sorted: redone },
  { name: 'a prompt by name', read: (on) => on.prompts.find({ name: 'team-0/prompt-0' }), sorted: redone },
  { name: 'tags', read: (on) => on.prompts.tags() },
  { name: 'steps of a draft', read: (on) => on.prompts.draftSteps({ ...page, id: promptId }) },
  { name: 'projects', read: (on) => on.library.projects() },
  { name: 'folders', read: (on) => on.library.folders({}) },
  { name: 'folders of a project', read: (on) => on.library.folders({ project: 'default' }) },
  { name: 'search over everything', read: (on) => on.library.search({ ...page, query: 'say' }) },
  { name: 'where a prompt is used', read: (on) => on.library.whereUsed({ id: promptId }) },
  {
    name: 'where a folder is used',
    read: (on) => on.library.folderUsedBy({ folder: 'team-0' }),
    whole: [
      ['drafts', 'The index is asked for few names; a folder has many, for which every text is read faster.'],
      ['prompts', 'The same for latest versions.'],
    ],
  },
  { name: 'versions of a prompt', read: (on) => on.versions.list({ ...page, promptId }) },
  { name: 'authors of a prompt', read: (on) => on.versions.authors({ promptId }) },
  { name: 'the log of versions', read: (on) => on.versions.log(page), whole: [['versions', counted]] },
  { name: 'the log of a prompt', read: (on) => on.versions.log({ ...page, promptId }), sorted: ofPrompt },
  { name: 'a version by label', read: (on) => on.versions.find({ ref: 'team-0/prompt-0@staging' }) },
  { name: 'labels of a prompt', read: (on) => on.labels.list({ promptId }) },
  {
    name: 'names of labels',
    read: (on) => on.labels.names(),
    whole: [['labels', 'Each is counted under its name, from an index.']],
  },
  { name: 'moves of labels', read: (on) => on.labels.history({ ...page, promptId }), sorted: ofPrompt },
  { name: 'moves of a label', read: (on) => on.labels.history({ ...page, promptId, name: 'staging' }) },
  { name: 'runs', read: (on) => on.runs.list(page), whole: [['runs', counted]] },
  {
    name: 'single runs',
    read: (on) => on.runs.list({ ...page, includeComparisons: false }),
    whole: [['runs', counted]],
  },
  { name: 'runs of a prompt', read: (on) => on.runs.list({ ...page, promptId }) },
  { name: 'runs of a model', read: (on) => on.runs.list({ ...page, model: 'lab/echo' }) },
  { name: 'runs of a status', read: (on) => on.runs.list({ ...page, status: 'failed' }) },
  { name: 'runs with a word', read: (on) => on.runs.list({ ...page, search: 'say' }) },
  { name: 'comparisons', read: (on) => on.comparisons.list(page) },
  { name: 'what a host does when it opens and closes', read: async () => undefined },
];

test.each(lists)(
  '$name: read along an index, no growing table from end to end',
  async ({ read, whole = [], sorted }) => {
    const { dataDir } = own.host;
    const queries = await readsOf(async () => {
      const host = await openHost({ dataDir, withoutSamples: true });
      await read(clientOf(host)).finally(() => host.close());
    });
    const sqlite = new SqliteDatabase(join(dataDir, 'promptdev.db'), { readonly: true });
    sqlite.function('fold_case', (text) => text);
    sqlite.function('fold_text', (text) => text);
    const ofWorkspace = queries.filter((query) => isOfWorkspace(sqlite, query));
    const unordered = sorted === undefined ? ofWorkspace.filter((query) => isSorted(sqlite, query)) : [];
    const found = ofWorkspace.flatMap((query) =>
      scansOf(sqlite, query)
        .filter((step) => !whole.some(([table]) => step.startsWith(`SCAN ${table}`)))
        .map((step) => `${step} in ${query}`),
    );
    sqlite.close();
    expect(queries.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
    expect(unordered).toEqual([]);
  },
);

/** Queries of `device.db` have other tables. */
function isOfWorkspace(sqlite: SqliteDatabase.Database, query: string): boolean {
  try {
    sqlite.prepare(query);
    return true;
  } catch {
    return false;
  }
}
