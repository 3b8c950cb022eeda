import { execFileSync } from 'node:child_process';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { contentSchema } from '../src-core/contract/content.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';

const starter = fileURLToPath(new URL('../resources/models/promptdev-starter-q8_0.gguf', import.meta.url));
const side = (page: Page) => page.locator('[data-region="side"]');

async function openModels(page: Page): Promise<void> {
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeVisible();
  await page.keyboard.press('Control+4');
  await expect(side(page).getByText('Built-in')).toBeVisible();
}

/** Opens the dialog by its shortcut and adds the file at a path. */
async function addByPath(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Add a local model' });
  await dialog.getByRole('textbox', { name: 'Path of the file' }).fill(path);
  await page.keyboard.press('Enter');
}

/** Drops a file on the page. */
async function drop(page: Page, name: string, bytes: readonly number[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content as number[])], fileName as string));
      return data;
    },
    [name, bytes] as const,
  );
  await side(page).locator('header').dispatchEvent('dragenter', { dataTransfer: transfer });
  await expect(side(page).getByText('Drop the GGUF file to add it')).toBeVisible();
  await side(page).locator('header').dispatchEvent('drop', { dataTransfer: transfer });
}

test('axe finds no serious violation in models, light or dark', async ({ app, lab }) => {
  // It checks eight whole pages.
  test.slow();
  const { page } = app;
  await lab.add(app, ['echo']);
  await openModels(page);
  await side(page).getByRole('button', { name: /Q8_0/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Q8_0/ })).toBeVisible();
  await page.getByText('Chat template').click();
  expect(await violations(page), 'local model').toEqual([]);
  await side(page).getByRole('button', { name: /^echo/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'echo' })).toBeVisible();
  expect(await violations(page), 'remote model').toEqual([]);
  await side(page).getByRole('button', { name: 'Lab', exact: true }).click();
  await page.getByRole('button', { name: 'List models' }).click();
  await expect(page.getByRole('list', { name: 'Models of the endpoint' })).toBeVisible();
  expect(await violations(page), 'endpoint').toEqual([]);
  await side(page).getByRole('button', { name: 'Add model' }).click();
  await page.getByRole('menuitem', { name: 'Add endpoint' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await violations(page), 'new endpoint').toEqual([]);
});

test('a GGUF added by its path shows what it is, is loaded and unloaded, and stays on disk when removed', async ({
  app,
}) => {
  const { page, dataDir } = app;
  const path = join(dataDir, 'my-model.gguf');
  copyFileSync(starter, path);
  // The starter itself would be recognised as the same file.
  writeFileSync(path, Buffer.alloc(32), { flag: 'a' });
  await openModels(page);
  await addByPath(page, path);
  await expect(page.getByText('local/my-model')).toBeVisible({ timeout: 20_000 });
  const main = page.getByRole('main');
  await expect(main.getByText('Q8_0').first()).toBeVisible();
  await expect(main.getByText(/About .* free/)).toBeVisible();
  await main.getByRole('button', { name: 'Load' }).click();
  await expect(main.getByRole('button', { name: 'Unload' })).toBeVisible({ timeout: 30_000 });
  await expect(main.getByText('In use')).toBeVisible();

  await main.getByRole('combobox', { name: 'Context' }).click();
  await page.getByRole('option', { name: '256 tokens' }).click();
  await expect(main.getByText(/for a context of 256 tokens/)).toBeVisible();
  await expect(main.getByRole('button', { name: 'Unload' })).toBeVisible({ timeout: 30_000 });
  await main.getByRole('button', { name: 'Unload' }).click();
  await expect(main.getByRole('button', { name: 'Load', exact: true })).toBeVisible();

  await main.getByRole('button', { name: 'Remove model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(side(page).getByText('my-model')).toBeHidden();
  expect((await app.client.models.list()).map(({ id }) => id)).toEqual(['starter', 'starter-q8']);
});

test('bad files are refused with one sentence each, and nothing is added', async ({ app }) => {
  const { page, dataDir } = app;
  const truncated = join(dataDir, 'half.gguf');
  copyFileSync(starter, truncated);
  truncateSync(truncated, 1_000_000);
  const random = join(dataDir, 'noise.gguf');
  writeFileSync(random, Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7_919) % 256)));
  await openModels(page);
  const alert = (name: string) => side(page).getByRole('listitem').filter({ hasText: name }).getByRole('alert');
  const dialog = page.getByRole('dialog', { name: 'Add a local model' });
  const nowhere = join(dataDir, 'nowhere.gguf');
  for (const [path, sentence] of [
    [truncated, /half\.gguf is cut off/],
    [random, /GGUF/],
    [dataDir, /\w+.*\.$/],
    [nowhere, /nowhere\.gguf/],
  ] as const) {
    await addByPath(page, path);
    await expect(dialog.getByRole('alert')).toHaveText(sentence);
    await expect(dialog.getByRole('textbox', { name: 'Path of the file' })).toHaveValue(path);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  }
  await drop(page, 'notes.txt', [1, 2, 3]);
  await expect(alert('notes.txt')).toContainText('does not end in .gguf');
  expect(await violations(page), 'refused files').toEqual([]);
  expect(await app.client.models.list()).toHaveLength(2);
  await page.getByRole('button', { name: 'Dismiss notes.txt' }).click();
  await expect(alert('notes.txt')).toBeHidden();
});

