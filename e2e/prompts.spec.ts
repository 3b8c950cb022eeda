import type { Page } from '@playwright/test';
import { textOf } from '../src-core/contract/message-texts.ts';
import { startScriptedEndpoint } from '../src-host/engines/openai/testing/scripted-endpoint.ts';
import { type App, expect, test } from './support/app.ts';
import { holdConnection, saveElsewhere } from './support/contested-draft.ts';
import { message, saved, typeInto } from './support/prompt-page.ts';

const title = (page: Page) => page.getByRole('textbox', { name: 'Title', exact: true });
const output = (page: Page) => page.getByRole('region', { name: 'Answer' });

/** What is stored, whatever the window shows. */
async function storedMessages(app: App, name: string): Promise<readonly string[]> {
  const prompt = await app.client.prompts.find({ name });
  return prompt.draft.content.messages.map(textOf);
}

async function newPrompt(page: Page, name: string): Promise<void> {
  await expect(title(page)).toBeVisible();
  await page.keyboard.press('Alt+n');
  await expect(title(page)).toBeFocused();
  await title(page).fill(name);
  const field = page.getByRole('textbox', { name: 'Name', exact: true });
  await field.fill(name);
  await field.press('Enter');
  await expect(page.getByRole('tab', { name: new RegExp(`^${name}`) })).toBeVisible();
  await saved(page);
}

