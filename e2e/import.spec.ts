import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Import prompts' });
const planned = (page: Page): Locator => dialog(page).getByRole('list', { name: 'What would be imported' });
const importButton = (page: Page): Locator => dialog(page).getByRole('button', { name: /^Import( |$)/ });
const action = (page: Page, name: string): Locator =>
  dialog(page).getByRole('combobox', { name: `What to do with ${name}`, exact: true });
const title = (page: Page): Locator => page.getByRole('textbox', { name: 'Title', exact: true });
const ready = (page: Page) => expect(title(page)).toBeVisible();

/** A file of GitHub Models with one message. */
function yamlOf(name: string, text: string, more = ''): string {
  return `name: ${JSON.stringify(name)}\nmodelParameters: { temperature: 0.2 }\n${more}messages:\n  - role: user\n    content: ${JSON.stringify(text)}\n`;
}

const fileOf = (name: string, text: string) => ({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });

/** Opens the dialog from the palette and chooses files. */
async function chooseFiles(page: Page, files: readonly ReturnType<typeof fileOf>[]): Promise<void> {
  await page.keyboard.press('Control+Shift+o');
  await expect(dialog(page)).toBeVisible();
  await dialog(page)
    .getByLabel('Files to import')
    .setInputFiles([...files]);
}

/** Runs a command of the palette, which may still be looking for prompts. */
async function fromPalette(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(command);
  await expect(page.getByRole('option', { name: command })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
}

/** Drops a file on an element, as a browser tells it. */
async function drop(target: Locator, name: string, text: string): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle(
    ([called, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content as string], called as string));
      return data;
    },
    [name, text] as const,
  );
  await target.dispatchEvent('dragenter', { dataTransfer });
  await target.dispatchEvent('dragover', { dataTransfer });
  await target.dispatchEvent('drop', { dataTransfer });
}

test('two files are imported, one against a prompt of its name, and taken back', async ({ app }) => {
  const { page, client } = app;
  await ready(page);
  await client.prompts.create({
    name: 'greeter',
    title: 'My own',
    content: { messages: [{ role: 'user', content: 'Hi' }] },
  });
  await chooseFiles(page, [
    fileOf('shelf.prompt.yml', yamlOf('Shelf finder', 'Where is {{book}}?', 'oddity: 1\n')),
    fileOf('greeter.prompt.yml', yamlOf('Greeter', 'Hello {{name}}')),
  ]);
  await expect(importButton(page)).toHaveText('Import 2 prompts');
  await expect(importButton(page)).toBeFocused();
  await expect(planned(page).getByText('Conflicting')).toBeVisible();
  await expect(action(page, 'greeter')).toHaveText('Keep both');

  await test.step('the report of a file folds out', async () => {
    const file = planned(page).getByRole('button', { name: 'shelf.prompt.yml' });
    await expect(planned(page).getByText('1 note')).toBeVisible();
    await file.click();
    await expect(planned(page).getByText('It is no key of the format. It is kept in the metadata.')).toBeVisible();
    await expect(planned(page).getByText('oddity')).toBeVisible();
    await file.click();
    await expect(planned(page).getByText('oddity')).toBeHidden();
  });

  await test.step('a folder and a project plan again', async () => {
    const folder = dialog(page).getByRole('textbox', { name: 'Folder' });
    await folder.fill('From GitHub');
    await expect(dialog(page).getByText(/^Lower-case letters, digits/)).toBeVisible();
    await expect(importButton(page)).toBeDisabled();
    await folder.fill('from-github');
    await expect(action(page, 'from-github/greeter')).toHaveText('Import');
    await folder.fill('');
    await expect(action(page, 'greeter')).toHaveText('Keep both');
    const project = dialog(page).getByRole('combobox', { name: 'Project' });
    await project.click();
    await page.getByRole('option', { name: 'New project…' }).click();
    await page.getByRole('dialog', { name: 'New project' }).getByRole('textbox', { name: 'Name' }).fill('مكتبة');
    await page.keyboard.press('Enter');
    await expect(project).toHaveText('مكتبة');
    await expect(action(page, 'greeter')).toHaveText('Import');
    await project.click();
    await page.getByRole('option', { name: 'default' }).click();
    await expect(action(page, 'greeter')).toHaveText('Keep both');
  });

  await action(page, 'greeter').click();
  await page.getByRole('option', { name: /^Replace the draft/ }).click();
  await action(page, 'shelf-finder').click();
  await page.getByRole('option', { name: /^Leave out/ }).click();
  await expect(importButton(page)).toHaveText('Import 1 prompt');
  await action(page, 'shelf-finder').click();
  await page.getByRole('option', { name: /^Import/ }).click();
  await importButton(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText('2 prompts imported')).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /Shelf finder/ })).toBeVisible();
  expect((await client.prompts.find({ name: 'greeter' })).draft.content.messages).toMatchObject([
    { content: 'Hello {{ name }}' },
  ]);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('2 prompts taken back')).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /Shelf finder/ })).toBeHidden();
  expect((await client.prompts.find({ name: 'greeter' })).draft.content.messages).toMatchObject([{ content: 'Hi' }]);
});

