import { expect, type Page } from '@playwright/test';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';

const dialogOf = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const clickOutside = (page: Page) => page.mouse.click(5, 5);

const content = {
  messages: [{ role: 'user' as const, content: 'Hello {{ name }}' }],
  inputs: [{ name: 'name', type: 'string' as const }],
  settings: { model: 'starter' },
};

/** A prompt with one version, open in the editor. */
async function openSaved(app: App, name: string): Promise<string> {
  const { id } = await app.client.prompts.create({ name, content });
  await app.client.versions.save({ promptId: id, note: 'First' });
  await app.page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).dblclick();
  await expect(app.page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true })).toBeVisible();
  return id;
}

async function addModel(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Models', exact: true }).first().click();
  await page.getByRole('button', { name: 'Add model', exact: true }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

test('every dialog keeps its text over Escape, a click outside and a reload; Cancel lets it go', async ({ app }) => {
  test.slow();
  const { page } = app;
  await openSaved(app, 'kept');

  await test.step('an endpoint, with what was typed for each preset, and its key never on disk', async () => {
    const dialog = dialogOf(page, 'Add an endpoint');
    const box = (name: string) => dialog.getByRole('textbox', { name, exact: true });
    await addModel(page, 'Add endpoint…');
    await box('Title').fill('My lab');
    await box('Base URL').fill('http://127.0.0.1:9/v1');
    await box('Key').fill('sk-never-on-disk');
    await dialog.getByRole('radio', { name: 'Mistral' }).click();
    await expect(box('Base URL')).toHaveValue(/mistral/);
    await dialog.getByRole('radio', { name: 'Other' }).click();
    await expect(box('Title')).toHaveValue('My lab');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await addModel(page, 'Add endpoint…');
    await expect(box('Base URL')).toHaveValue('http://127.0.0.1:9/v1');
    await expect(box('Key')).toHaveValue('sk-never-on-disk');
    await clickOutside(page);
    await expect(dialog).toHaveCount(0);
    await page.reload();
    await addModel(page, 'Add endpoint…');
    await expect(box('Title')).toHaveValue('My lab');
    await expect(box('Key')).toHaveValue('');
    expect(JSON.stringify(await app.client.settings.getState({ key: 'held.dialog:add-endpoint' }))).not.toContain(
      'sk-',
    );
    expect(JSON.stringify(await page.evaluate(() => ({ ...localStorage })))).not.toContain('sk-never');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await addModel(page, 'Add endpoint…');
    await expect(box('Title')).toHaveValue('');
    await page.keyboard.press('Escape');
  });

  await test.step('a model file', async () => {
    const path = dialogOf(page, 'Add a local model').getByRole('textbox', { name: 'Path of the file' });
    await addModel(page, 'Add local model…');
    await path.fill('/half/a/path');
    await clickOutside(page);
    await addModel(page, 'Add local model…');
    await expect(path).toHaveValue('/half/a/path');
    await page.keyboard.press('Escape');
  });

  await test.step('the move of a label', async () => {
    await page.keyboard.press('Control+1');
    await page.getByRole('tab', { name: /^History/ }).click();
    const dialog = dialogOf(page, /^Move a label/);
    const open = () => page.getByRole('button', { name: 'Label', exact: true }).click();
    await open();
    await dialog.getByRole('combobox', { name: 'Label' }).fill('beta');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('A reason that took a while');
    await page.keyboard.press('Escape');
    await open();
    await expect(dialog.getByRole('combobox', { name: 'Label' })).toHaveValue('beta');
    await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue('A reason that took a while');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('r'.repeat(1_001));
    await expect(dialog.getByText('A reason has at most 1,000 characters; this one has 1,001.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Move label' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await open();
    await expect(dialog.getByRole('combobox', { name: 'Label' })).toHaveValue('');
    await page.keyboard.press('Escape');
  });

  await test.step('a project', async () => {
    const field = dialogOf(page, 'New project').getByRole('textbox', { name: 'Name' });
    const open = async () => {
      await page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Prompts' }).click();
      await page.getByRole('menuitem', { name: 'New project…' }).click();
    };
    await open();
    await field.fill('Half a proj');
    await page.keyboard.press('Escape');
    await open();
    await expect(field).toHaveValue('Half a proj');
    await page.keyboard.press('Escape');
  });
});

test('an endpoint that cannot be saved marks each field that is wrong, and the first has the focus', async ({
  app,
}) => {
  const { page, client } = app;
  await client.models.addEndpoint({ name: 'lab', title: 'Lab', baseUrl: 'http://127.0.0.1:9/v1' });
  await page.getByRole('button', { name: 'Models', exact: true }).first().click();
  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  const main = page.getByRole('main');
  const box = (name: string) => main.getByRole('textbox', { name, exact: true });
  await box('Base URL').fill('127.0.0.1:9/v1');
  // A field is not marked while it is typed in.
  await expect(box('Base URL')).not.toHaveAttribute('aria-invalid', 'true');
  await box('Retries').fill('many');
  await main.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(box('Base URL')).toBeFocused();
  await expect(box('Base URL')).toHaveAttribute('aria-invalid', 'true');
  await expect(box('Base URL')).toHaveAccessibleDescription(/must start with http/);
  await expect(box('Retries')).toHaveAccessibleDescription('Retries must be a whole number from 0 to 10, not "many".');
  await expect(box('Title')).not.toHaveAttribute('aria-invalid', 'true');
  expect(await violations(page, '[data-region="editor"]')).toEqual([]);
  await box('Base URL').fill('http://127.0.0.1:9/v2');
  await box('Retries').fill('2');
  await expect(main.locator('[aria-invalid="true"]')).toHaveCount(0);
  await main.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await client.models.listEndpoints())[0]).toMatchObject({ maxRetries: 2 });
});

test('what is pasted is kept whole, and what is too long is said', async ({ app }) => {
  test.slow();
  const { page } = app;
  await openSaved(app, 'pasted');

  await test.step('a sample', async () => {
    await page.getByRole('tab', { name: /^Inputs/ }).click();
    await page.getByRole('button', { name: /^Samples$|^Keep as a sample$/ }).click();
    const field = page.getByRole('textbox', { name: 'Keep these values as' });
    await field.fill('s'.repeat(130));
    await expect(field).toHaveValue('s'.repeat(130));
    await expect(field).toHaveAccessibleDescription('A name has at most 100 characters; this one has 130.');
    await expect(page.getByRole('button', { name: 'Keep', exact: true })).toBeDisabled();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Samples$|^Keep as a sample$/ }).click();
    await expect(field).toHaveValue('s'.repeat(130));
    await page.keyboard.press('Escape');
  });

  await test.step('a filter of versions', async () => {
    await page.getByRole('tab', { name: /^History/ }).click();
    const field = page.getByRole('searchbox', { name: 'Find versions' });
    await field.fill('v'.repeat(300));
    await expect(field).toHaveValue('v'.repeat(300));
    await expect(page.getByText('A search has at most 200 characters; this one has 300.')).toBeVisible();
    await field.fill('');
  });

  await test.step('a search of prompts', async () => {
    const field = page.getByRole('searchbox', { name: 'Search prompts' });
    await field.fill('q'.repeat(1_200));
    await expect(page.getByText('A search has at most 1,000 characters; this one has 1,200.')).toBeVisible();
    await field.fill('');
    await expect(page.getByText(/A search has at most/)).toHaveCount(0);
  });

  await test.step('a tag for several prompts', async () => {
    await page.getByRole('treeitem', { name: /^pasted/ }).click({ modifiers: ['ControlOrMeta'] });
    const bar = page.getByRole('toolbar', { name: 'Actions for the chosen prompts' });
    await bar.getByRole('button', { name: 'Tags', exact: true }).click();
    const field = page.getByPlaceholder('Add or take off');
    await field.fill('t'.repeat(60));
    await expect(field).toHaveValue('t'.repeat(60));
    await expect(page.getByText('A tag has at most 50 characters; this one has 60.')).toBeVisible();
    await page.keyboard.press('Escape');
    await bar.getByRole('button', { name: 'End the selection' }).click();
  });
});