test('at the first start a sample runs on the starter model and its answer streams', async ({ app: { page } }) => {
  await expect(page.getByRole('region', { name: 'Welcome' })).toBeVisible();
  await expect(title(page)).toHaveValue('Greeting');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('Ada', { timeout: 30_000 });
  const panel = page.getByRole('region', { name: 'Output' });
  await expect(panel).toContainText('done');
  await expect(panel).toContainText(/TTFT [\d.,]+ m?s/);
  await expect(panel).toContainText(/Tokens \d+ in, \d+ out/);

  await page.getByRole('textbox', { name: /^name/ }).fill('Zofia');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toContainText('Zofia', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Dismiss the welcome' }).click();
  await page.reload();
  await expect(title(page)).toHaveValue('Greeting');
  await expect(page.getByRole('region', { name: 'Welcome' })).toBeHidden();
  await expect(output(page)).toContainText('Zofia');
  await expect(page.getByRole('textbox', { name: /^name/ })).toHaveValue('Zofia');
});

test('typed text is stored within a second and is there after a reload in the middle of a word', async ({ app }) => {
  const { page } = app;
  await newPrompt(page, 'reload-me');
  await typeInto(page, 2, 'First part.');
  await saved(page);
  await expect.poll(() => storedMessages(app, 'reload-me'), { timeout: 1_000 }).toContain('First part.');
  await page.keyboard.type(' Second part');
  await page.reload();
  await expect(message(page, 2)).toContainText('First part. Second part');
  await expect.poll(() => storedMessages(app, 'reload-me')).toContain('First part. Second part');
});

test('nothing is lost when the host is killed while someone types, and typing goes on meanwhile', async ({ app }) => {
  const { page } = app;
  await newPrompt(page, 'survivor');
  await typeInto(page, 2, 'Before the crash.');
  await saved(page);
  await app.killHost();
  await page.keyboard.type(' While it is away.');
  await expect(page.locator('[data-save="waiting"]')).toBeVisible();
  await expect(page.getByText('The connection to the PromptDev host is lost')).toBeVisible();
  await app.startHost();
  await saved(page);
  await expect.poll(() => storedMessages(app, 'survivor')).toContain('Before the crash. While it is away.');
  await expect(page.getByText('The connection to the PromptDev host is lost')).toBeHidden();
});

test('switching tabs keeps text, cursor history and the run, and undo still works', async ({ app: { page } }) => {
  await newPrompt(page, 'left');
  await typeInto(page, 2, 'keep me');
  await newPrompt(page, 'right');
  await typeInto(page, 2, 'other');
  await page.getByRole('tab', { name: /^left/ }).click();
  await expect(message(page, 2)).toContainText('keep me');
  await typeInto(page, 2, ' more');
  await expect(message(page, 2)).toContainText('keep me more');
  await page.getByRole('tab', { name: /^right/ }).click();
  await page.getByRole('tab', { name: /^left/ }).click();
  await message(page, 2).locator('.view-lines').click();
  await page.keyboard.press('Control+z');
  await expect(message(page, 2)).not.toContainText('more');
});

test('two windows on one draft never overwrite each other silently', async ({ app }) => {
  const { page } = app;
  await newPrompt(page, 'shared');
  await typeInto(page, 2, 'base');
  await saved(page);
  const other = await app.openWindow();
  await expect(message(other, 2)).toContainText('base');

  // A window without unsaved changes shows those of the other one.
  await typeInto(page, 2, ' one');
  await expect(message(other, 2)).toContainText('base one');

  await typeInto(other, 2, ' two');
  await expect(message(page, 2)).toContainText('base one two');
});

test('a change that another window made first leads to a question, and every answer keeps both texts', async ({
  app,
}) => {
  const { page } = app;
  const question = await contest(app, 'contested', 'theirs', () => typeInto(page, 2, ' mine'));
  await expect(question).toBeVisible();
  expect(await storedMessages(app, 'contested')).toContain('theirs');
  await expect(message(page, 2)).toContainText('base mine');

  await question.getByRole('button', { name: 'See both' }).click();
  const both = page.getByRole('dialog', { name: 'Both drafts' });
  await expect(both.getByRole('region', { name: 'Theirs, saved' })).toContainText('theirs');
  await expect(both.getByRole('region', { name: 'Mine, here' })).toContainText('base mine');
  await page.keyboard.press('Escape');

  await question.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab')).toHaveCount(3);
  await expect(message(page, 2)).toContainText('base mine');
  expect(await storedMessages(app, 'contested')).toContain('theirs');
});

test('two drafts are merged: what both changed is asked for, and the result is saved', async ({ app }) => {
  const { page } = app;
  const question = await contest(app, 'merged', 'base theirs', async () => {
    await typeInto(page, 1, ' Be brief.');
    await typeInto(page, 2, ' mine');
  });
  await question.getByRole('button', { name: 'Merge' }).click();
  const merging = page.getByRole('dialog', { name: 'Merge both drafts' });
  await expect(merging).toContainText('0 of 1 resolved');
  await merging.getByRole('button', { name: 'Take both' }).click();
  await merging.getByRole('button', { name: 'Apply to draft' }).click();
  await expect(question).toBeHidden();
  await expect
    .poll(() => storedMessages(app, 'merged'))
    .toEqual(['You are a helpful assistant. Be brief.', 'base mine\nbase theirs']);
});

test('a half decided merge outlives its dialog and a reload, with the result that was typed by hand', async ({
  app,
}) => {
  test.slow();
  const { page } = app;
  const question = await contest(app, 'halfway', 'base theirs', () => typeInto(page, 2, ' mine'));
  const merging = page.getByRole('dialog', { name: 'Merge both drafts' });
  const result = merging.getByRole('region', { name: 'Result' });
  await question.getByRole('button', { name: 'Merge' }).click();
  await merging.getByRole('button', { name: 'Take ours' }).click();
  await result.locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' and by hand');
  await expect(result).toContainText('base mine and by hand');

  await merging.getByRole('button', { name: 'Close' }).click();
  await question.getByRole('button', { name: 'Merge' }).click();
  await expect(result).toContainText('base mine and by hand');
  await page.reload();
  await question.getByRole('button', { name: 'Merge' }).click();
  await expect(merging).toContainText('1 of 1 resolved');
  await expect(result).toContainText('base mine and by hand');
  await merging.getByRole('button', { name: 'Apply to draft' }).click();
  await expect.poll(async () => (await storedMessages(app, 'halfway'))[1]).toBe('base mine and by hand');
});