test('all that conflict are chosen at once; the same again has nothing to import', async ({
  app: { page, client },
}) => {
  await ready(page);
  for (const name of ['one', 'two'])
    await client.prompts.create({ name, content: { messages: [{ role: 'user', content: 'Mine' }] } });
  const files = ['One', 'Two', 'Three'].map((name) => fileOf(`${name}.prompt.yml`, yamlOf(name, `This is ${name}`)));
  await chooseFiles(page, files);
  await dialog(page).getByRole('radio', { name: 'Conflicting 2' }).click();
  await expect(planned(page).getByRole('combobox')).toHaveCount(2);
  await dialog(page).getByRole('combobox', { name: 'All conflicting' }).click();
  await page.getByRole('option', { name: /^New version/ }).click();
  await expect(action(page, 'one')).toHaveText('New version');
  await importButton(page).click();
  await expect(page.getByText('3 prompts imported')).toBeVisible();
  expect((await client.prompts.find({ name: 'two' })).latestVersion).toBe(1);

  await chooseFiles(page, files);
  await expect(dialog(page).getByText('All these prompts are here already.')).toBeVisible();
  await expect(importButton(page)).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
});

test('a file that is dropped anywhere is offered for import, and one that a message takes is not', async ({
  app: { page },
}) => {
  await ready(page);
  const messages = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  await drop(messages.first(), 'note.txt', 'For the message');
  await expect(messages.first().getByRole('textbox', { name: /name/i })).toHaveValue('note.txt');
  await expect(dialog(page)).toBeHidden();

  const over = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.yml'));
    return data;
  });
  await page.getByRole('main').dispatchEvent('dragover', { dataTransfer: over });
  await expect(page.getByText('Drop to import')).toBeVisible();
  await messages.first().dispatchEvent('dragover', { dataTransfer: over });
  await expect(page.getByText('Drop to import')).toBeHidden();
  await expect(page.getByText('Drop to add to message 1')).toBeVisible();

  await drop(
    page.getByRole('tablist', { name: 'Open tabs' }),
    'مرحبا.prompt.yml',
    yamlOf('مرحبا بالعالم', 'السلام {{name}}'),
  );
  await expect(dialog(page)).toBeVisible();
  await expect(planned(page).getByText('مرحبا بالعالم')).toBeVisible();
  await page.keyboard.press('Enter');
  // One prompt opens.
  await expect(title(page)).toHaveValue('مرحبا بالعالم');
  await expect(page.getByText('1 prompt imported')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1 prompt taken back')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'مرحبا بالعالم' })).toBeHidden();
});

test('a pasted text is read by its shape, and stays when the dialog is left', async ({ app: { page, client } }) => {
  await ready(page);
  await fromPalette(page, 'Paste to import…');
  const text = dialog(page).getByRole('textbox', { name: 'Text to import' });
  await expect(text).toBeFocused();
  await text.fill('messages:\n  - role: user\n    content: "broken');
  await page.keyboard.press('Control+Enter');
  await expect(planned(page).getByText(/pasted\.prompt\.yaml is not valid YAML, line \d/)).toBeVisible();
  await expect(dialog(page).getByText('No prompt can be imported. The list says why.')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Choose others' }).click();
  await expect(text).toHaveValue(/broken/);
  await text.fill('messages:\n  - role: user\n    content: "Say {{word}}"');
  await page.keyboard.press('Escape');
  await fromPalette(page, 'Paste to import…');
  await expect(text).toHaveValue(/Say/);
  await dialog(page).getByRole('button', { name: 'Read the text' }).click();
  await expect(importButton(page)).toHaveText('Import 1 prompt');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('1 prompt imported')).toBeVisible();
  expect((await client.prompts.find({ name: 'pasted' })).draft.content.messages).toMatchObject([
    { content: 'Say {{ word }}' },
  ]);
});

test('files that are not imported say why and where, beside those that are', async ({ app: { page } }) => {
  test.slow();
  await ready(page);
  await chooseFiles(page, [
    fileOf('good.prompt.yml', yamlOf('Good', 'Fine')),
    fileOf('empty.prompt.yml', 'messages: []\n'),
    fileOf('bad.yml', 'name: x\nmessages: [\n'),
    { name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]) },
  ]);
  await expect(planned(page).getByText('empty.prompt.yml has no messages: "messages" is an empty list.')).toBeVisible();
  await expect(planned(page).getByText(/bad\.yml is not valid YAML/)).toBeVisible();
  await expect(planned(page).getByText(/^line \d$/)).toBeVisible();
  await expect(planned(page).getByText(/table\.csv is no CSV but a zip archive.*Export it as CSV/)).toBeVisible();
  await expect(importButton(page)).toHaveText('Import 1 prompt');
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
});

