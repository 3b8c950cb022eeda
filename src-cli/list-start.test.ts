import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/promptdev.mjs', import.meta.url));

test('a list loads no template engine and no engine for patterns', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-list-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const hook = join(folder, 'hook.mjs');
  await writeFile(
    hook,
    `import { registerHooks } from 'node:module';
     registerHooks({ load: (url, context, next) => { console.error('loads ' + url); return next(url, context); } });`,
  );
  const promptdev = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['--import', pathToFileURL(hook).href, bin, ...args, '--data-dir', folder], {
      env: { ...process.env, PROMPTDEV_KEYRING: 'off' },
      maxBuffer: 10_000_000,
    });
  // The first start makes the file and the samples, which is a host's work.
  await promptdev('list');
  const { stdout, stderr } = await promptdev('list');
  expect(stdout).toContain('samples/');
  expect(stderr).toContain('loads ');
  expect(stderr.match(/loads \S*(?:re2js|nunjucks|liquidjs|templates\/engine)\S*/g)).toBeNull();
});
