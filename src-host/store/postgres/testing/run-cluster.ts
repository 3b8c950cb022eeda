import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the cluster of this run is, or will be as soon as a test asks for it. */
    readonly postgres: { readonly folder: string; readonly runner: number };
  }
}

/** Global setup of vitest: names the place of a cluster, and takes it away at the end of the run if one was started. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-postgres-'));
  provide('postgres', { folder, runner: process.pid });
  return async () => {
    if (existsSync(join(folder, 'wanted'))) {
      writeFileSync(join(folder, 'stop'), '');
      await gone(folder);
    }
    await rm(folder, { recursive: true, force: true });
  };
}

/** The keeper removes the folder as its last act. */
async function gone(folder: string): Promise<void> {
  for (const deadline = Date.now() + 15_000; existsSync(folder) && Date.now() < deadline; )
    await new Promise((resolve) => setTimeout(resolve, 50));
}
