import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Client } from '../src-core/client/connection.ts';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { clientOf, contentOf, eventually, finishedRun, openTestHost, temporaryFolder } from './testing/test-host.ts';

const marker = 'zqxmarkerword';

/** Where the bytes of the database still say the word, in any case; another process reads them, for who closes a file of SQLite drops its locks. */
function remains(dataDir: string): string[] {
  const files = ['promptdev.db', 'promptdev.db-wal'].filter((name) => existsSync(join(dataDir, name)));
  const look = `const { readFileSync } = require('node:fs');
    const says = (name) => readFileSync(name, 'latin1').toLowerCase().includes('${marker}');
    console.log(JSON.stringify(process.argv.slice(1).filter(says)));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', look, ...files], { cwd: dataDir, encoding: 'utf8' }));
}

const logBytes = (dataDir: string) => statSync(join(dataDir, 'promptdev.db-wal')).size;

/** A prompt that says the word in each of its fields, in drafts, versions, notes, runs and their outputs. */
async function sayEverywhere(client: Client, name: string, length: number) {
  // So often that it fills pages of its own, and so seldom that it shares them.
  const text = (what: string) => `${marker}${what} `.repeat(length);
  const { id } = await client.prompts.create({
    name: `${name}/${marker}`,
    title: `Title ${marker}`,
    description: text('description').slice(0, 10_000),
    tags: [marker],
    metadata: { [marker]: marker },
    content: contentOf(text('zero')),
  });
  const runs: string[] = [];
  for (const number of [1, 2, 3]) {
    const { draft } = await client.prompts.get({ id });
    await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf(text(`draft${number}`)) });
    const { version } = await client.versions.save({ promptId: id, note: `Note ${marker}` });
    await client.labels.move({ promptId: id, name: `l${number}`, versionId: version.id, reason: marker });
    const run = await client.runs.start({ versionId: version.id, inputs: { word: marker }, model: 'lab/echo' });
    await finishedRun(client, run.id);
    runs.push(run.id);
  }
  await client.prompts.update({ id, changes: { name: `${name}/again-${marker}` } });
  return { id, runs };
}

async function purge(client: Client, id: string): Promise<void> {
  await client.prompts.setStatus({ ids: [id], status: 'trashed' });
  await client.prompts.purge({ ids: [id] });
}

async function openMarked() {
  const endpoint = await startScriptedEndpoint();
  onTestFinished(() => endpoint.close());
  const opened = await openTestHost();
  await opened.client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  return opened;
}

describe('what was deleted for good', () => {
  test.each([1, 40, 3_000])(
    'is not in the bytes of the file any more, neither a word nor a page (× %i)',
    async (length) => {
      const { client, host } = await openMarked();
      for (const i of Array(10).keys()) {
        const { id } = await client.prompts.create({
          name: `other-${i}`,
          content: contentOf(`Text ${i} `.repeat(1 + i * 20)),
        });
        await client.versions.save({ promptId: id });
      }
      const { id, runs } = await sayEverywhere(client, 'secret', length);
      await eventually(async () => (await client.runs.list({ search: marker })).total === 3);
      const { id: comparison } = await client.comparisons.start({
        prompts: [{ content: contentOf(`Compare ${marker} {{ a }}`, { inputs: [{ name: 'a', type: 'string' }] }) }],
        models: ['lab/echo'],
        rows: [{ a: marker }, { a: `${marker} two` }],
      });
      await eventually(async () => (await client.comparisons.get({ id: comparison })).status === 'finished');
      await eventually(async () => (await client.runs.list({ search: marker, includeComparisons: true })).total === 5);
      expect(remains(host.dataDir)).not.toEqual([]);

      await client.comparisons.remove({ id: comparison });
      await client.runs.remove({ ids: runs });
      await purge(client, id);
      await eventually(async () => remains(host.dataDir).length === 0, 20_000);
      await eventually(async () => logBytes(host.dataDir) === 0);
      expect((await client.prompts.list({ search: 'text' })).total).toBe(10);
      expect((await client.prompts.list({ search: marker })).total).toBe(0);
    },
  );

  test('is gone from an index that was merged before, again and again', async () => {
    const { client, host } = await openMarked();
    await client.prompts.create({ name: 'kept', content: contentOf('kept text') });
    for (const round of [1, 2, 3]) {
      const { id, runs } = await sayEverywhere(client, `secret-${round}`, 20);
      await client.runs.remove({ ids: runs });
      await purge(client, id);
      await eventually(async () => remains(host.dataDir).length === 0, 20_000);
      expect((await client.prompts.list({ search: 'kept' })).total).toBe(1);
    }
  });

  test('is erased by the next host when this one ends before', async () => {
    const dataDir = await temporaryFolder();
    const first = await openHost({ dataDir, withoutSamples: true });
    const { id } = await clientOf(first).prompts.create({ name: 'secret', content: contentOf(marker) });
    await purge(clientOf(first), id);
    await first.close();
    expect(remains(dataDir)).toEqual(['promptdev.db']);
    await openTestHost(dataDir);
    await eventually(async () => remains(dataDir).length === 0, 20_000);
  });

  test('is erased once another process has read to its end', async () => {
    const { client, host } = await openTestHost();
    const { id } = await client.prompts.create({ name: 'secret', content: contentOf(marker) });
    const reader = new SqliteDatabase(join(host.dataDir, 'promptdev.db'));
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM prompts').get();
    await purge(client, id);
    // Nobody waits for the reader meanwhile.
    await client.prompts.create({ name: 'next', content: contentOf('next') });
    await eventually(async () => (await sql`SELECT task FROM upkeep`.execute(host.database)).rows.length === 0);
    reader.exec('COMMIT');
    reader.close();
    await eventually(async () => remains(host.dataDir).length === 0, 20_000);
  });
});
