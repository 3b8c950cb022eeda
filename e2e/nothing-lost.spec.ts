import type { Page } from '@playwright/test';
import { contentSchema, type PromptContentInput } from '../src-core/contract/content.ts';
import { type App, expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';
import { holdConnection, saveElsewhere } from './support/contested-draft.ts';
import { message, saved, typeInto } from './support/prompt-page.ts';

const title = (page: Page) => page.getByRole('textbox', { name: 'Title', exact: true });
const nameField = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true });
const schema = (page: Page) => page.getByRole('textbox', { name: 'Response schema' });
const brokenSchema = '{ "type": "object", "properties": { "city": { "type": "string" } }';

async function openWith(app: App, name: string, content: PromptContentInput): Promise<void> {
  await app.client.prompts.create({ name, content: contentSchema.parse(content) });
  await show(app.page, name);
}

async function show(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).dblclick();
  await expect(page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true })).toBeVisible();
  await expect(message(page, 1).locator('.monaco-editor').first()).toBeVisible();
}

const hello: PromptContentInput = { messages: [{ role: 'user', content: 'Hello' }], settings: { model: 'starter' } };

test('a schema with a bracket missing stays as it was typed, badges its tab, and stops Run and Save until it is mended', async ({
  app,
}) => {
  test.slow();
  const { page } = app;
  await openWith(app, 'schema', hello);
  await page.getByRole('tab', { name: /^Model/ }).click();
  await schema(page).fill(brokenSchema);
  await page.getByRole('textbox', { name: 'Temperature' }).fill('hot');
  const modelTab = page.getByRole('tab', { name: /^Model.*2 fields are not valid yet/ });
  await expect(modelTab).toBeVisible();
  await saved(page);

  await test.step('through another panel, another tab, a reload, a crash of the host and another window', async () => {
    await page.getByRole('tab', { name: /^Inputs/ }).click();
    await modelTab.click();
    await expect(schema(page)).toHaveValue(brokenSchema);
    await page.getByRole('tab', { name: 'Greeting' }).click();
    await page.getByRole('tab', { name: /^schema/ }).click();
    await expect(schema(page)).toHaveValue(brokenSchema);
    await page.reload();
    await expect(schema(page)).toHaveValue(brokenSchema);
    await expect(page.getByRole('textbox', { name: 'Temperature' })).toHaveValue('hot');
    await app.restartHost();
    const other = await app.openWindow();
    await expect(schema(other)).toHaveValue(brokenSchema);
    await other.close();
  });

  await test.step('Run and Save name the field', async () => {
    await page.getByRole('textbox', { name: 'Temperature' }).fill('');
    await page.getByRole('tab', { name: /^Inputs/ }).click();
    await page.keyboard.press('Control+Enter');
    const panel = page.getByRole('region', { name: 'Output' });
    await expect(panel.getByRole('alert')).toContainText(/“Response schema” is not valid yet\. This is not valid JSON/);
    await expect(schema(page)).toBeFocused();
    expect((await app.client.runs.list({})).total).toBe(0);
    await page.keyboard.press('Control+s');
    const refusal = page.getByText('The version was not saved');
    await expect(refusal).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await violations(page, '[data-region="editor"]')).toEqual([]);

    await schema(page).fill(`${brokenSchema} }`);
    await expect(panel.getByRole('alert')).toHaveCount(0);
    await expect(refusal).toHaveCount(0);
    await expect(page.getByRole('tab', { name: 'Model', exact: true })).toBeVisible();
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Save version' }).last().click();
    await expect(page.getByText('Saved version 1')).toBeVisible();
    const { draft } = await app.client.prompts.find({ name: 'schema' });
    expect(draft.content.responseSchema).toMatchObject({ type: 'object' });
    expect(draft.typed).toEqual({});
  });
});

