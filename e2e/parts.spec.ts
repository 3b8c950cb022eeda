import type { Locator, Page } from '@playwright/test';
import { contentSchema, type PromptContentInput } from '../src-core/contract/content.ts';
import type { App } from './support/app.ts';
import { expect } from './support/app.ts';
import { violations } from './support/axe.ts';
import { test } from './support/lab.ts';
import { message, saved } from './support/prompt-page.ts';

/** A picture of one pixel. */
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const pdf = Buffer.from('%PDF-1.7\n%%EOF\n');

async function openPrompt({ page, client }: App, content: PromptContentInput) {
  const { id } = await client.prompts.create({ name: 'parts', content: contentSchema.parse(content) });
  await page.getByRole('treeitem', { name: /^parts/ }).dblclick();
  return { id, stored: async () => (await client.prompts.get({ id })).draft.content };
}

/** Opens the menu of a message and chooses, as in `add(page, 1, 'Image', 'From an address')`. */
async function add(page: Page, number: number, ...choices: readonly string[]): Promise<void> {
  await message(page, number).hover();
  await message(page, number)
    .getByRole('button', { name: `Add to message ${number}` })
    .click();
  for (const choice of choices) await page.getByRole('menuitem', { name: choice }).click();
}

const part = (page: Page, number: number, of: number): Locator =>
  page.getByRole('group', { name: new RegExp(`, part ${number} of message ${of}$`) });

async function choose(
  page: Page,
  number: number,
  kind: string,
  files: readonly { name: string; mimeType: string; buffer: Buffer }[],
) {
  const chooser = page.waitForEvent('filechooser');
  await add(page, number, kind, 'Choose a file…');
  await (await chooser).setFiles([...files]);
}

/** Replaces the text that has the focus, as with the clipboard, so that no editor closes brackets by itself. */
async function paste(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }),
    );
  }, text);
}

