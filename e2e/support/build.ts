import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds when sources have changed, so that the tests never run an old build. */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export.
export default function buildWhenNeeded(): void {
  const script = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'scripts', 'build.mjs');
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed; see above.');
}
