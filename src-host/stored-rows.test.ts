import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import type { Cell, ComparisonEvent } from '../src-core/contract/comparisons.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import type { Host } from './host/host.ts';
import { contentOf, eventually, finishedRun, openTestHost } from './testing/test-host.ts';

/** Values that another program, another version or a fault may have left in a column. */
const oddities: readonly (readonly [column: string, value: unknown])[] = [
  ['input_tokens', 10.5],
  ['input_tokens', 'many'],
  ['output_tokens', -3],
  ['output_tokens', 9e300],
  ['reasoning_tokens', 0.25],
  ['cached_tokens', 'x'],
  ['cost', -1],
  ['cost', 'cheap'],
  ['ttft_ms', 'soon'],
  ['latency_ms', -5],
  ['tokens_per_second', Number.POSITIVE_INFINITY],
  ['generation_ms', 'long'],
  ['tool_calls', '[null,null,{"id":1,"name":null,"arguments":{}}]'],
  ['tool_calls', '{"not":"a list"}'],
  ['tool_calls', '[{"id":"a"'],
  ['attempts', '[null,{"model":"m"},{"model":"m","error":{"code":"odd","message":"Gone"}}]'],
  ['attempts', 'null'],
  ['error', '{"code":"no_such_code","message":"Words"}'],
  ['error', '"text"'],
  ['error', '{broken'],
  ['schema_problems', '[1,null,"third"]'],
  ['schema_problems', '7'],
  ['notes', '[null]'],
  ['notes', ''],
  ['messages', '[{"role":"user"},7,{"role":"user","content":"kept"}]'],
  ['messages', 'nothing'],
  ['inputs', '[1]'],
  ['inputs', '{'],
  ['sampling', '{"temperature":"hot"}'],
  ['sampling', ''],
  ['model_identity', 'null'],
  ['status', 'exploded'],
  ['finish_reason', 7],
  ['score', 'good'],
  ['version_number', 1.5],
  ['prompt_id', 'not-an-id'],
  ['version_id', 'not-an-id'],
  ['content_hash', 'no-such-hash'],
  ['model', ''],
  ['model', 'x'.repeat(400)],
  ['output', 42],
  ['finished_at', 20260101],
  ['created_at', 5],
];

async function hostWithRuns(): Promise<{ host: Host; client: Client; ids: readonly string[] }> {
  const endpoint = await startScriptedEndpoint();
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const ids: string[] = [];
  for (const text of ['first', 'second']) {
    const { id } = await opened.client.runs.start({ content: contentOf(text), model: 'lab/echo' });
    await finishedRun(opened.client, id);
    ids.push(id);
  }
  await endpoint.close();
  return { ...opened, ids };
}