test('a message gets an image, a file and an address; they are moved, edited, sent and there after a reload', async ({
  app,
  lab,
}) => {
  const { page } = app;
  const endpoint = await lab.add(app, ['echo']);
  const { stored } = await openPrompt(app, {
    messages: [{ role: 'user', content: 'What is this, {{ name }}?' }],
    inputs: [{ name: 'name', type: 'string' }],
    settings: { model: 'lab/echo' },
  });

  await test.step('files with names of other scripts', async () => {
    await choose(page, 1, 'Image', [{ name: 'قطة جميلة.png', mimeType: 'image/png', buffer: onePixel }]);
    await expect(part(page, 2, 1).getByRole('img', { name: 'قطة جميلة.png' })).toBeVisible();
    await expect(part(page, 2, 1)).toContainText(/image\/png · \d+ B/);
    await choose(page, 1, 'File', [{ name: '報告書.pdf', mimeType: 'application/pdf', buffer: pdf }]);
    await expect(part(page, 3, 1).getByRole('textbox', { name: 'Name of part 3 of message 1' })).toHaveValue(
      '報告書.pdf',
    );
    await expect
      .poll(async () => (await stored()).messages[0]?.content)
      .toMatchObject([
        { type: 'text', text: 'What is this, {{ name }}?' },
        { type: 'image', name: 'قطة جميلة.png', mediaType: 'image/png' },
        { type: 'file', name: '報告書.pdf', mediaType: 'application/pdf' },
      ]);
  });

  await test.step('an address; what is typed halfway is kept over a reload and refuses the run', async () => {
    await add(page, 1, 'Image', 'From an address');
    const address = part(page, 4, 1).getByRole('textbox', { name: 'Address' });
    await expect(address).toBeFocused();
    await page.keyboard.type('exa');
    await expect(part(page, 4, 1)).toContainText('The address must start with "http://" or "https://"');
    await saved(page);
    await page.reload();
    await expect(address).toHaveValue('exa');
    await address.fill('https://example.com/cat.png');
    await part(page, 4, 1).getByRole('combobox', { name: 'Detail of part 4 of message 1' }).click();
    await page.getByRole('option', { name: 'Detail: low' }).click();
  });

  await test.step('parts move by keyboard, and the text stays one that can be typed into', async () => {
    const grip = page.getByRole('button', { name: 'Move part 2 of message 1', exact: true });
    await grip.focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(page.getByRole('button', { name: 'Move part 1 of message 1', exact: true })).toBeFocused();
    await part(page, 2, 1).locator('.view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Say it.');
    await expect
      .poll(async () => JSON.stringify((await stored()).messages[0]?.content))
      .toMatch(/^\[\{"type":"image".*Say it\./);
  });
  await test.step('it is previewed and sent whole', async () => {
    await page.locator('[data-input-row="name"]').getByRole('textbox').fill('Ada');
    await page.getByRole('tab', { name: /^Preview/ }).click();
    const preview = page.getByRole('region', { name: 'Rendered preview' });
    await expect(preview.getByRole('img', { name: 'قطة جميلة.png' })).toBeVisible();
    await expect(preview).toContainText('What is this, Ada? Say it.');
    await page.getByRole('button', { name: 'Run', exact: true }).first().click();
    await expect.poll(() => endpoint.requests.length).toBe(1);
    expect(endpoint.requests[0]?.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${onePixel.toString('base64')}` } },
          { type: 'text', text: 'What is this, Ada? Say it.' },
          {
            type: 'file',
            file: { filename: '報告書.pdf', file_data: `data:application/pdf;base64,${pdf.toString('base64')}` },
          },
          { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
        ],
      },
    ]);
  });
});

test('a run, the undo of a draft, versions and their differences show parts', async ({ app, lab }) => {
  const { page, client } = app;
  await lab.add(app, ['echo']);
  const { hash, mediaType } = await client.blobs.add({ data: onePixel.toString('base64') });
  const { id, stored } = await openPrompt(app, {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', hash, mediaType, name: 'قطة جميلة.png' },
          { type: 'text', text: 'What is this?' },
          { type: 'image', url: 'https://example.com/cat.png' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_call', id: 'call_1', name: 'look_up', arguments: '{"a":1}' }] },
    ],
    settings: { model: 'lab/echo' },
  });
  expect(await violations(page, '[data-messages]')).toEqual([]);
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();

  await test.step('the run shows what was sent', async () => {
    await page.keyboard.press('Control+3');
    await page.getByRole('listbox', { name: 'Runs, newest first' }).getByRole('option').first().click();
    await page.getByRole('tab', { name: 'Messages' }).click();
    const panel = page.getByRole('tabpanel', { name: 'Messages' });
    await expect(panel.getByRole('img', { name: 'قطة جميلة.png' })).toBeVisible();
    await expect(panel).toContainText('https://example.com/cat.png');
    await expect(panel.getByRole('region', { name: 'Calls look_up' })).toContainText('"a": 1');
    await expect(panel).not.toContainText('[object');
    expect(await violations(page, 'main')).toEqual([]);
  });

  await test.step('a removed part comes back with undo', async () => {
    await page.getByRole('tab', { name: 'parts', exact: true }).first().click();
    await message(page, 1).hover();
    await part(page, 1, 1).getByRole('button', { name: 'Remove part 1 of message 1' }).click();
    await expect.poll(async () => (await stored()).messages[0]?.content).toHaveLength(2);
    await page.keyboard.press('Control+Alt+z');
    await expect(part(page, 1, 1).getByRole('img', { name: 'قطة جميلة.png' })).toBeVisible();
    await expect.poll(async () => (await stored()).messages[0]?.content).toHaveLength(3);
  });

  await test.step('versions and their difference show it', async () => {
    await app.client.versions.save({ promptId: id, note: '' });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /^v1 / }).dblclick();
    await expect(page.getByRole('main').getByRole('img', { name: 'قطة جميلة.png' })).toBeVisible();
    await expect(page.getByRole('main').getByRole('region', { name: 'Calls look_up' })).toBeVisible();
  });
});

test('an image is taken from an input, which is declared from there; the last part that goes leaves a text', async ({
  app,
}) => {
  const { page } = app;
  const { stored } = await openPrompt(app, { messages: [{ role: 'user', content: 'What is this?' }] });
  await add(page, 1, 'Image', 'From an input');
  await page.keyboard.type('写真');
  await part(page, 2, 1).getByRole('button', { name: 'Declare' }).click();
  await expect.poll(async () => (await stored()).inputs).toMatchObject([{ name: '写真', type: 'string' }]);
  await expect.poll(async () => (await stored()).messages[0]?.content).toMatchObject([{}, { input: '写真' }]);
  await part(page, 2, 1).getByRole('button', { name: 'Remove part 2 of message 1' }).click();
  await expect.poll(async () => (await stored()).messages).toEqual([{ role: 'user', content: 'What is this?' }]);
  await message(page, 1).locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('!');
  await expect.poll(async () => (await stored()).messages[0]?.content).toBe('What is this?!');
});

test('a file that is too big or of no known type says so; a picture is pasted and dropped; bytes that are not here are marked', async ({
  app,
}) => {
  const { page } = app;
  const { stored } = await openPrompt(app, {
    messages: [{ role: 'user', content: [{ type: 'image', hash: 'ab'.repeat(32), name: 'gone.png' }] }],
  });
  await expect(part(page, 1, 1)).toContainText('Not in this workspace');
  await choose(page, 1, 'Image', [
    { name: 'large.png', mimeType: 'image/png', buffer: Buffer.concat([onePixel, Buffer.alloc(21 * 1024 * 1024)]) },
    { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg onload="alert(1)"/>') },
    { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
  ]);
  const alerts = message(page, 1).getByRole('alert');
  await expect(alerts).toHaveText([
    /“large\.png” has 21 MB; at most 20 MB can be kept here/,
    /“drawing\.svg” is no image of a known type.*PNG, JPEG, GIF and WebP.*Add it as a file instead/,
    /“empty\.png” is empty/,
  ]);
  expect(await violations(page, '[data-messages]')).toEqual([]);
  for (const name of ['large.png', 'drawing.svg', 'empty.png'])
    await message(page, 1)
      .getByRole('button', { name: `Dismiss ${name}` })
      .click();
  await expect(alerts).toHaveCount(0);

  const give = (type: 'paste' | 'drop', name: string) =>
    page.evaluate(
      ([event, called, base64]) => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], called, { type: 'image/png' }));
        const target = document.querySelector('[aria-label="Messages"] > li [data-part-grip]');
        const init = { bubbles: true, cancelable: true };
        target?.dispatchEvent(
          event === 'paste'
            ? new ClipboardEvent('paste', { ...init, clipboardData: data })
            : new DragEvent('drop', { ...init, dataTransfer: data }),
        );
      },
      [type, name, onePixel.toString('base64')] as const,
    );
  await give('paste', '貼り付け.png');
  await expect(part(page, 2, 1).getByRole('img', { name: '貼り付け.png' })).toBeVisible();
  await give('drop', 'مسقط.png');
  await expect(part(page, 3, 1).getByRole('img', { name: 'مسقط.png' })).toBeVisible();
  await expect
    .poll(async () => (await stored()).messages[0]?.content)
    .toMatchObject([{ name: 'gone.png' }, { name: '貼り付け.png' }, { name: 'مسقط.png' }]);
});

test('tool calls and results are added where they may stand; a placeholder is declared, moved and removed', async ({
  app,
}) => {
  const { page } = app;
  const { stored } = await openPrompt(app, {
    messages: [
      { role: 'user', content: 'Who is Ada?' },
      { role: 'assistant', content: '' },
      { role: 'tool', content: '' },
    ],
  });
  await message(page, 1).hover();
  await message(page, 1).getByRole('button', { name: 'Add to message 1' }).click();
  await expect(page.getByRole('menuitem', { name: 'Tool call (assistant only)' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await add(page, 2, 'Tool call');
  await expect(part(page, 1, 2).getByRole('combobox', { name: 'Function' })).toBeFocused();
  await page.keyboard.type('look_up');
  await add(page, 3, 'Tool result');
  await expect(part(page, 1, 3).getByRole('combobox', { name: /^Id of the call/ })).toHaveValue('call_1');
  await part(page, 1, 3).locator('.view-lines').click();
  await page.keyboard.type('A cat.');

  await page.getByRole('button', { name: 'Add placeholder' }).click();
  const name = message(page, 4).getByRole('combobox', { name: 'Input' });
  await expect(name).toBeFocused();
  await expect(name).toHaveValue('history');
  await message(page, 4).getByRole('button', { name: 'Declare' }).click();
  await message(page, 4).getByRole('switch', { name: 'Optional' }).click();
  await message(page, 4).getByRole('button', { name: 'Move message 4 of 4' }).focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Alt+ArrowUp');
  await expect
    .poll(async () => (await stored()).messages)
    .toEqual([
      { placeholder: 'history', optional: true },
      { role: 'user', content: 'Who is Ada?' },
      { role: 'assistant', content: [{ type: 'tool_call', id: 'call_1', name: 'look_up', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'call_1', content: 'A cat.' }] },
    ]);
  expect(await violations(page, '[data-messages]')).toEqual([]);

  await test.step('it is removed like a message', async () => {
    await message(page, 1).hover();
    await message(page, 1).getByRole('button', { name: 'Remove message 1' }).click();
    await expect.poll(async () => (await stored()).messages.length).toBe(3);
  });
});

test('messages of an input are JSON that is checked with line and column, kept as a sample, previewed and sent', async ({
  app,
  lab,
}) => {
  const { page } = app;
  const endpoint = await lab.add(app, ['echo']);
  const { stored } = await openPrompt(app, {
    messages: [
      { placeholder: 'history', optional: true },
      { role: 'user', content: 'Who is Ada?' },
      { role: 'assistant', content: [{ type: 'tool_call', id: 'call_1', name: 'look_up', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'call_1', content: 'A cat.' }] },
    ],
    inputs: [{ name: 'history', type: 'messages', required: false }],
    settings: { model: 'lab/echo' },
  });

  await test.step('the value is JSON that is checked with line and column', async () => {
    await page.getByRole('tab', { name: /^Inputs/ }).click();
    const row = page.locator('[data-input-row="history"]');
    await expect(row.locator('.monaco-editor')).toContainText('Good morning!');
    await row.locator('.view-lines').click();
    await paste(page, '[\n{"role": "usr", "content": "{{ hi }}"}]');
    await expect(row.getByRole('status')).toHaveText(/^Line 2, column 10: Message 1 has no role of system/);
    expect(await violations(page, '[aria-label="Inputs"]')).toEqual([]);
    await paste(page, '[{"role": "user", "content": "{{ hi }}"}]');
    await expect(row.getByRole('status')).toHaveCount(0);
    await row.getByRole('button', { name: 'Indent history' }).click();
    await expect(row.locator('.view-lines')).toContainText('"role"');
  });

  await test.step('it is kept as a sample', async () => {
    await page.getByRole('button', { name: 'Keep as a sample' }).click();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect.poll(async () => (await stored()).samples.length).toBe(1);
  });

  await test.step('the preview marks what comes from it, and it is sent', async () => {
    await page.getByRole('tab', { name: /^Preview/ }).click();
    const preview = page.getByRole('region', { name: 'Rendered preview' });
    await expect(preview.getByRole('listitem').first()).toContainText('history');
    await expect(preview.getByRole('listitem').first()).toContainText('{{ hi }}');
    await expect(preview).toContainText('Calls look_up');
    await page.getByRole('button', { name: 'Run', exact: true }).first().click();
    await expect.poll(() => endpoint.requests.length).toBe(1);
    expect(endpoint.requests[0]?.body.messages).toEqual([
      { role: 'user', content: '{{ hi }}' },
      { role: 'user', content: 'Who is Ada?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'A cat.' },
    ]);
  });
});

test('provider parameters of settings, messages and parts are edited as JSON; what is not valid is kept, and follows its message', async ({
  app,
  lab,
}) => {
  const { page } = app;
  const endpoint = await lab.add(app, ['echo']);
  const { stored } = await openPrompt(app, {
    messages: [
      { role: 'user', content: 'One', extra: { cache: true } },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Two' },
          { type: 'text', text: 'Three', extra: { a: 1 } },
        ],
      },
    ],
    settings: { model: 'lab/echo' },
  });
  await page.getByRole('tab', { name: 'Model' }).click();
  await page.getByRole('button', { name: 'Provider parameters of the settings' }).click();
  const settings = page.locator('[data-field="settings/extra"]');
  await settings.locator('.view-lines').click();
  await paste(page, '{"top_k": 40}');
  await expect.poll(async () => (await stored()).settings.extra).toEqual({ top_k: 40 });

  await page.getByRole('button', { name: 'Provider parameters of message 1' }).click();
  const first = page.locator('[data-field="messages/0/extra"]');
  await expect(first.locator('.view-lines')).toContainText('"cache"');
  await first.locator('.view-lines').click();
  await paste(page, '{"cache": ');
  await expect(message(page, 1).getByRole('status')).toContainText('This ends too early to be JSON.');
  expect(await violations(page, '[data-messages]')).toEqual([]);
  await page.getByRole('button', { name: 'Move message 1 of 2' }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await saved(page);
  await page.reload();
  await expect(page.locator('[data-field="messages/1/extra"] .view-lines')).toContainText('{"cache":');
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await expect(page.getByText(/“Provider parameters of message 2” is not valid yet/).first()).toBeVisible();
  await expect(page.locator('[data-field="messages/1/extra"] .monaco-editor')).toHaveClass(/focused/);
  await paste(page, '{}');
  await expect
    .poll(async () => (await stored()).messages)
    .toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Two' },
          { type: 'text', text: 'Three', extra: { a: 1 } },
        ],
      },
      { role: 'user', content: 'One' },
    ]);
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await expect.poll(() => endpoint.requests.length).toBe(1);
  expect(endpoint.requests[0]?.body).toMatchObject({ top_k: 40 });
});

test('renaming an input changes it in every part, and undo in one text takes all of it back', async ({ app }) => {
  const { page } = app;
  const { stored } = await openPrompt(app, {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: '{{ name }}' },
          { type: 'image', input: 'name' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a {{ name }}' },
          { type: 'text', text: 'b {{ name }}' },
        ],
      },
    ],
    inputs: [{ name: 'name', type: 'string' }],
  });
  const before = (await stored()).messages;
  await page.getByRole('button', { name: 'Declaration of name' }).click();
  const field = page.locator('[data-field="inputs/name/name"]');
  await field.fill('photo');
  await field.press('Enter');
  const renamed = JSON.parse(JSON.stringify(before).replaceAll('name', 'photo')) as unknown;
  await expect.poll(async () => (await stored()).messages).toEqual(renamed);
  await part(page, 2, 2).locator('.view-lines').click();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await stored()).messages).toEqual(before);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('!');
  await expect.poll(async () => JSON.stringify((await stored()).messages[1])).toContain('b {{ name }}!');
});