test('names of inputs, and defaults, that are not valid yet stay and are said', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'inputs', { messages: hello.messages, inputs: [{ name: 'count', type: 'number' }] });
  await page.getByRole('tab', { name: /^Inputs/ }).click();
  await page.getByRole('button', { name: 'Declaration of count' }).click();
  const side = page.getByRole('tabpanel', { name: /^Inputs/ });
  await side.getByRole('textbox', { name: 'Name' }).fill('1st');
  await side.getByRole('textbox', { name: 'Default' }).fill('many');
  await expect(page.getByRole('tab', { name: /^Inputs.*2 fields are not valid yet/ })).toBeVisible();
  await saved(page);
  await page.reload();
  await page.getByRole('button', { name: 'Declaration of count' }).click();
  await expect(side.getByRole('textbox', { name: 'Name' })).toHaveValue('1st');
  await expect(side.getByRole('textbox', { name: 'Default' })).toHaveValue('many');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/“Name of the input “count”” is not valid yet/)).toBeVisible();
  await side.getByRole('textbox', { name: 'Name' }).fill('first');
  await side.getByRole('textbox', { name: 'Name' }).press('Enter');
  await side.getByRole('textbox', { name: 'Default' }).fill('1');
  await expect(page.getByText('The version was not saved')).toHaveCount(0);
  await expect
    .poll(async () => (await app.client.prompts.find({ name: 'inputs' })).draft.content.inputs)
    .toMatchObject([{ name: 'first', default: 1 }]);
});

test('Title, Tab, Tab leaves the name that the title gave; a bad name stays in its field and stops Save', async ({
  app,
}) => {
  test.slow();
  const { page } = app;
  await expect(title(page)).toBeVisible();
  await page.keyboard.press('Alt+n');
  await expect(title(page)).toBeFocused();
  await page.keyboard.type('Refund Reply');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(nameField(page)).toHaveValue('refund-reply');
  await page.waitForLoadState('networkidle');
  await expect(nameField(page)).toHaveValue('refund-reply');
  expect((await app.client.prompts.find({ name: 'refund-reply' })).title).toBe('Refund Reply');

  await nameField(page).fill('Refund Reply!');
  await title(page).focus();
  await saved(page);
  await page.reload();
  await expect(nameField(page)).toHaveValue('Refund Reply!');
  await expect(nameField(page)).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/“Name of the prompt” is not valid yet/)).toBeVisible();
  await nameField(page).fill('refunds');
  await nameField(page).press('Enter');
  await expect(page.getByRole('tab', { name: /^Refund Reply/ })).toBeVisible();
  await expect(async () => {
    expect((await app.client.prompts.find({ name: 'refunds' })).title).toBe('Refund Reply');
  }).toPass();

  // A taken name is valid, but refused by the host.
  await nameField(page).fill('samples/greeting');
  await nameField(page).press('Enter');
  await expect(nameField(page)).toHaveAttribute('aria-description', /samples\/greeting/);
  await expect(nameField(page)).toHaveValue('samples/greeting');
});

test('a draft that the contract does not allow as a whole keeps all later typing', async ({ app }) => {
  test.slow();
  const { page } = app;
  const inputs = Array.from({ length: 200 }, (_, at) => ({ name: `i${at}`, type: 'string' as const }));
  await openWith(app, 'crowded', { messages: hello.messages, inputs });
  await page.getByRole('tab', { name: /^Inputs/ }).click();
  await page.getByRole('button', { name: 'Declare input' }).click();
  await typeInto(page, 1, ' and later words');
  await saved(page);
  await expect(page.getByRole('tab', { name: /^Inputs.*1 field is not valid yet/ })).toBeVisible();
  await page.reload();
  await expect(message(page, 1)).toContainText('Hello and later words');
  await expect(page.getByRole('tab', { name: /^Inputs.*201/ })).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/“The prompt” is not valid yet\. inputs/)).toBeVisible();
  await page.getByRole('button', { name: 'Declaration of i3', exact: true }).click();
  await page.getByRole('button', { name: 'Remove input' }).click();
  await expect
    .poll(async () => {
      const { draft } = await app.client.prompts.find({ name: 'crowded' });
      return [draft.content.inputs.length, draft.content.messages[0]?.content, Object.keys(draft.typed).length];
    })
    .toEqual([200, 'Hello and later words', 0]);
});

