import { expect, type Page } from '@playwright/test';
import type { App } from './support/app.ts';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Results' });
/** Row and column as people count them; column 1 holds the inputs. */
const cell = (page: Page, row: number, column: number) => page.locator(`#cell-${row - 1}-${column - 1}`);
const progress = (page: Page, text: string | RegExp) => page.getByRole('main').getByText(text);
const titleOfTab = (page: Page, name: RegExp) =>
  page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab', { name });

/** A prompt that repeats its input, made through the API. */
async function echoPrompt(app: App): Promise<string> {
  const { id } = await app.client.prompts.create({
    name: 'echo',
    content: {
      messages: [{ role: 'user', content: '{{ text }}' }],
      inputs: [
        { name: 'text', type: 'string' },
        { name: 'count', type: 'number', required: false },
      ],
    },
  });
  return id;
}

async function startComparison(app: App, models: string[], texts: readonly string[], concurrency = 8): Promise<string> {
  const promptId = await echoPrompt(app);
  const rows = texts.map((text) => ({ text }));
  const { id } = await app.client.comparisons.start({
    title: 'Test',
    prompts: [{ promptId }],
    models,
    rows,
    concurrency,
  });
  return id;
}

/** Opens the newest comparison from the side list. */
async function openNewest(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await page
    .getByRole('listbox', { name: /Comparisons/ })
    .getByRole('option')
    .first()
    .dblclick();
  await expect(grid(page)).toBeVisible();
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeVisible();
}

test('the first comparison of the two built-in models is two steps: new comparison, run', async ({ app: { page } }) => {
  await ready(page);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'New comparison' }).last().click();
  await expect(page.getByRole('list', { name: 'Prompts to compare' })).toContainText(/greeting/i);
  await expect(page.getByRole('checkbox', { name: 'starter', exact: true })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'starter-q8' })).toBeChecked();
  expect(await violations(page), 'builder').toEqual([]);
  await page.keyboard.press('Control+Shift+Enter');

  await expect(cell(page, 1, 1)).toContainText('Ada', { timeout: 30_000 });
  await expect(cell(page, 1, 2)).toContainText('Ada', { timeout: 30_000 });
  await expect(progress(page, /^4 cells?$/)).toBeVisible({ timeout: 30_000 });
  const totals = page.getByRole('region', { name: 'Totals per model' });
  await expect(totals.getByRole('row', { name: /starter-q8/ })).toContainText('2 of 2');
  await expect(totals.getByRole('row', { name: /^starter(?!-)/ })).toContainText(/2 of 2.*\d ms/);

  await page.reload();
  await expect(cell(page, 1, 2)).toContainText('Ada');
});

test('a model that fails spoils its own cells only, says why, and is run again on its own', async ({ app, lab }) => {
  const { page } = app;
  await ready(page);
  await lab.add(app, ['echo', 'fail-500', 'fail-500-once', 'die-midstream']);
  await startComparison(
    app,
    ['lab/echo', 'lab/fail-500', 'lab/fail-500-once', 'lab/die-midstream'],
    ['Hello one', 'Hello two'],
    1,
  );
  await openNewest(page);
  await expect(progress(page, '8 cells · 5 failed')).toBeVisible({ timeout: 20_000 });
  await expect(cell(page, 1, 1)).toContainText('Hello one');
  await expect(cell(page, 2, 1)).toContainText('Hello two');
  await expect(cell(page, 1, 2)).toContainText(/lab.*500/);

  await page.getByRole('button', { name: 'Re-run 5 failed' }).click();
  await expect(progress(page, '8 cells · 4 failed')).toBeVisible({ timeout: 20_000 });
  await expect(cell(page, 1, 3)).toContainText('Hello one');
});

test('a comparison streams on after a reload, and can be cancelled cell by cell and as a whole', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await ready(page);
  await lab.add(app, ['endless']);
  await startComparison(app, ['lab/endless'], ['a', 'b', 'c'], 2);
  await openNewest(page);
  await expect(cell(page, 1, 1)).toContainText('word1 ');
  await page.reload();
  await expect(cell(page, 1, 1)).toContainText('word1 ');
  const lengthNow = async () =>
    Number((/([\d,]+) characters/.exec(await cell(page, 1, 1).innerText())?.[1] ?? '0').replace(',', ''));
  const before = await lengthNow();
  await expect.poll(lengthNow).toBeGreaterThan(before);

  await cell(page, 1, 1).hover();
  await cell(page, 1, 1).getByRole('button', { name: 'Cancel this cell' }).click();
  await expect(progress(page, '1 of 3 · 1 cancelled')).toBeVisible();
  await expect(cell(page, 3, 1)).toContainText('word1 ');
  await page.keyboard.press('Control+Shift+.');
  await expect(progress(page, '3 cells · 3 cancelled')).toBeVisible();
  // What was written before is kept.
  await expect(cell(page, 1, 1)).toContainText('word1 ');
});

