/** A host in a process of its own with which somebody stays: takes up what lost hosts had begun, until it is killed. */
import { openHost } from '../host/host.ts';

const [dataDir = ''] = process.argv.slice(2);
await openHost({ dataDir, withoutSamples: true, stays: true, lease: { leaseMs: 3_000, renewMs: 300 } });
process.send?.('open');