test('a folder is imported with its paths, without what no prompt is in', async ({ app: { page, client } }) => {
  await ready(page);
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-import-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  try {
    write('a.prompt.yml', yamlOf('In the folder', 'A'));
    write('deep/er/b.prompt.yml', yamlOf('Below it', 'B'));
    write('.git/c.prompt.yml', yamlOf('Hidden', 'C'));
    write('node_modules/d.prompt.yml', yamlOf('Of a package', 'D'));
    write('logo.png', 'no picture');
    await page.keyboard.press('Control+Shift+o');
    await dialog(page).getByLabel('Folder to import').setInputFiles(folder);
    await expect(planned(page).getByRole('button')).toHaveText(['a.prompt.yml', 'deep/er/b.prompt.yml']);
    await expect(dialog(page).getByText('1 file without text was left out.')).toBeVisible();
    await importButton(page).click();
    await expect(page.getByText('2 prompts imported')).toBeVisible();
    expect((await client.packs.imports({})).items[0]).toMatchObject({ source: 'a.prompt.yml and 1 more', prompts: 2 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('imports are listed and taken back by keyboard, and another window sees it', async ({ app }) => {
  test.slow();
  const { page, client } = app;
  await ready(page);
  const files = ['First', 'Second'].map((name) => ({
    path: `${name}.prompt.yml`,
    data: Buffer.from(yamlOf(name, name)).toString('base64'),
  }));
  for (const file of files) await client.packs.import({ files: [file] });
  const second = await client.prompts.find({ name: 'second' });
  await client.prompts.saveDraft({
    id: second.id,
    revision: second.draft.revision,
    content: { messages: [{ role: 'user', content: 'Changed since' }] },
  });
  const list = page.getByRole('dialog', { name: 'Imports' });
  await fromPalette(page, 'Imports…');
  await expect(list.getByRole('listitem')).toHaveText([
    /^Second\.prompt\.yml1 prompt · GitHub Models · just now/,
    /^First/,
  ]);
  expect(await violations(page, '[role="dialog"]')).toEqual([]);

  await list.getByRole('button', { name: 'Undo the import of Second.prompt.yml' }).press('Enter');
  await expect(page.getByText('Nothing was taken back')).toBeVisible();
  await expect(page.getByText('“second” stays. It was changed since.')).toBeVisible();
  await expect(list.getByText(/^Taken back/)).toHaveCount(1);
  // Of another window, or a command line.
  await client.packs.undo({ id: (await client.packs.imports({})).items[1]!.id });
  await expect(list.getByText(/^Taken back/)).toHaveCount(2);
});

test('prompts are imported without the mouse', async ({ app: { page, client } }) => {
  test.slow();
  await ready(page);
  await client.prompts.create({ name: 'third', content: { messages: [{ role: 'user', content: 'Mine' }] } });
  await fromPalette(page, 'Import prompts…');
  await expect(dialog(page).getByRole('button', { name: 'Choose files…' })).toBeFocused();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  const names = ['First', 'Second', 'Third'];
  await (await chooser).setFiles(names.map((name) => fileOf(`${name}.prompt.yml`, yamlOf(name, `About ${name}`))));
  await expect(importButton(page)).toBeFocused();

  // The list is one stop before the buttons; in it the arrow keys go from row to row.
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Shift+Tab');
  await expect(planned(page).getByRole('button', { name: 'First.prompt.yml' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(action(page, 'third')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: /^Keep both/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { name: /^New version/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(action(page, 'third')).toHaveText('New version');
  await expect(action(page, 'third')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(planned(page).getByRole('button', { name: 'Third.prompt.yml' })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(planned(page).getByRole('button', { name: 'First.prompt.yml' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(action(page, 'first')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('3 prompts imported')).toBeVisible();
  expect((await client.prompts.find({ name: 'third' })).latestVersion).toBe(1);
});

test('the library, its empty state and the start page lead to the dialog', async ({ app: { page, client } }) => {
  test.slow();
  await ready(page);
  await page.getByRole('button', { name: 'Order and filter' }).click();
  await page.getByRole('menuitem', { name: 'Import prompts…' }).click();
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name: 'Import prompts' }).click();
  await expect(dialog(page)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  const { items } = await client.prompts.list({ limit: 100 });
  await client.prompts.setStatus({ ids: items.map(({ id }) => id), status: 'trashed' });
  await page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Import…' }).click();
  await expect(dialog(page)).toBeVisible();
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
});