/** Writes past everything that checks. */
async function damage(host: Host, table: 'runs' | 'comparisons', id: string, column: string, value: unknown) {
  await sql`PRAGMA foreign_keys = OFF`.execute(host.database);
  await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${value} WHERE id = ${id}`.execute(host.database);
}

describe('a run that is stored damaged', () => {
  test('is listed, opened and watched whichever of its columns it is, and the others with it', async () => {
    const { host, client, ids } = await hostWithRuns();
    const [whole, broken] = ids as [string, string];
    const before = await host.database
      .selectFrom('runs')
      .selectAll()
      .where('id', '=', broken)
      .executeTakeFirstOrThrow();
    for (const [column, value] of oddities) {
      const at = `${column} = ${String(value).slice(0, 60)}`;
      await damage(host, 'runs', broken, column, value);
      const { items } = await client.runs.list({});
      expect(
        items.map((run) => run.id),
        at,
      ).toEqual([broken, whole]);
      expect((await client.runs.get({ id: broken })).id, at).toBe(broken);
      expect((await finishedRun(client, broken)).id, at).toBe(broken);
      await damage(host, 'runs', broken, column, before[column as keyof typeof before]);
    }
  });

  test('says what of it could not be read, and keeps the rest', async () => {
    const { host, client, ids } = await hostWithRuns();
    const id = ids[0]!;
    await damage(host, 'runs', id, 'output_tokens', 2.4);
    await damage(host, 'runs', id, 'tool_calls', '[null,{"id":"a","name":"f","arguments":"{}"}]');
    await damage(host, 'runs', id, 'content_hash', 'gone');
    const run = await client.runs.get({ id });
    expect(run).toMatchObject({ output: 'first', outputTokens: 2, status: 'succeeded' });
    expect(run.toolCalls).toEqual([{ id: 'a', name: 'f', arguments: '{}' }]);
    expect(run.content.messages).toEqual([{ role: 'user', content: 'first' }]);
    expect(run.notes).toEqual([
      'What is stored of this run cannot all be read; left out or put right: output tokens, tool calls, prompt.',
    ]);
  });

  test('keeps the words of an error that has no known code', async () => {
    const { host, client, ids } = await hostWithRuns();
    const id = ids[0]!;
    await damage(host, 'runs', id, 'error', '{"code":"odd","message":"The words."}');
    expect((await client.runs.get({ id })).error).toEqual({ code: 'internal', message: 'The words.' });
    await damage(host, 'runs', id, 'error', '{broken');
    const { items } = await client.runs.list({});
    expect(items.find((run) => run.id === id)?.error?.message).toBe(
      'It failed, and the reason that was stored cannot be read.',
    );
  });

  test('without an id that could be asked for is left out, and hides no other', async () => {
    const { host, client, ids } = await hostWithRuns();
    await damage(host, 'runs', ids[1]!, 'id', 'no id');
    expect((await client.runs.list({})).items.map((run) => run.id)).toEqual([ids[0]]);
  });

  test('with many gigantic calls is read without them', async () => {
    const { host, client, ids } = await hostWithRuns();
    await damage(host, 'runs', ids[0]!, 'tool_calls', `[${'null,'.repeat(1_000_000)}null]`);
    await damage(host, 'runs', ids[0]!, 'output', '');
    const { items } = await client.runs.list({});
    expect(items).toHaveLength(2);
    expect((await client.runs.get({ id: ids[0]! })).toolCalls).toEqual([]);
  });
});

/** Whole comparisons as a window gets them. */
async function readAll(client: Client, id: string) {
  const list = await client.comparisons.list({});
  const comparison = await client.comparisons.get({ id });
  const cells: Cell[] = [];
  let last: ComparisonEvent | null = null;
  for await (const event of await client.comparisons.watch({ id })) {
    if (event.kind === 'cells') cells.push(...event.cells);
    last = event;
  }
  return { list, comparison, cells, last };
}

async function hostWithComparison() {
  const endpoint = await startScriptedEndpoint();
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await opened.client.comparisons.start({
    prompts: [{ content: contentOf('one') }, { content: contentOf('two') }],
    models: ['lab/echo'],
  });
  await eventually(async () => (await opened.client.comparisons.get({ id })).status === 'finished');
  await endpoint.close();
  return { ...opened, id };
}

describe('a comparison that is stored damaged', () => {
  test('is listed, opened and watched whichever column of its cells it is', async () => {
    const { host, client, id } = await hostWithComparison();
    const { cells } = await readAll(client, id);
    const broken = cells[0]!.runId;
    const before = await host.database
      .selectFrom('runs')
      .selectAll()
      .where('id', '=', broken)
      .executeTakeFirstOrThrow();
    const places = ['cell_prompt', 'cell_model', 'cell_row'].flatMap(
      (column) =>
        [
          [column, 1.5],
          [column, 'x'],
        ] as const,
    );
    for (const [column, value] of [...oddities, ...places]) {
      const at = `${column} = ${String(value).slice(0, 60)}`;
      await damage(host, 'runs', broken, column, value);
      const read = await readAll(client, id);
      expect(read.list.items, at).toHaveLength(1);
      expect(read.cells, at).toHaveLength(2);
      expect(read.last, at).toMatchObject({ kind: 'totals' });
      await damage(host, 'runs', broken, column, before[column as keyof typeof before]);
    }
  });

  test.each([
    ['prompts', '[null,{"name":7}]'],
    ['prompts', '{broken'],
    ['models', '[null,5]'],
    ['models', 'null'],
    ['rows', '[null,7]'],
    ['rows', '{}'],
    ['sampling', '{"temperature":-1}'],
    ['status', 'odd'],
    ['concurrency', 'many'],
    ['title', 7],
    ['created_at', 1],
  ])('is listed, opened and watched with %s = %s', async (column, value) => {
    const { host, client, id } = await hostWithComparison();
    await damage(host, 'comparisons', id, column, value);
    const { list, comparison, cells } = await readAll(client, id);
    expect(list.items).toHaveLength(1);
    expect(cells).toHaveLength(2);
    // Every cell has its place.
    expect(comparison.prompts).toHaveLength(2);
    expect(comparison.models.length).toBeGreaterThanOrEqual(1);
    expect(comparison.rows.length).toBeGreaterThanOrEqual(1);
  });

  test('whose prompt is gone can be read, and says so when it is to be run again', async () => {
    const { host, client, id } = await hostWithComparison();
    await damage(
      host,
      'comparisons',
      id,
      'prompts',
      '[{"name":"lost","contentHash":"gone"},{"name":"too","contentHash":"gone"}]',
    );
    expect((await client.comparisons.get({ id })).prompts.map((prompt) => prompt.name)).toEqual(['lost', 'too']);
    const { cells } = await readAll(client, id);
    await expect(client.comparisons.rerun({ id, cells: [cells[0]!.runId] })).rejects.toThrow(
      'The prompt "lost" of this comparison is stored damaged',
    );
  });
});