test('what a new comparison cannot take yet is marked at its field, and outlives another view and a reload', async ({
  app,
}) => {
  const { page } = app;
  await openSaved(app, 'compared');
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'New comparison' }).first().click();
  const main = page.getByRole('main');
  const box = (name: string) => main.getByRole('textbox', { name, exact: true });
  await box('Title of the comparison').fill('t'.repeat(240));
  await box('Temperature').fill('warm');
  await box('Cells at once').fill('lots');
  const isKept = async () => {
    await expect(box('Title of the comparison')).toHaveValue('t'.repeat(240));
    await expect(box('Title of the comparison')).toHaveAccessibleDescription(
      /at most 200 characters; this one has 240/,
    );
    await expect(box('Temperature')).toHaveValue('warm');
    await expect(box('Temperature')).toHaveAccessibleDescription(
      'Temperature must be a number from 0 to 2, not "warm".',
    );
    await expect(box('Cells at once')).toHaveAttribute('aria-invalid', 'true');
    await expect(box('Seed')).not.toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('button', { name: 'Run comparison' })).toBeDisabled();
  };
  await isKept();
  await page.keyboard.press('Control+1');
  await page.getByRole('tab', { name: /^compared/ }).click();
  await page.getByRole('tab', { name: 'New comparison' }).click();
  await isKept();
  await page.reload();
  await isKept();
  expect(await violations(page, '[data-region="editor"]')).toEqual([]);
});