/** The processes of a host that run models. */
function engines(host: number): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => row !== null && Number(row[2]) === host && /engine/.test(row[3] ?? ''))
    .map((row) => Number(row?.[1]));
}

test('a model whose process dies is explained, set aside after three times, and can try again', async ({ app }) => {
  const { page } = app;
  const { host } = await app.client.workspace.info();
  await openModels(page);
  await side(page).getByRole('button', { name: /Q8_0/ }).click();
  const main = page.getByRole('main');
  for (const crash of [1, 2, 3]) {
    await main.getByRole('button', { name: crash === 1 ? 'Load' : 'Try again', exact: true }).click();
    await expect(main.getByRole('button', { name: 'Unload' })).toBeVisible({ timeout: 30_000 });
    await expect(main.getByText('In use')).toBeVisible({ timeout: 30_000 });
    for (const pid of engines(host.pid)) process.kill(pid, 'SIGKILL');
    await expect(main.getByRole('alert')).toContainText(crash < 3 ? 'stopped unexpectedly' : 'set aside');
  }
  expect(await violations(page), 'set aside').toEqual([]);
  await expect(main.getByRole('button', { name: 'Load', exact: true })).toBeDisabled();
  await main.getByRole('button', { name: 'Try again' }).click();
  await expect(main.getByText('In use')).toBeVisible({ timeout: 30_000 });
  await expect(main.getByRole('alert')).toBeHidden();
});

test('a GGUF chosen in the browser is copied into the data directory and added', async ({ app }) => {
  const { page } = app;
  await openModels(page);
  await page.keyboard.press('Control+o');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  const path = join(app.dataDir, 'picked.gguf');
  copyFileSync(starter, path);
  writeFileSync(path, Buffer.alloc(32), { flag: 'a' });
  await (await chooser).setFiles(path);
  await expect(page.getByText('local/picked')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(join(app.dataDir, 'models', 'picked.gguf'))).toBeVisible();
});

test('an endpoint is tested, saved with its key, its models picked from its own list, and priced', async ({ app }) => {
  const { page } = app;
  const endpoint = await startScriptedEndpoint({ apiKey: 'sk-right-7f3a9c2e5b' });
  await openModels(page);
  await side(page).getByRole('button', { name: 'Add endpoint' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an endpoint' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('My lab');
  await dialog.getByRole('textbox', { name: 'Base URL' }).fill(endpoint.baseUrl);
  await dialog.getByLabel('Key', { exact: true }).fill('sk-wrong');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByRole('status')).toContainText(/401|key/i);
  await dialog.getByLabel('Key', { exact: true }).fill('sk-right-7f3a9c2e5b');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByRole('status')).toContainText('Connected');
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();

  await page.getByRole('textbox', { name: /Filter or type/ }).fill('echo');
  await page.getByRole('checkbox', { name: 'echo', exact: true }).click();
  await page.getByRole('button', { name: 'Add 1' }).click();
  await expect(side(page).getByRole('button', { name: /^echo/ })).toBeVisible();
  await page.getByRole('textbox', { name: /Filter or type/ }).fill('not-listed');
  await page.getByRole('button', { name: /as it is typed/ }).click();
  await expect(side(page).getByRole('button', { name: /^not-listed/ })).toBeVisible();

  const row = page.getByRole('row', { name: 'my-lab/echo' });
  await row.getByRole('textbox', { name: /^Input/ }).fill('2.5');
  await row.getByRole('textbox', { name: /^Output/ }).fill('10');
  await row.getByRole('textbox', { name: /^Output/ }).press('Enter');
  await expect(side(page).getByRole('button', { name: /^echo/ })).toContainText('$2.50 in · $10 out');

  // The key is never shown again, whatever the window asks for.
  expect(JSON.stringify(await app.client.models.listEndpoints())).not.toContain('sk-right');
  expect(await page.content()).not.toContain('sk-right');
  await expect(page.getByText(/A key that ends in/)).toBeVisible();
  await endpoint.close();
});

