import { expect, type Page } from '@playwright/test';
import type { Contract } from '../src-core/contract/index.ts';
import { openHost } from '../src-host/host/host.ts';
import { inProcessClient } from '../src-host/transports/serve-calls.ts';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';

const list = (page: Page) => page.getByRole('listbox', { name: 'Runs, newest first' });
const main = (page: Page) => page.getByRole('main');

async function openRuns(page: Page): Promise<void> {
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeVisible();
  await page.keyboard.press('Control+3');
}

/** Runs a text on a model through the API and waits for its end. */
async function run(app: App, model: string, text: string, wait = true): Promise<string> {
  const { id } = await app.client.runs.start({ content: { messages: [{ role: 'user', content: text }] }, model });
  if (wait) for await (const event of await app.client.runs.watch({ id })) if (event.kind === 'finished') break;
  return id;
}

test('the history is searched and filtered, and each run shows exactly what was sent and with what', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await openRuns(page);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await lab.add(app, ['echo', 'fail-500']);
  await run(app, 'lab/echo', 'The walrus sings');
  await run(app, 'lab/echo', 'The otter swims');
  await run(app, 'lab/fail-500', 'The heron waits');
  await expect(list(page).getByRole('option')).toHaveCount(3);
  await page.getByRole('textbox', { name: 'Search outputs' }).fill('walrus');
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await page.getByRole('textbox', { name: 'Search outputs' }).fill('');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  expect(await violations(page), 'filters').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await list(page).getByRole('option').click();
  await expect(main(page).getByRole('alert')).toContainText(/500/);

  await page.getByRole('button', { name: 'Filters (1)' }).click();
  await page.getByRole('button', { name: 'Show every run' }).click();
  await page.keyboard.press('Escape');
  await list(page).focus();
  await page.keyboard.press('End');
  await expect(main(page).getByRole('tabpanel', { name: 'Output' })).toContainText('The walrus sings');
  await main(page).getByRole('tab', { name: 'Messages' }).click();
  await expect(main(page).getByRole('region', { name: 'user' })).toContainText('The walrus sings');
  await main(page).getByRole('tab', { name: 'Model' }).click();
  await expect(main(page).getByText(/127\.0\.0\.1/)).toBeVisible();
  expect(await violations(page), 'run').toEqual([]);
});

test('a local run names the exact file that answered', async ({ app }) => {
  const { page } = app;
  await openRuns(page);
  await run(app, 'starter', 'Write a warm greeting for Ada.');
  const starter = await app.client.models.get({ id: 'starter' });
  await list(page).getByRole('option').first().click();
  await main(page).getByRole('tab', { name: 'Model' }).click();
  await expect(main(page).getByText(starter.kind === 'local' ? starter.sha256 : '')).toBeVisible();
});

test('a run streams on through a reload and a switch of views, until it is cancelled', async ({ app, lab }) => {
  const { page } = app;
  await openRuns(page);
  await lab.add(app, ['endless']);
  await run(app, 'lab/endless', 'Go on', false);
  await list(page).getByRole('option').first().dblclick();
  const output = main(page).getByRole('tabpanel', { name: 'Output' });
  await expect(output).toContainText('word1 ');
  await page.reload();
  await expect(output).toContainText('word1 ');
  const before = (await output.innerText()).length;
  await expect.poll(async () => (await output.innerText()).length).toBeGreaterThan(before);
  await page.keyboard.press('Control+.');
  await expect(main(page).getByText('Cancelled')).toBeVisible();
  await expect(output).toContainText('word1 ');
});