test('a draft whose only change is not valid yet is marked in the list, until it is mended', async ({ app }) => {
  const { page } = app;
  await openSaved(app, 'marked');
  const mark = page.getByRole('treeitem', { name: /^marked/ }).getByRole('img', { name: 'Changed since its version' });
  await expect(mark).toHaveCount(0);
  await page.getByRole('tab', { name: /^Model/ }).click();
  await page.getByRole('textbox', { name: 'Temperature' }).fill('hot');
  await expect(mark).toBeVisible();
  await expect(page.getByRole('button', { name: 'v1, 1 field not valid yet' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Temperature' }).fill('');
  await expect(mark).toHaveCount(0);
});

test('what a page sends in its last moment may be lost on the way: it is given to the host by the next one', async ({
  app,
}) => {
  const { page, client } = app;
  await openSaved(app, 'last');
  let isCut = false;
  await page.routeWebSocket(/\/rpc\?/, (window) => {
    const host = window.connectToServer();
    window.onMessage((sent) => {
      if (!isCut) host.send(sent);
    });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const size = page.getByRole('main').getByRole('textbox', { name: 'Font size' });
  await expect(size).toHaveValue('13');
  isCut = true;
  await size.fill('99');
  page.once('framenavigated', () => {
    isCut = false;
  });
  await page.reload();
  await expect(size).toHaveValue('99');
  await expect(page.getByText('Expected a whole number from 8 to 32, not "99".')).toBeVisible();
  await expect.poll(() => client.settings.getState({ key: 'held.setting-font-size' })).toBe('99');
  // What the host has stored is removed from the browser.
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => /:state:/.test(key))))
    .toEqual([]);
});

test('at 1024 × 700 every panel of a prompt and every column of the totals is in sight', async ({ app, lab }) => {
  test.slow();
  const { page } = app;
  await page.setViewportSize({ width: 1024, height: 700 });
  const name = 'gpt-with-a-very-long-model-name-2026-preview';
  await lab.add(app, [name, 'cut-off'], {
    models: {
      [name]: { kind: 'answer', text: 'Yes.' },
      'cut-off': { kind: 'answer', text: 'The first half', finishReason: 'length' },
    },
  });
  const id = await openSaved(app, 'small');
  await page.getByRole('tab', { name: /^Model/ }).click();
  await page.getByRole('textbox', { name: 'Temperature' }).fill('hot');
  await page.getByRole('textbox', { name: 'Seed' }).fill('x');
  const panels = page.getByRole('tablist', { name: 'Panels' }).getByRole('tab');
  await expect(panels).toHaveCount(5);
  for (const panel of await panels.all()) await expect(panel).toBeInViewport({ ratio: 1 });

  const { id: comparison } = await app.client.comparisons.start({
    title: 'Narrow',
    prompts: [{ promptId: id, versionId: (await app.client.versions.list({ promptId: id })).items[0]?.id }],
    models: [`lab/${name}`, 'lab/cut-off'],
    rows: [{ name: 'Ada' }],
  });
  for await (const event of await app.client.comparisons.watch({ id: comparison }))
    if (event.kind === 'totals') continue;
  await page.keyboard.press('Control+2');
  await page.getByRole('option').filter({ hasText: 'Narrow' }).click();
  const totals = page.getByRole('region', { name: 'Totals per model' });
  await expect(totals.getByRole('columnheader', { name: 'Not complete' })).toBeVisible();
  for (const header of await totals.getByRole('columnheader').all()) {
    await expect(header).toBeInViewport({ ratio: 0.95 });
  }
  // In a narrower window the names stay while the figures scroll.
  await page.setViewportSize({ width: 800, height: 700 });
  await totals.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
  await expect(totals.getByRole('columnheader', { name: 'Cost' })).toBeInViewport({ ratio: 0.95 });
  await expect(totals.getByRole('rowheader').first()).toBeInViewport({ ratio: 1 });
});

test('Arabic among monospaced text is drawn with a font whose letters join', async ({ app, lab }) => {
  const { page } = app;
  await lab.add(app, ['arabic'], { models: { arabic: { kind: 'answer', text: 'مرحبا بكم' } } });
  const { id } = await app.client.prompts.create({
    name: 'joined',
    content: { messages: [{ role: 'user', content: 'السلام عليكم' }], settings: { model: 'lab/arabic' } },
  });
  const { id: run } = await app.client.runs.start({ promptId: id });
  for await (const event of await app.client.runs.watch({ id: run })) if (event.kind === 'finished') break;
  await page.getByRole('treeitem', { name: /^joined/ }).dblclick();
  const line = page.locator('.monaco-editor .view-line').filter({ hasText: 'السلام' });
  const answer = page.getByRole('region', { name: 'Answer' }).locator('[data-output]');
  await expect(line).toBeVisible();
  await expect(answer).toContainText('مرحبا');
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  for (const selector of ['.monaco-editor .view-line span span', '[data-output]']) {
    const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    expect(fonts.length, selector).toBeGreaterThan(0);
    for (const { familyName } of fonts) expect(familyName, selector).not.toMatch(/DejaVu Sans Mono|Menlo|Consolas/);
  }
});

test('a sentence that appears as a field is left takes no click away from what stands below it', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const main = page.getByRole('main');
  await main.getByRole('textbox', { name: 'Font size' }).fill('9999');
  const wrap = main.getByRole('switch', { name: 'Wrap long lines' });
  await expect(wrap).toBeChecked();
  await wrap.click();
  await expect(wrap).not.toBeChecked();
  await expect(main.getByText('Expected a whole number from 8 to 32, not "9999".')).toBeVisible();
});
