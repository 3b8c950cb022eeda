import { expect, test } from 'vitest';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host.ts';
import { openLibrary } from './open-library.ts';
import { clientOf, contentOf, finishedRun, temporaryFolder } from './testing/test-host.ts';

test('a command that searches finds what a killed process had not indexed, though no host is ever open long enough', async () => {
  const endpoint = await startScriptedEndpoint();
  const dataDir = await temporaryFolder();
  const host = await openHost({ dataDir });
  const client = clientOf(host);
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.runs.start({ content: contentOf('zebrafinch'), model: 'lab/echo' });
  await finishedRun(client, id);
  await host.close();
  await endpoint.close();
  // As a kill right after the answer leaves it.
  const killed = await openLibrary(dataDir);
  const find = async () =>
    (await (await killed.client()).library.search({ query: 'zebrafinch', kinds: ['run'] })).items;
  expect((await find()).map((hit) => hit.ref)).toEqual([id]);
  await killed.close();
  const left = await openHost({ dataDir });
  await left.database.deleteFrom('search_documents' as never).execute();
  await left.database.insertInto('unindexed_runs').values({ run_id: id }).execute();
  await left.close();
  const library = await openLibrary(dataDir);
  expect(await library.catchUp()).toBe(true);
  const { items } = await (await library.client()).library.search({ query: 'zebrafinch', kinds: ['run'] });
  expect(items.map((hit) => hit.ref)).toEqual([id]);
  expect(await library.catchUp()).toBe(true);
  await library.close();
});
