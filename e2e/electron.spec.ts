import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron as electron, expect, test } from '@playwright/test';
import { findInstalledElectron } from './support/electron.ts';

const found = findInstalledElectron();

test.skip(found.kind === 'none', found.kind === 'none' ? `${found.why}, so the desktop window is not tried.` : '');

test('the desktop window opens, and a model that it is started with is offered', async () => {
  if (found.kind === 'none') return;
  const folder = await mkdtemp(join(tmpdir(), 'promptdev-electron-'));
  const model = resolve('resources/models/promptdev-starter-q8_0.gguf');
  const app = await electron.launch({
    executablePath: found.binary,
    args: [...found.switches, resolve('.'), '--data-dir', join(folder, 'data'), model],
    env: { ...(process.env as Record<string, string>), PROMPTDEV_KEYRING: 'off' },
  });
  try {
    const page = await app.firstWindow();
    await expect(page).toHaveTitle(/PromptDev/);
    // The file is one of the models that come with the product, so adding it opens that one.
    await expect(page.getByRole('region', { name: 'Models' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('tab', { name: /PromptDev Starter/ })).toBeVisible({ timeout: 30_000 });

    await app.evaluate(
      ({ app: shell }, path) => shell.emit('second-instance', {}, ['promptdev', path], '/'),
      '/gone.gguf',
    );
    await expect(page.getByRole('list', { name: 'Files being added' }).getByRole('alert')).toContainText('gone.gguf');

    await app.evaluate(
      ({ app: shell }, path) => shell.emit('second-instance', {}, ['promptdev', path], '/'),
      resolve('README.md'),
    );
    await expect(page.getByText('README.md was not opened')).toBeVisible();
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
});