test('the grid is read, opened, compared and run again with the keyboard alone', async ({ app, lab }) => {
  const { page } = app;
  await ready(page);
  await lab.add(app, ['echo', 'html'], { models: { polite: { kind: 'answer', text: 'Hello dear two' } } });
  await app.client.models.addRemote({ endpoint: 'lab', model: 'polite' });
  await startComparison(app, ['lab/echo', 'lab/polite', 'lab/html'], ['Hello one', 'Hello two']);
  await openNewest(page);
  await expect(progress(page, '6 cells · 2 failed')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Cell' });
  await expect(panel.getByRole('tabpanel')).toContainText('Hello two');
  await page.keyboard.press('ArrowRight');
  await expect(panel.getByRole('tabpanel')).toContainText('Hello dear two');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press(' ');
  const diff = page.getByRole('complementary', { name: 'Difference' });
  await expect(diff.getByRole('deletion').filter({ hasText: 'dear' })).toBeVisible();
  await diff.getByRole('button', { name: 'Swap sides' }).click();
  await expect(diff.getByRole('insertion').filter({ hasText: 'dear' })).toBeVisible();
  expect(await violations(page), 'difference').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(diff).toBeHidden();
  await expect(grid(page)).toBeFocused();
  expect(await violations(page), 'grid').toEqual([]);
});

test('pasted rows are checked before anything runs, and broken ones can be left out', async ({ app, lab }) => {
  const { page } = app;
  await ready(page);
  await lab.add(app, ['echo']);
  await echoPrompt(app);
  await page.keyboard.press('Control+Shift+e');
  await page.getByRole('button', { name: 'Remove Greeting' }).click();
  await page.getByRole('button', { name: 'Choose a prompt' }).click();
  await page.getByRole('option', { name: /^echo/ }).click();
  for (const model of ['starter', 'starter-q8', 'lab/echo'])
    await page.getByRole('checkbox', { name: model, exact: true }).click();
  await page.getByRole('tab', { name: /Paste/ }).click();
  const rows = page.getByRole('textbox', { name: /Rows as JSON/ });
  await rows.fill('[{"text": "x",}]');
  await expect(page.getByRole('list', { name: 'Problems in the rows' })).toContainText(
    '"}" is not expected at line 1, column 15',
  );
  await rows.fill('text,count\nfirst,1\nsecond,many\nthird,3');
  await expect(page.getByRole('list', { name: 'Problems in the rows' })).toContainText(/Row 2: .*count/);
  await expect(page.getByRole('button', { name: 'Run comparison' })).toBeDisabled();
  expect(await violations(page), 'pasted rows').toEqual([]);

  // It survives a switch of tabs and a restart of host and window.
  await expect.poll(() => storedDraft(app)).toContain('second,many');
  await app.restartHost();
  await page.reload();
  await expect(rows).toHaveValue(/second,many/);
  await page.getByRole('switch', { name: 'Leave out rows with a problem' }).click();
  await expect(page.getByText(/1 prompt × 1 model × 2 rows/)).toBeVisible();
  await page.getByRole('button', { name: 'Run comparison' }).click();
  await expect(progress(page, /^2 cells?$/)).toBeVisible();
  await expect(cell(page, 2, 1)).toContainText('third');

  await page.getByRole('button', { name: 'Edit and run again' }).click();
  await expect(titleOfTab(page, /\(new\)/)).toBeVisible();
  await expect(rows).toHaveValue(/"count": 3/);
});

/** What the host keeps of the comparison that is being set up. */
async function storedDraft({ client }: App): Promise<string> {
  const tabs = JSON.stringify(await client.settings.getState({ key: 'window.tabs' }));
  const [, id = ''] = /"kind":"comparison-draft","id":"([^"]+)"/.exec(tabs) ?? [];
  return JSON.stringify(await client.settings.getState({ key: `compare.draft.${id}` }));
}

test('a grid of 1 000 cells stays responsive while it streams', async ({ app, lab }) => {
  const { page } = app;
  await ready(page);
  const names = ['delay-20', 'delay-21', 'delay-22', 'delay-23'];
  await lab.add(app, names);
  const texts = Array.from({ length: 250 }, (_, index) => `Row ${index + 1} says hello`);
  await startComparison(
    app,
    names.map((name) => `lab/${name}`),
    texts,
    16,
  );
  await openNewest(page);
  // The longest time without a frame, while a thousand cells arrive and someone scrolls.
  const longest = page.evaluate(async () => {
    let worst = 0;
    let last = performance.now();
    const until = last + 4_000;
    const scroller = document.querySelector('[role="grid"]');
    while (last < until) {
      await new Promise(requestAnimationFrame);
      scroller?.scrollBy(0, 40);
      const now = performance.now();
      worst = Math.max(worst, now - last);
      last = now;
    }
    return worst;
  });
  expect(await longest).toBeLessThan(500);
  await expect(progress(page, /^1,000 cells?$/)).toBeVisible({ timeout: 30_000 });
  expect(await page.getByRole('gridcell').count()).toBeLessThan(120);
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(cell(page, 250, 4)).toContainText('Row 250 says hello');
});

test('results are copied as Markdown and as CSV', async ({ app, lab, context }) => {
  const { page } = app;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
  await ready(page);
  await lab.add(app, ['echo']);
  await startComparison(app, ['lab/echo'], ['Hello | one']);
  await openNewest(page);
  await expect(progress(page, /^1 cells?$/)).toBeVisible();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain('| 1 | Hello \\| one | Hello \\| one |');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy as CSV' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('1,Hello | one,echo');
});

test('a file is dropped on the rows in whatever encoding it is, and dropped elsewhere it takes nothing away', async ({
  app: { page },
}) => {
  await ready(page);
  await page.keyboard.press('Control+Shift+e');
  await page.getByRole('tab', { name: /Paste/ }).click();
  const rows = page.getByRole('textbox', { name: /Rows as JSON/ });
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    const units = Uint16Array.from('\uFEFFname\nZoë 名前\n', (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([units], 'rows.csv'));
    return transfer;
  });
  await rows.dispatchEvent('drop', { dataTransfer: files });
  await expect(rows).toHaveValue('name\nZoë 名前\n');
  // A browser opens a dropped file in place of the page, unless the drop is handled.
  const isTaken = await page.evaluate((dataTransfer) => {
    const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  }, files);
  expect(isTaken).toBe(true);
});
