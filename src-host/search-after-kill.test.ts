import { expect, test } from 'vitest';
import { startScriptedEndpoint } from './engines/openai/testing/scripted-endpoint.ts';
import { openHost } from './host/host.ts';
import { openLibrary } from './host/open-library.ts';
import { clientOf, contentOf, finishedRun, temporaryFolder } from './testing/test-host.ts';

test('a command that searches finds what no host had indexed before it was gone', async () => {
  const endpoint = await startScriptedEndpoint();
  const dataDir = await temporaryFolder();
  const host = await openHost({ dataDir });
  const client = clientOf(host);
  await client.models.addEndpoint({ name: 'lab', baseUrl: endpoint.baseUrl });
  const { id } = await client.runs.start({ content: contentOf('zebrafinch'), model: 'lab/echo' });
  await finishedRun(client, id);
  await host.close();
  await endpoint.close();
  const library = await openLibrary(dataDir);
  const find = async () =>
    (await (await library.client()).library.search({ query: 'zebrafinch', kinds: ['run'] })).items;
  expect(await find()).toEqual([]);
  expect(await library.catchUp()).toBe(true);
  expect((await find()).map((hit) => hit.ref)).toEqual([id]);
  expect(await library.catchUp()).toBe(true);
  await library.close();
});
