import { join } from 'node:path';
import type { Page } from '@playwright/test';
import SqliteDatabase from 'better-sqlite3';
import { type App, expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';

const notSynced = 'v2 · not synced';
const hint = /has not numbered it yet/;
const tab = (page: Page, title: string) =>
  page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab', { name: title, exact: true });
const toastOf = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });

/** From now on another store gives this workspace's versions their numbers. */
function moveHome({ dataDir }: App): void {
  const database = new SqliteDatabase(join(dataDir, 'promptdev.db'));
  database.exec("UPDATE workspace SET home = 'elsewhere'");
  database.close();
}

test('a version that is not numbered yet says so wherever its number stands, with what that means', async ({
  app,
  context,
}) => {
  test.slow();
  const { page, client } = app;
  await client.settings.update({ welcomeSeen: true });
  const { id } = await client.prompts.create({
    name: 'salute',
    title: 'Salute',
    content: { messages: [{ role: 'user', content: 'Say hello.' }] },
  });
  const first = (await client.versions.save({ promptId: id })).version;
  moveHome(app);

  await page.getByRole('treeitem', { name: /Salute/ }).dblclick();
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await page.getByRole('list', { name: 'Messages' }).locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Twice.');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('dialog', { name: 'Save version 2' })).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(toastOf(page, 'Saved version 2 · not synced')).toBeVisible();

  const timeline = page.getByRole('list', { name: 'Versions' });
  const row = timeline.getByRole('button', { name: new RegExp(`^${notSynced} `) });
  await expect(row).toBeVisible();
  await expect(row.getByText(notSynced)).toHaveAttribute('title', hint);
  await expect(timeline.getByRole('button', { name: /^v1 (?!· not synced)/ })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /Salute/ }).getByText(notSynced)).toHaveAttribute('title', hint);
  await expect(page.getByRole('button', { name: notSynced, exact: true })).toBeVisible();
  expect(await violations(page), 'timeline').toEqual([]);

  await row.click();
  await expect(tab(page, `salute ${notSynced}`)).toBeVisible();
  const shown = page.getByRole('region', { name: 'Version 2 · not synced' });
  await expect(shown).toBeVisible();
  await page.getByRole('switch', { name: 'Blame' }).click();
  await shown.getByRole('button', { name: /last changed in version 2 · not synced by/ }).click();
  await expect(tab(page, `salute ${notSynced}`)).toBeVisible();

  const second = await client.versions.find({ ref: 'salute' });
  await client.labels.move({ promptId: id, name: 'staging', versionId: second.id });
  await tab(page, 'Salute').click();
  await expect(page.getByRole('button', { name: 'Label staging, at version 2 · not synced' })).toBeVisible();
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
  await page.getByRole('button', { name: 'Actions for version 2 · not synced' }).click();
  await page.getByRole('menuitem', { name: 'Copy reference' }).click();
  const reference = `salute@sha:${second.hash.slice(0, 12)}`;
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(reference);
  expect(await client.versions.find({ ref: reference })).toMatchObject({ id: second.id });

  const prompts = [first, second].map(({ id: versionId }) => ({ promptId: id, versionId }));
  await client.comparisons.start({ title: 'Both', prompts, models: ['starter'], rows: [{}] });
  await page.keyboard.press('Control+2');
  await page
    .getByRole('listbox', { name: /Comparisons/ })
    .getByRole('option')
    .first()
    .dblclick();
  await expect(page.getByRole('columnheader', { name: /salute v2 · not synced/ })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: /salute v1 (?!·)/ })).toBeVisible();
});