test('a run is run again, scored, opened in the editor with what it ran, and deleted', async ({ app, lab }) => {
  const { page } = app;
  await openRuns(page);
  await lab.add(app, ['echo']);
  const first = await run(app, 'lab/echo', 'Repeat after me');
  await list(page).getByRole('option').first().dblclick();
  await main(page).getByRole('button', { name: 'Good output' }).click();
  await expect(main(page).getByRole('button', { name: 'Good output' })).toHaveAttribute('aria-pressed', 'true');
  expect((await app.client.runs.get({ id: first })).score).toBe(1);

  await main(page).getByRole('button', { name: 'Run again' }).click();
  await expect(list(page).getByRole('option')).toHaveCount(2);
  await expect(main(page).getByRole('tabpanel', { name: 'Output' })).toContainText('Repeat after me');

  await main(page).getByRole('button', { name: 'Open in editor' }).click();
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeVisible();
  await expect(main(page).getByText('Repeat after me').first()).toBeVisible();

  await list(page).getByRole('option').last().click();
  await main(page).getByRole('button', { name: 'Delete run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(list(page).getByRole('option')).toHaveCount(1);
  await expect(app.client.runs.get({ id: first })).rejects.toMatchObject({ code: 'not_found' });
});

test('a run of a comparison leads back to its grid', async ({ app, lab }) => {
  const { page } = app;
  await openRuns(page);
  await lab.add(app, ['echo']);
  await app.client.comparisons.start({
    title: 'From a run',
    prompts: [{ name: 'loose', content: { messages: [{ role: 'user', content: 'Hi {{ name }}' }] } }],
    models: ['lab/echo'],
    rows: [{ name: 'Ada' }],
  });
  await list(page).getByRole('option').first().click();
  await main(page).getByRole('button', { name: 'Open comparison' }).click();
  await expect(page.getByRole('grid', { name: 'Results' })).toContainText('Hi Ada');
});

test('what a model thinks streams apart from its answer and folds away; an answer that breaks its schema says where', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await openRuns(page);
  await lab.add(app, ['thinks', 'thinks-endlessly', 'echo']);
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const content = { messages: [{ role: 'user' as const, content: '{"city":7}' }], responseSchema: schema };
  const endless = await app.client.runs.start({ content, model: 'lab/thinks-endlessly' });
  await list(page).getByRole('option').first().dblclick();
  const thoughts = main(page).getByRole('region', { name: 'What the model thought' });
  await expect(thoughts).toContainText('word1 ');
  await app.client.runs.cancel(endless);
  await expect(main(page).getByText('Cancelled')).toBeVisible();
  await expect(thoughts).toBeHidden();

  await run(app, 'lab/thinks', 'What is it?');
  await list(page)
    .getByRole('option', { name: /lab\/thinks ·/ })
    .dblclick();
  const output = main(page).getByRole('tabpanel', { name: 'Output' });
  await expect(output).toContainText('Forty-two.');
  await main(page).getByRole('button', { name: 'Reasoning 11 tokens' }).click();
  await expect(thoughts).toContainText('The question is short');
  expect(await violations(page), 'reasoning').toEqual([]);

  await app.client.runs.start({ content, model: 'lab/echo' });
  await list(page)
    .getByRole('option', { name: /lab\/echo/ })
    .dblclick();
  await expect(output.getByRole('region', { name: 'Problems with the response schema' })).toContainText(
    'city must be of type "string"',
  );
  expect(await violations(page), 'schema').toEqual([]);
});

test('a run of another process streams in the window and is cancelled from it', async ({ app, lab }) => {
  const { page } = app;
  await openRuns(page);
  await lab.add(app, ['endless']);
  const other = await openHost({ dataDir: app.dataDir, withoutSamples: true });
  const client = inProcessClient<Contract>(other.router, { clientId: 'elsewhere', log: other.log });
  const { id } = await client.runs.start({
    content: { messages: [{ role: 'user', content: 'x' }] },
    model: 'lab/endless',
  });
  await list(page).getByRole('option').first().dblclick();
  await expect(main(page).getByRole('tabpanel', { name: 'Output' })).toContainText('word1 ');
  await main(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(main(page).getByText('Cancelled')).toBeVisible();
  expect(await client.runs.get({ id })).toMatchObject({ status: 'cancelled' });
  await other.close();
});
