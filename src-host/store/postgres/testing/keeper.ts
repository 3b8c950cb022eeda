import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from './cluster.ts';

/*
 * A process of its own that runs one cluster for a test run: it outlives the worker that wanted it first, and takes the cluster
 * and its folder away when the run says so or is gone, also after a kill.
 */

const [folder, runner] = process.argv.slice(2) as [string, string];

function tell(name: string, content: unknown): void {
  const file = join(folder, name);
  writeFileSync(`${file}.part`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let isTold = false;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => (isTold = true));

async function untilNobodyWants(): Promise<void> {
  while (!isTold && !existsSync(join(folder, 'stop')) && isRunning(Number(runner)))
    await new Promise((resolve) => setTimeout(resolve, 100));
}

try {
  const cluster = await startCluster(folder);
  tell('ready.json', cluster.address);
  await untilNobodyWants();
  await cluster.stop();
} catch (error) {
  tell('failed.json', { message: error instanceof Error ? error.message : String(error) });
  await untilNobodyWants();
}
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
