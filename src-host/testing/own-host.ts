import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, openHost } from '../host/host.ts';

export interface OwnHost {
  readonly host: Host;
  readonly close: () => Promise<void>;
}

/** A real host on a folder of its own that a whole test file shares; whoever opens it closes it. */
export async function openOwnHost(): Promise<OwnHost> {
  process.env.PROMPTDEV_KEYRING = 'off';
  const dataDir = await mkdtemp(join(tmpdir(), 'promptdev-host-'));
  const host = await openHost({ dataDir, withoutSamples: true });
  return {
    host,
    close: async () => {
      await host.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
