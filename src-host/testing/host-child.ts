/** A host in a process of its own, for tests that kill it: starts an endless run and a comparison, and says their ids. */
import { openHost } from '../host.ts';
import { clientOf, contentOf } from './host-clients.ts';

const [dataDir = '', baseUrl = ''] = process.argv.slice(2);
const host = await openHost({ dataDir, withoutSamples: true });
const client = clientOf(host);
await client.models.addEndpoint({ name: 'lab', baseUrl });
const run = await client.runs.start({ content: contentOf('go on'), model: 'lab/endless' });
const comparison = await client.comparisons.start({
  prompts: [{ content: contentOf('go on') }],
  models: ['lab/endless'],
  rows: [{}, {}],
  concurrency: 1,
});
for await (const event of await client.runs.watch({ id: run.id })) {
  if (event.kind !== 'delta') continue;
  // Long enough for a checkpoint of the output.
  setTimeout(() => process.send?.({ run: run.id, comparison: comparison.id }), 1_200);
  break;
}