test('what was typed while the host was away outlives the window', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'away', hello);
  await saved(page);
  await app.killHost();
  await typeInto(page, 1, ' from before');
  await expect(page.locator('[data-save="waiting"]')).toBeVisible();
  await page.close();
  await app.startHost();
  const next = await app.openWindow();
  await expect(message(next, 1)).toContainText('Hello from before');
  await expect
    .poll(async () => (await app.client.prompts.find({ name: 'away' })).draft.content.messages[0]?.content)
    .toBe('Hello from before');
});

test('a dialog that fails keeps its text and says why inside it, until it works', async ({ app }) => {
  test.slow();
  const { page } = app;
  await openWith(app, 'dialogs', hello);

  await test.step('saving a version while the host is away', async () => {
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: /^Save version/ });
    await dialog.getByRole('textbox', { name: 'Note' }).fill('A note of some length');
    await app.killHost();
    await dialog.getByRole('button', { name: 'Save version' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(dialog.getByRole('textbox', { name: 'Note' })).toHaveValue('A note of some length');
    await app.startHost();
    // The reason is gone as soon as the host is back.
    await expect(dialog.getByRole('alert')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Save version' }).click();
    await expect(dialog).toHaveCount(0);
    const { id } = await app.client.prompts.find({ name: 'dialogs' });
    expect((await app.client.versions.list({ promptId: id })).items[0]?.note).toBe('A note of some length');
  });

  await test.step('a project whose name is taken', async () => {
    await app.client.library.createProject({ name: 'Taken' });
    await page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Prompts' }).click();
    await page.getByRole('menuitem', { name: 'New project…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New project' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Taken');
    await dialog.getByRole('button', { name: 'Create project' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Taken');
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Taken');
    expect(await violations(page, '[role="dialog"]')).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Free');
    await expect(dialog.getByRole('alert')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Create project' }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step('a model file that is not there', async () => {
    await page.getByRole('button', { name: 'Models', exact: true }).first().click();
    await page.getByRole('button', { name: 'Add model', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Add local model…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a local model' });
    await dialog.getByRole('textbox', { name: 'Path of the file' }).fill('/no/such/model.gguf');
    await dialog.getByRole('button', { name: 'Add model' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(dialog.getByRole('textbox', { name: 'Path of the file' })).toHaveValue('/no/such/model.gguf');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

test('what is typed about models, endpoints, settings and a version outlives a reload, and is given to a host that was away', async ({
  app,
}) => {
  test.slow();
  const { page, client } = app;
  const { id } = await client.models.addEndpoint({ name: 'lab', title: 'Lab', baseUrl: 'http://127.0.0.1:9/v1' });
  await client.models.addRemote({ endpoint: 'lab', model: 'm' });
  await openWith(app, 'held', hello);
  const box = (name: string) => page.getByRole('main').getByRole('textbox', { name, exact: true });

  await test.step('the note of a version', async () => {
    await page.keyboard.press('Control+s');
    const note = page.getByRole('dialog').getByRole('textbox', { name: 'Note' });
    await note.fill('A note that took an hour');
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(message(page, 1)).toBeVisible();
    await page.keyboard.press('Control+s');
    await expect(note).toHaveValue('A note that took an hour');
    await page.getByRole('dialog').getByRole('button', { name: 'Save version' }).click();
    await expect(page.getByText('Saved version 1')).toBeVisible();
  });

  await test.step('a price and a length of context', async () => {
    await page.keyboard.press('Control+4');
    await page.getByText('m', { exact: true }).dblclick();
    await box('Input, $ per million tokens').fill('1.2.3');
    await box('Context length (tokens)').fill('many');
    await page.getByRole('tab', { name: /^held/ }).click();
    await page.getByRole('tab', { name: 'm', exact: true }).click();
    await expect(page.getByText('not "many"')).toBeVisible();
    await page.reload();
    await expect(box('Input, $ per million tokens')).toHaveValue('1.2.3');
    await expect(box('Input, $ per million tokens')).toHaveAttribute('aria-invalid', 'true');
    await expect(box('Output, $ per million tokens')).not.toHaveAttribute('aria-invalid', 'true');
    await expect(box('Context length (tokens)')).toHaveValue('many');
    await box('Input, $ per million tokens').fill('2');
    await box('Input, $ per million tokens').press('Enter');
    await expect
      .poll(async () => (await client.models.list()).find(({ id }) => id === 'lab/m'))
      .toMatchObject({ price: { inputPerMillion: 2 } });
    await app.killHost();
    await box('Title').fill('My model');
    await box('Title').press('Tab');
    await expect(box('Title')).toHaveValue('My model');
    await app.startHost();
    await expect(page.getByRole('tab', { name: 'My model', exact: true })).toBeVisible();
  });

  await test.step('an endpoint, without its key', async () => {
    await page.getByRole('main').getByRole('button', { name: 'Lab', exact: true }).click();
    await box('Base URL').fill('http://127.0.0.1:9/v2/half');
    await box('First byte (s)').fill('ten');
    await box('Key').fill('sk-never-on-disk');
    await page.reload();
    await expect(box('Base URL')).toHaveValue('http://127.0.0.1:9/v2/half');
    await expect(box('First byte (s)')).toHaveValue('ten');
    await expect(box('Key')).toHaveValue('');
    expect(await client.settings.getState({ key: `held.endpoint:${id}` })).toMatchObject({ key: '' });
  });

  await test.step('settings, while the host is away', async () => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await box('Font size').fill('99');
    await box('Font size').press('Enter');
    await expect(page.getByText('Expected a whole number from 8 to 32, not "99".')).toBeVisible();
    await app.killHost();
    await box('Author').fill('Ada');
    await box('Author').press('Tab');
    await app.startHost();
    await expect.poll(async () => (await client.settings.get()).author).toBe('Ada');
    await page.reload();
    await expect(box('Font size')).toHaveValue('99');
    await expect(box('Author')).toHaveValue('Ada');
  });
});

test('a title that is too long stays whole and stops Save; half a tag is still there', async ({ app }) => {
  test.slow();
  const { page } = app;
  await openWith(app, 'long', hello);
  const long = 'T'.repeat(201);
  await title(page).fill(long);
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.keyboard.type('half-a-t');
  await page.keyboard.press('Escape');
  await expect(title(page)).toHaveAttribute('aria-description', /at most 200 characters; this one has 201/);
  await saved(page);
  await page.reload();
  await expect(title(page)).toHaveValue(long);
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await expect(page.getByPlaceholder('Add a tag')).toHaveValue('half-a-t');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/“Title” is not valid yet/)).toBeVisible();
});

test('a click on a prompt while the search has the focus opens that prompt', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'clicked', hello);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('searchbox', { name: 'Search prompts' })).toBeFocused();
  await page.getByRole('treeitem', { name: /^Greeting/ }).dblclick();
  await expect(page.getByRole('tab', { name: 'Greeting', selected: true })).toBeVisible();
});

test('what cannot be undone is asked with the safe button in focus', async ({ app }) => {
  const { page, client } = app;
  const { id } = await client.prompts.create({ name: 'precious', content: contentSchema.parse(hello) });
  await client.prompts.setStatus({ ids: [id], status: 'trashed' });
  await page.getByRole('button', { name: 'Order and filter' }).click();
  await page.getByRole('menuitem', { name: /Trash/ }).click();
  await page
    .getByRole('treeitem', { name: /^precious/ })
    .or(page.getByRole('option', { name: /^precious/ }))
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete for good' }).click();
  const dialog = page.getByRole('dialog', { name: /for good/ });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect((await client.prompts.get({ id })).status).toBe('trashed');
});

test('an error in one region of the window leaves all others at work, and Try again brings it back', async ({
  app,
}) => {
  test.slow();
  const { page } = app;
  await openWith(app, 'regions', hello);
  await test.step('the status bar, the side bar and the header', async () => {
    await page.evaluate(() => {
      const [log10, parse] = [Math.log10, Date.parse];
      const broken = (): never => {
        throw new Error('broken for the test');
      };
      Math.log10 = broken;
      Date.parse = broken;
      Object.assign(window, { mend: () => Object.assign(Math, { log10 }) && Object.assign(Date, { parse }) });
    });
    // The status bar updates its memory figure when a run starts or ends.
    await app.client.runs.start({ content: contentSchema.parse(hello), inputs: {} });
    await expect(page.getByText(/The status bar stopped working/)).toBeVisible({ timeout: 30_000 });
    await typeInto(page, 1, ' there');
    await expect(message(page, 1)).toContainText('Hello there');
    await page.getByRole('searchbox', { name: 'Search prompts' }).fill('reg');
    await expect(page.getByText(/The side bar stopped working/)).toBeVisible();
    await expect(page.getByText(/The header of the prompt stopped working/)).toBeVisible();
    await typeInto(page, 1, ' again');
    await expect(message(page, 1)).toContainText('Hello there again');
    await page.evaluate(() => (window as unknown as { mend: () => void }).mend());
    const again = page.getByRole('button', { name: 'Try again' });
    for (let left = await again.count(); left > 0; left -= 1) await again.first().click();
    await expect(page.getByText('stopped working')).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Status' })).toBeVisible();
    await expect(title(page)).toBeVisible();
  });
  const unexpected = app.problems.splice(0).filter((problem) => !/broken for the test/.test(problem));
  expect(unexpected).toEqual([]);
});

test('a question about two drafts is always about what the other window has now', async ({ app }) => {
  const { page, client } = app;
  await openWith(app, 'contested', hello);
  const connection = await holdConnection(page);
  await expect(message(page, 1)).toContainText('Hello');
  await connection.hold(async () => {
    await typeInto(page, 1, ' mine');
    await saveElsewhere(app, 'contested', 'theirs, first');
  });
  const question = page.getByRole('alert').filter({ hasText: 'another window' });
  await expect(question).toBeVisible();
  await saveElsewhere(app, 'contested', 'theirs, then more');
  await question.getByRole('button', { name: 'See both' }).click();
  await expect(page.getByRole('dialog').getByRole('region', { name: 'Theirs, saved' })).toContainText('then more');
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(message(page, 1)).toContainText('Hello mine');
  const copy = await client.prompts.find({ name: 'contested-copy' });
  expect(copy.draft.content.messages[0]?.content).toBe('Hello mine');
  await page
    .getByRole('tab', { name: /^contested/ })
    .first()
    .click();
  await expect(message(page, 1)).toContainText('theirs, then more');
});

test('every editor is mounted by its component and nothing of it comes from elsewhere', async ({ app }) => {
  const { page } = app;
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  await page.reload();
  await expect(page.locator('section > div > .monaco-editor, section .monaco-editor').first()).toBeVisible();
  await typeInto(page, 1, ' typed');
  expect(urls.filter((url) => !url.startsWith(`${app.origin}/`) && !url.startsWith('blob:'))).toEqual([]);
  expect(urls.some((url) => url.includes('setup'))).toBe(true);
  expect(await page.locator('script[src*="//"]:not([src^="/"])').count()).toBe(0);
});