test('input that was cached may have a price of its own', async ({ app, lab }) => {
  const { page } = app;
  await lab.add(app, ['echo']);
  await openModels(page);
  await side(page).getByRole('button', { name: /^echo/ }).click();
  const field = (name: RegExp) => page.getByRole('textbox', { name });
  await field(/^Cached input/).fill('0.25');
  await field(/^Cached input/).press('Enter');
  await expect(page.getByText('A price of cached input needs the price of other input, too.')).toBeVisible();
  await field(/^Input/).fill('2.5');
  await field(/^Output/).fill('10');
  await field(/^Output/).press('Enter');
  await expect(side(page).getByRole('button', { name: /^echo/ })).toContainText('$2.50 in · $10 out');
  const model = (await app.client.models.list()).find(({ id }) => id === 'lab/echo');
  expect(model).toMatchObject({ price: { inputPerMillion: 2.5, outputPerMillion: 10, cachedInputPerMillion: 0.25 } });
});

test('what is wrong with an endpoint is said in one sentence', async ({ app: { page } }) => {
  const web = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Hi</title>'),
  );
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const closed = await startScriptedEndpoint();
  await closed.close();
  const empty = await startScriptedEndpoint({ list: { kind: 'models', ids: [] } });
  await openModels(page);
  await side(page).getByRole('button', { name: 'Add endpoint' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an endpoint' });
  const result = async (url: string) => {
    await dialog.getByRole('textbox', { name: 'Base URL' }).fill(url);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).not.toContainText('Asking');
    return await dialog.getByRole('status').innerText();
  };
  expect(await result(closed.baseUrl)).toMatch(/refused|nothing|listen/i);
  expect(await result(`${origin}/v1`)).toMatch(/web page/i);
  expect(await result(empty.baseUrl)).toMatch(/no models/i);
  await dialog.getByRole('textbox', { name: 'Base URL' }).fill('api.example.com');
  await dialog.getByRole('button', { name: 'Add endpoint' }).click();
  const address = dialog.getByRole('textbox', { name: 'Base URL' });
  await expect(address).toBeFocused();
  await expect(address).toHaveAccessibleDescription(/must start with http:\/\/ or https:\/\//);
  await empty.close();
  web.close();
});

test('an endpoint is edited, its key forgotten with its address, and removed with its models', async ({ app, lab }) => {
  const { page } = app;
  const endpoint = await lab.add(app, ['echo'], { apiKey: 'sk-old-key-12345678' });
  const other = await startScriptedEndpoint();
  await openModels(page);
  await side(page).getByRole('button', { name: 'Lab', exact: true }).click();
  await page.getByRole('textbox', { name: 'Base URL' }).fill(other.baseUrl);
  await expect(page.getByText(`The stored key belongs to ${endpoint.origin}`)).toBeVisible();
  await page.getByRole('button', { name: 'Save and test' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();
  expect(other.requests.every(({ headers }) => !headers.authorization?.includes('sk-old'))).toBe(true);
  await page.getByRole('button', { name: 'Remove endpoint' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(side(page).getByRole('button', { name: 'Lab', exact: true })).toBeHidden();
  expect(await app.client.models.list()).toHaveLength(2);
  await other.close();
});

test('a field is never sent to a model that a person says does not take it, and one that it refused is tried again', async ({
  app,
  lab,
}) => {
  const { page, client } = app;
  const endpoint = await lab.add(app, ['picky'], {
    models: { picky: { kind: 'answer', rejectFields: ['temperature'] } },
  });
  const run = async () => {
    const content = { messages: [{ role: 'user' as const, content: 'Hi' }] };
    const { id } = await client.runs.start({
      content: contentSchema.parse(content),
      model: 'lab/picky',
      sampling: { temperature: 0.2, seed: 7 },
    });
    for await (const event of await client.runs.watch({ id })) if (event.kind === 'finished') return event.run.notes;
    return [];
  };
  expect(await run()).toEqual(['lab/picky does not take temperature, so it was not sent.']);
  await openModels(page);
  await side(page)
    .getByRole('button', { name: /^picky/ })
    .click();
  const main = page.getByRole('main');
  await expect(main.getByText('The endpoint refused temperature')).toBeVisible();
  await main.getByRole('checkbox', { name: 'Never send seed' }).click();
  await expect(side(page).getByText('never sent: seed')).toBeVisible();
  await main.getByRole('button', { name: 'Try again' }).click();
  await expect(main.getByText('The endpoint refused')).toBeHidden();
  expect(await violations(page), 'fields of a request').toEqual([]);
  const before = endpoint.requests.length;
  expect(await run()).toEqual([
    'lab/picky is set never to get seed, so it was not sent.',
    'lab/picky does not take temperature, so it was not sent.',
  ]);
  expect(endpoint.requests.slice(before).map(({ body }) => [body.temperature, body.seed])).toEqual([
    [0.2, undefined],
    [undefined, undefined],
  ]);
});

test('a key from the environment goes to another address only after it was asked', async ({ app }) => {
  const { page, client } = app;
  await client.models.addEndpoint({
    name: 'lab',
    title: 'Lab',
    baseUrl: 'http://127.0.0.1:9/v1',
    keyEnv: 'LAB_KEY',
  });
  await openModels(page);
  await side(page).getByRole('button', { name: 'Lab', exact: true }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('textbox', { name: 'Between bytes (s)' })).toHaveValue('300');
  await main.getByRole('textbox', { name: 'Base URL' }).fill('http://127.0.0.1:10/v1');
  await main.getByRole('textbox', { name: 'First byte (s)' }).fill('1200');
  await main.getByRole('button', { name: 'Save', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Send the key in $LAB_KEY to http://127.0.0.1:10?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect((await client.models.listEndpoints())[0]?.baseUrl).toBe('http://127.0.0.1:9/v1');
  await main.getByRole('button', { name: 'Save', exact: true }).click();
  await question.getByRole('button', { name: 'Send it there' }).click();
  await expect
    .poll(async () => (await client.models.listEndpoints())[0])
    .toMatchObject({ baseUrl: 'http://127.0.0.1:10/v1', keyEnv: 'LAB_KEY', timeoutMs: 1_200_000 });
});

test('a list of thousands of models is searched whole and shown in parts', async ({ app, lab }) => {
  const { page } = app;
  const ids = Array.from({ length: 5_000 }, (_, index) => `vendor/model-${String(index).padStart(4, '0')}`);
  await lab.add(app, [], { list: { kind: 'models', ids } });
  await openModels(page);
  await side(page).getByRole('button', { name: 'Lab', exact: true }).click();
  const list = page.getByRole('list', { name: 'Models of the endpoint' });
  await expect(page.getByText('Connected: 5,000 models')).toBeVisible();
  await expect(list.getByRole('listitem')).toHaveCount(100);
  await page.getByRole('button', { name: 'show more' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(200);
  await page.getByRole('textbox', { name: 'Filter or type a model name' }).fill('model 4999');
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await list.getByRole('checkbox', { name: 'vendor/model-4999' }).click();
  await page.getByRole('textbox', { name: 'Filter or type a model name' }).fill('vendor/model-0001');
  await list.getByRole('checkbox', { name: 'vendor/model-0001' }).click();
  await page.getByRole('button', { name: 'Add 2' }).click();
  await expect(side(page).getByText('vendor/model-4999')).toBeVisible();
  await expect(side(page).getByText('vendor/model-0001')).toBeVisible();
});
