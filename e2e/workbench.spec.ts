import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';

const ready = (page: Page) => expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeVisible();
const tabs = (page: Page) => page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab');
const panel = (page: Page, name: string) => page.getByRole('tablist', { name: 'Panels' }).getByRole('tab', { name });

test('axe finds no serious violation in the panels of a prompt, light and dark', async ({ app: { page } }) => {
  test.setTimeout(120_000);
  await ready(page);
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('done', { timeout: 30_000 });
  for (const name of ['Inputs', 'Preview', 'Model']) {
    await panel(page, name).click();
    expect(await violations(page), name).toEqual([]);
  }
  await panel(page, 'Inputs').click();
  await page.getByRole('button', { name: 'Declaration of style' }).click();
  expect(await violations(page), 'declaration').toEqual([]);
});

test('axe finds no serious violation in the dialogs and settings, light and dark', async ({ app: { page } }) => {
  test.setTimeout(120_000);
  await ready(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  expect(await violations(page), 'palette').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect(await violations(page), 'shortcuts').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  expect(await violations(page), 'settings').toEqual([]);
});

test('a prompt is found, opened, edited, run and saved without touching the mouse', async ({
  app: { page, client },
}) => {
  await ready(page);
  await page.keyboard.press('Control+Shift+f');
  await expect(page.getByRole('searchbox', { name: 'Search prompts' })).toBeFocused();
  await page.keyboard.type('persona');
  await expect(page.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('treeitem')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue('A persona');

  // From the list to the editor and into the first message.
  await page.keyboard.press('F6');
  await expect(page.getByRole('main').locator(':focus')).toHaveCount(1);
  const grip = page.getByRole('button', { name: 'Move message 1 of 2' });
  for (
    let presses = 0;
    presses < 40 && !(await grip.evaluate((element) => element === document.activeElement));
    presses += 1
  ) {
    await page.keyboard.press('Tab');
  }
  await expect(grip).toBeFocused();
  const messages = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(messages.nth(1)).toContainText('You are');
  await expect(page.getByRole('button', { name: 'Move message 2 of 2' })).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(messages.nth(0)).toContainText('You are');
  await page.keyboard.press('Control+Shift+a');
  await expect(messages.nth(2).locator('.monaco-editor.focused')).toBeVisible();
  await page.keyboard.type('Answer in one line.');
  await expect(messages.nth(2)).toContainText('Answer in one line.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Move message 3 of 3' })).toBeFocused();

  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('done', { timeout: 30_000 });
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('dialog', { name: 'Save version 2' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved version 2')).toBeVisible();
  const { draft } = await client.prompts.find({ name: 'samples/persona' });
  expect(draft.baseVersion?.number).toBe(2);
  expect(draft.content.messages).toHaveLength(3);
});

test('tabs open, move, close, come back and survive a restart of host and window', async ({ app }) => {
  const { page } = app;
  await ready(page);
  await page.getByRole('treeitem', { name: /A persona/ }).click();
  await page.getByRole('treeitem', { name: /A tiny story/ }).click();
  // A preview tab replaces the one before; a double click keeps the tab.
  await expect(tabs(page)).toHaveText(['Greeting', 'A tiny story']);
  await page.getByRole('treeitem', { name: /A persona/ }).dblclick();
  await page.getByRole('treeitem', { name: /Review sentiment/ }).dblclick();
  await expect(tabs(page)).toHaveText(['Greeting', 'A persona', 'Review sentiment']);
  await tabs(page).nth(1).click({ button: 'middle' });
  await expect(tabs(page)).toHaveText(['Greeting', 'Review sentiment']);
  await page.keyboard.press('Alt+Shift+t');
  await expect(tabs(page)).toHaveText(['Greeting', 'Review sentiment', 'A persona']);
  await tabs(page).nth(2).focus();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await expect(tabs(page)).toHaveText(['Greeting', 'A persona', 'Review sentiment']);
  await page.keyboard.press('Control+b');
  await expect(page.getByRole('tree')).toBeHidden();

  await expect.poll(() => app.client.settings.getState({ key: 'window.layout' })).toMatchObject({ sidebar: false });
  await app.restartHost();
  await page.reload();
  await expect(tabs(page)).toHaveText(['Greeting', 'A persona', 'Review sentiment']);
  await expect(tabs(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tree')).toBeHidden();
});

test('the palette runs commands and opens prompts; the theme is kept', async ({ app }) => {
  const { page } = app;
  await ready(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('extract contact');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue('Extract a contact as JSON');
  await page.keyboard.press('Control+Shift+p');
  await page.keyboard.type('toggle light');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveClass(/dark/);
  await expect.poll(async () => (await app.client.settings.get()).theme).toBe('dark');
  await page.reload();
  await ready(page);
  await expect(page.locator('html')).toHaveClass(/dark/);
});

test('prompts are duplicated, renamed, trashed and brought back from the list', async ({ app: { page } }) => {
  await ready(page);
  const row = (name: RegExp) => page.getByRole('treeitem', { name });
  await row(/A tiny story/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(tabs(page)).toHaveCount(2);

  await row(/Review sentiment/).click();
  await row(/Review sentiment/).press('F2');
  await page.getByRole('textbox', { name: 'New name of samples/review-sentiment' }).fill('reviews/mood');
  await page.keyboard.press('Enter');
  await expect(row(/reviews/).first()).toBeVisible();
  await expect(page.getByText('Renamed to reviews/mood')).toBeVisible();

  await row(/A persona/).click();
  await row(/A persona/).press('Delete');
  await expect(row(/A persona/)).toBeHidden();
  // The toast in front is the newest; behind it is the one of the renaming.
  await page.locator('[data-sonner-toast][data-front="true"]').getByRole('button', { name: 'Undo' }).click();
  await expect(row(/A persona/)).toBeVisible();

  await row(/A persona/).click({ modifiers: ['Control'] });
  await row(/Greeting/).click({ modifiers: ['Control'] });
  await expect(page.getByText('2 chosen')).toBeVisible();
  await page.getByRole('button', { name: 'Archive' }).click();
  await expect(row(/A persona/)).toBeHidden();
  await expect(row(/Greeting/)).toBeHidden();
});

test('what changed while the host was away shows when it is back', async ({ app }) => {
  const { page, client } = app;
  await ready(page);
  await app.killHost();
  await app.startHost();
  // The window must show these, whether it is told at once or after reconnecting.
  const { id, draft } = await client.prompts.find({ name: 'samples/greeting' });
  await client.prompts.update({ id, changes: { title: 'Greeting, changed' } });
  const messages = [{ role: 'user' as const, content: 'changed meanwhile' }];
  await client.prompts.saveDraft({ id, revision: draft.revision, content: { ...draft.content, messages } });
  await expect(page.getByRole('treeitem', { name: /Greeting, changed/ })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Messages' })).toContainText('changed meanwhile');
});

test('a second window starts with the tabs of the first and keeps its own from then on, also over reloads', async ({
  app,
}) => {
  const { page } = app;
  await ready(page);
  await page.getByRole('treeitem', { name: /A persona/ }).dblclick();
  await expect(tabs(page)).toHaveCount(2);
  const other = await app.openWindow();
  await ready(other);
  await expect(tabs(other)).toHaveCount(2);
  await other.getByRole('treeitem', { name: /A tiny story/ }).dblclick();
  await expect(tabs(other)).toHaveCount(3);
  await page.getByRole('treeitem', { name: /Review sentiment/ }).dblclick();
  // Each is stored a moment after it changed.
  const written = async (key: string) => JSON.stringify(await app.client.settings.getState({ key }));
  await expect.poll(() => written('window.tabs')).toContain('Review sentiment');
  await expect.poll(() => written('window.tabs#2')).toContain('A tiny story');
  await Promise.all([page.reload(), other.reload()]);
  await expect(tabs(page).last()).toContainText('Review sentiment');
  await expect(tabs(other).last()).toContainText('A tiny story');
  await expect(tabs(page)).toHaveCount(3);
  await expect(tabs(other)).toHaveCount(3);
});

test('a window says when its database was deleted under the host, and where what was saved is', async ({ app }) => {
  const { page } = app;
  await ready(page);
  const kept = await app.client.prompts.find({ name: 'samples/greeting' });
  for (const end of ['', '-wal', '-shm']) rmSync(join(app.dataDir, `promptdev.db${end}`));
  const save = app.client.prompts.saveDraft({
    id: kept.id,
    revision: kept.draft.revision,
    content: kept.draft.content,
  });
  await expect(save).rejects.toMatchObject({ code: 'unavailable' });
  const alert = page.getByRole('alert').filter({ hasText: 'was deleted or moved away while PromptDev had it open' });
  await expect(alert).toContainText('.rescued-');
  expect(await violations(page), 'a window without its database').toEqual([]);
});

test('a window that opens while the host goes away is complete when it comes back', async ({ app }) => {
  await ready(app.page);
  // Everything but the first document may arrive too late.
  const window = await app.openWindow();
  await app.restartHost();
  await ready(window);
  await expect(window.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 30_000 });
});