test('inputs are completed, declared with one click, filled in by type and shown in the preview', async ({
  app: { page },
}) => {
  await newPrompt(page, 'inputs');
  const panels = page.getByRole('tablist', { name: 'Panels' });
  await typeInto(page, 2, 'Dear {{ customer.na');
  await page.keyboard.type('me }}, {% if urgent %}now{% endif %} {{ words | joi');
  await expect(page.getByRole('option', { name: /join/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(message(page, 2)).toContainText('{{ words | join }}');

  await panels.getByRole('tab', { name: /Inputs/ }).click();
  const problems = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  await expect(problems).toHaveCount(3);
  for (const name of ['customer', 'urgent', 'words']) {
    await page.getByRole('button', { name: `Declare input ${name}` }).click();
  }
  await expect(problems).toHaveCount(0);
  await page.getByRole('textbox', { name: /^customer/ }).fill('{ "name": "Ada" }');
  await page.getByRole('textbox', { name: /^words/ }).fill('ab');
  await page.getByRole('button', { name: 'Declaration of urgent' }).click();
  await page.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'boolean' }).click();
  await page.getByRole('combobox', { name: /^urgent/ }).click();
  await page.getByRole('option', { name: 'true' }).click();

  await panels.getByRole('tab', { name: /Preview/ }).click();
  const preview = page.getByRole('region', { name: 'Rendered preview' });
  await expect(preview).toContainText('Dear Ada, now ab');
  await expect(preview.getByTitle('From the input customer.name')).toHaveText('Ada');
});

test('a mistake in a template is marked in the text, and its line in the list leads there', async ({
  app: { page },
}) => {
  await newPrompt(page, 'mistake');
  await typeInto(page, 2, 'One\nTwo {{ name | shout }}');
  await page
    .getByRole('tablist', { name: 'Panels' })
    .getByRole('tab', { name: /Preview/ })
    .click();
  await expect(message(page, 2).locator('.squiggly-error')).toBeVisible();
  await page
    .getByRole('list', { name: 'Problems' })
    .getByRole('button', { name: /There is no filter "shout"/ })
    .click();
  await expect(message(page, 2).locator('.monaco-editor.focused')).toBeVisible();
  await page.keyboard.type('HERE');
  await expect(message(page, 2)).toContainText('{{ name | HEREshout');
});

test('an answer goes on streaming through a switch of tabs and a reload, until it is cancelled', async ({ app }) => {
  const { page, client } = app;
  const endpoint = await startScriptedEndpoint();
  try {
    await client.models.addEndpoint({ name: 'scripted', baseUrl: endpoint.baseUrl });
    await client.models.addRemote({ endpoint: 'scripted', model: 'endless' });
    await newPrompt(page, 'long-answer');
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Model:/ })
      .first()
      .click();
    await page.getByRole('option', { name: /endless/ }).click();
    await expect(page.getByRole('region', { name: 'Status' })).toContainText('llm: remote');
    await typeInto(page, 2, 'go');
    await page.keyboard.press('Control+Enter');
    const length = async () => (await output(page).innerText()).length;
    await expect.poll(length).toBeGreaterThan(50);
    await page.getByRole('tab', { name: 'Greeting' }).click();
    await page.getByRole('tab', { name: /^long-answer/ }).click();
    const beforeReload = await length();
    await page.reload();
    await expect.poll(length).toBeGreaterThan(beforeReload);
    await page.keyboard.press('Control+.');
    await expect(page.getByRole('region', { name: 'Output' })).toContainText('cancelled');
    await expect.poll(async () => (await client.runs.list({})).items[0]?.status).toBe('cancelled');
  } finally {
    await endpoint.close();
  }
});

/** A new prompt whose draft was changed here and, before that arrived, elsewhere; the question about it. */
async function contest(app: App, name: string, theirs: string, typeMine: () => Promise<void>) {
  const { page } = app;
  await newPrompt(page, name);
  await typeInto(page, 2, 'base');
  await saved(page);
  const connection = await holdConnection(page);
  await expect(message(page, 2)).toContainText('base');
  await connection.hold(async () => {
    await typeMine();
    await saveElsewhere(app, name, theirs);
  });
  return page.getByRole('alert').filter({ hasText: 'another window' });
}
