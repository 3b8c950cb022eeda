import { expect } from '@playwright/test';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';

const arabic = 'مرحبا Ada، استعمل `npm install` أولاً.\nAnd one English line.';

test('an answer that is not simply complete is amber wherever it is shown, and no plain success', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await lab.add(app, ['cut-off', 'filtered'], {
    models: {
      'cut-off': { kind: 'answer', text: 'The first half', finishReason: 'length' },
      filtered: { kind: 'answer', text: '', finishReason: 'content_filter' },
    },
  });
  const content = { messages: [{ role: 'user' as const, content: 'Hello' }] };
  const { id } = await app.client.comparisons.start({
    title: 'Ends',
    prompts: [{ content, name: 'ends' }],
    models: ['lab/cut-off', 'lab/filtered'],
  });
  for await (const event of await app.client.comparisons.watch({ id })) if (event.kind === 'totals') continue;
  await page.keyboard.press('Control+3');
  const runs = page.getByRole('listbox', { name: 'Runs, newest first' });
  const cut = runs.getByRole('option').filter({ hasText: 'lab/cut-off' });
  await expect(cut).toContainText('cut at max tokens');
  await expect(cut.getByRole('img', { name: 'cut at max tokens' })).toHaveClass(/text-warning/);
  await expect(runs.getByRole('img', { name: 'Succeeded' })).toHaveCount(0);
  await cut.click();
  await expect(page.getByRole('main').getByText('The answer was cut off at the token limit.')).toBeVisible();

  await page.keyboard.press('Control+2');
  await page.getByRole('option').filter({ hasText: 'Ends' }).click();
  const totals = page.getByRole('region', { name: 'Totals per model' });
  await expect(totals.getByRole('row').filter({ hasText: 'lab/cut-off' })).toContainText('1 cut');
  await expect(totals.getByRole('row').filter({ hasText: 'lab/filtered' })).toContainText('1 filtered');
  await expect(totals.getByText('fastest')).toHaveCount(0);
  await expect(page.getByRole('gridcell').first()).toContainText('cut at max tokens');
  await page.getByRole('gridcell').nth(1).dblclick();
  await expect(page.getByRole('complementary', { name: 'Cell' })).toContainText('content filtered');
  expect(await violations(page), 'ends').toEqual([]);
});

test('invisible and turning characters have a mark, and each paragraph runs in its own direction', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await lab.add(app, ['arabic'], { models: { arabic: { kind: 'answer', text: `${arabic}\npay\u202Elap\u200B` } } });
  const { id } = await app.client.prompts.create({
    name: 'demo/arabic',
    title: 'Pay\u202Elap',
    tags: ['pay\u200Bpal'],
    content: { messages: [{ role: 'user', content: 'مرحبا {{ name }}\nHello' }] },
  });
  const { id: run } = await app.client.runs.start({ promptId: id, model: 'lab/arabic', inputs: { name: 'Ada' } });
  for await (const event of await app.client.runs.watch({ id: run })) if (event.kind === 'finished') break;

  const row = page.getByRole('treeitem').filter({ hasText: 'Pay' });
  await expect(row.locator('[data-mark="RLO"]')).toBeVisible();
  await row.dblclick();
  await expect(page.getByRole('tab', { name: 'Pay‹RLO›lap' }).locator('[data-mark="RLO"]')).toBeVisible();
  await expect(page.getByRole('main').locator('[data-mark="ZWSP"]').first()).toBeVisible();

  const answer = page.getByRole('region', { name: 'Answer' }).locator('[data-output]');
  await expect(answer).toContainText('And one English line.');
  await expect(answer.locator('[data-mark="RLO"]')).toBeVisible();
  // Copied text equals the original.
  expect(await answer.evaluate((element) => element.textContent)).toBe(`${arabic}\npay\u202Elap\u200B`);
  const sides = await answer.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const text = element.firstChild as Text;
    const edgesOf = (part: string) => {
      const range = document.createRange();
      range.setStart(text, text.data.indexOf(part));
      range.setEnd(text, text.data.indexOf(part) + part.length);
      const { left, right } = range.getBoundingClientRect();
      return { left: left - box.left, right: box.right - right };
    };
    return { arabic: edgesOf('مرحبا'), english: edgesOf('And one') };
  });
  expect(sides.arabic.right).toBeLessThan(4);
  expect(sides.english.left).toBeLessThan(4);
  // The first line of the editor runs from right to left, the second does not.
  const lines = page.locator('.monaco-editor .view-line');
  await expect(
    lines
      .filter({ hasText: 'مرحبا' })
      .locator('[dir="rtl"], [style*="rtl"]')
      .or(lines.filter({ hasText: 'مرحبا' }).and(page.locator('[dir="rtl"]')))
      .first(),
  ).toBeVisible();
  expect(await violations(page), 'marks').toEqual([]);
});

test('an answer that failed half way is a failure first, and incomplete behind its text', async ({ app, lab }) => {
  const { page } = app;
  await lab.add(app, ['error-midstream']);
  const content = { messages: [{ role: 'user' as const, content: 'Hello' }] };
  const { id } = await app.client.comparisons.start({
    title: 'Half',
    prompts: [{ content, name: 'half' }],
    models: ['lab/error-midstream'],
  });
  for await (const event of await app.client.comparisons.watch({ id })) if (event.kind === 'totals') continue;
  await page.keyboard.press('Control+2');
  await page.getByRole('option').filter({ hasText: 'Half' }).click();
  await page.getByRole('gridcell').first().dblclick();
  const panel = page.getByRole('complementary', { name: 'Cell' });
  await expect(panel.getByText('The answer broke off')).toBeVisible();
  await expect(panel.locator('header')).toContainText('Failed');
  await panel.getByRole('button', { name: 'Open as a run' }).click();
  await expect(page.getByRole('main').locator('header').filter({ hasText: 'lab/error-midstream' })).toContainText(
    'Failed',
  );
});

test('odd characters have their mark where rows, prompts and models are chosen, and in what a check says', async ({
  app,
  lab,
}) => {
  const { page } = app;
  await lab.add(app, ['echo', 'pay\u202Elap']);
  await app.client.prompts.create({
    name: 'odd',
    title: 'Odd\u202Erows',
    content: { messages: [{ role: 'user', content: '{{ text }}\u200B' }], inputs: [{ name: 'text', type: 'string' }] },
  });
  const main = page.getByRole('main');
  await page.keyboard.press('Control+Shift+e');
  await page.getByRole('button', { name: /^(Choose a|Add) prompt$/ }).click();
  const option = page.getByRole('option', { name: /^odd/ });
  await expect(option.locator('[data-mark="RLO"]')).toBeVisible();
  await option.click();
  await expect(main.getByRole('list', { name: 'Prompts to compare' }).locator('[data-mark="ZWSP"]')).toBeVisible();
  await expect(main.getByText('lab/pay').locator('[data-mark="RLO"]')).toBeVisible();

  await page.getByRole('tab', { name: /Paste/ }).click();
  await page.getByRole('textbox', { name: /Rows as JSON/ }).fill('text,k\u202Ey\nA\u200BB,مرحبا\n');
  const rows = page.getByRole('region', { name: 'Preview of the rows' });
  await expect(rows.getByRole('columnheader').locator('[data-mark="RLO"]')).toBeVisible();
  await expect(rows.getByRole('cell').locator('[data-mark="ZWSP"]')).toBeVisible();
  await expect(
    page.getByRole('list', { name: 'Problems in the rows' }).locator('[data-mark="RLO"]').first(),
  ).toBeVisible();
});
