/**
 * A host in a process of its own, for tests that kill it or put it to sleep: starts an endless run and a comparison, and says
 * their ids. A number after its models is how long its lease lasts, milliseconds.
 */
import { openHost } from '../host/host.ts';
import { clientOf, contentOf } from './host-clients.ts';

const [dataDir = '', baseUrl = '', model = 'endless', cells = 'endless', lease] = process.argv.slice(2);
const leaseMs = Number(lease);
const host = await openHost({
  dataDir,
  withoutSamples: true,
  ...(lease !== undefined && { lease: { leaseMs, renewMs: leaseMs / 5 } }),
});
const client = clientOf(host);
await client.models.addEndpoint({ name: 'lab', baseUrl });
const run = await client.runs.start({ content: contentOf('go on'), model: `lab/${model}` });
const comparison = await client.comparisons.start({
  prompts: [{ content: contentOf('go on') }],
  models: [`lab/${cells}`],
  rows: Array.from({ length: cells === 'endless' ? 2 : 24 }, () => ({})),
  concurrency: cells === 'endless' ? 1 : 2,
});
/** Longer than it takes until a checkpoint of the output is on disk, also on a busy machine. */
const checkpointMs = 2_000;
/** So much has arrived that it is stored in pieces, where the model says as much. */
const enough = model === 'endless' ? 1 : 100_000;
let length = 0;
let arrived = 0;
let said = false;
for await (const event of await client.runs.watch({ id: run.id })) {
  if (event.kind === 'delta') length = event.offset + event.text.length;
  if (said || length < enough) continue;
  said = true;
  arrived = length;
  setTimeout(() => process.send?.({ run: run.id, comparison: comparison.id, arrived }), checkpointMs);
}
