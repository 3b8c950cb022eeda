import type { Locator, Page } from '@playwright/test';
import { textOf } from '../src-core/contract/message-texts.ts';
import { fillPrompts } from '../src-host/testing/fill-prompts.ts';
import { type App, expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';

const name = 'support/refund-reply';
const anyDialog = '[role="dialog"]';
const rules = [
  'You are a support agent.',
  'Answer in {{ language }}.',
  'Be kind.',
  'Stick to the facts.',
  'End with a question.',
];

/** What a prompt says, with the sample inputs that rendered differences use. */
const contentOf = (system: readonly string[]) => ({
  messages: [
    { role: 'system' as const, content: system.join('\n') },
    { role: 'user' as const, content: '{{ question }}' },
  ],
  inputs: [
    { name: 'language', type: 'string' as const },
    { name: 'question', type: 'string' as const },
  ],
  samples: [{ name: 'Late parcel', inputs: { language: 'Polish', question: 'Where is my parcel?' } }],
});

/** A prompt whose first version is saved, open in the editor with its history in sight. */
async function openSaved(app: App): Promise<string> {
  const { client, page } = app;
  const { id } = await client.prompts.create({ name, title: 'Refund reply', content: contentOf(rules) });
  await client.versions.save({ promptId: id, note: 'First version' });
  await page.getByRole('treeitem', { name: /Refund reply/ }).dblclick();
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await expect(row(page, 1)).toBeVisible();
  return id;
}

/** Replaces the system message of the draft as another program would, and saves it. */
async function saveSystem(app: App, id: string, system: readonly string[], note: string): Promise<string> {
  const { draft } = await app.client.prompts.get({ id });
  await app.client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf(system) });
  const { version } = await app.client.versions.save({ promptId: id, note });
  return version.id;
}

const row = (page: Page, number: number): Locator =>
  page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: new RegExp(`^v${number} `) });
const toastOf = (page: Page, text: string | RegExp) => page.getByRole('listitem').filter({ hasText: text });
const tab = (page: Page, title: string | RegExp) =>
  page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab', { name: title });

async function versionAction(page: Page, number: number, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for version ${number}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Types at the end of a message of the open prompt. */
async function typeInto(page: Page, text: string): Promise<void> {
  await page.getByRole('list', { name: 'Messages' }).locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
}

test('an edit becomes version 2, shows as a difference, goes to production after a look, and back in one step', async ({
  app,
}) => {
  const { page, client } = app;
  const id = await openSaved(app);
  await client.labels.move({
    promptId: id,
    name: 'production',
    versionId: (await client.versions.find({ ref: name })).id,
    confirm: true,
  });
  await typeInto(page, '\nNever promise a refund.');
  await page.getByRole('button', { name: '1 change since v1' }).click();
  await expect(tab(page, 'refund-reply v1 → draft')).toBeVisible();
  const differences = page.getByRole('region', { name: 'Differences' });
  await expect(differences.locator('.line-insert').first()).toBeVisible();
  await expect(differences).toContainText('Never promise a refund.');
  await page.getByRole('radio', { name: 'Rendered' }).click();
  await expect(differences).toContainText('Answer in Polish.');
  await page.getByRole('radio', { name: 'Source' }).click();

  await tab(page, /^Refund reply/).click();
  await page.keyboard.press('Control+s');
  const saving = page.getByRole('dialog', { name: 'Save version 2' });
  await expect(saving.getByRole('textbox', { name: 'Note' })).toHaveAttribute('placeholder', 'Edited system message');
  await saving.getByRole('textbox', { name: 'Note' }).fill('Legal asked for it');
  await page.keyboard.press('Control+s');
  await expect(row(page, 2)).toContainText('Legal asked for it');
  await expect(row(page, 2)).toContainText('latest');

  await versionAction(page, 2, 'Move a label here…');
  const moving = page.getByRole('dialog', { name: 'Move a label' });
  await moving.getByRole('combobox', { name: 'Label' }).fill('production');
  await expect(moving).toContainText('“production” is protected');
  await expect(moving.getByRole('region', { name: 'What changes' })).toContainText('Never promise a refund.');
  await moving.getByRole('textbox', { name: 'Reason' }).fill('Release 7');
  await moving.getByRole('button', { name: 'Yes, move production' }).click();
  await expect(row(page, 2)).toContainText('production');
  expect((await client.versions.find({ ref: `${name}@production` })).number).toBe(2);

  await page.getByRole('button', { name: 'Label production, at version 2' }).click();
  await page.getByRole('menuitem', { name: 'Roll back…' }).click();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await expect(row(page, 1)).toContainText('production');
  await page.getByRole('button', { name: 'Moves' }).click();
  const moves = page.getByRole('dialog', { name: 'Moves of labels' }).getByRole('listitem');
  await expect(moves).toHaveCount(3);
  await expect(moves.nth(0)).toContainText('rolled back');
  await expect(moves.nth(1)).toContainText('Release 7');
});

test('a version is restored on top, and the toast takes it back', async ({ app }) => {
  const { page, client } = app;
  const id = await openSaved(app);
  await saveSystem(app, id, [...rules, 'Offer a voucher.'], 'Vouchers');
  const system = async () => (await client.prompts.get({ id })).draft.content.messages[0]?.content;
  await row(page, 1).click();
  await expect(tab(page, 'refund-reply v1')).toBeVisible();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(system).toBe(rules.join('\n'));
  expect((await client.prompts.get({ id })).draft.baseVersion?.number).toBe(2);
  await expect(page.getByRole('button', { name: '1 change since v2' })).toBeVisible();
  await toastOf(page, 'Version 1 is in the draft').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(system).toContain('Offer a voucher.');
});

test('what was edited from an old version is a branch, and merging it asks only about what both changed', async ({
  app,
}) => {
  const { page, client } = app;
  const id = await openSaved(app);
  await saveSystem(app, id, [...rules.with(2, 'Be kind and brief.'), 'Sign as Ada.'], 'Brief');
  await expect(row(page, 2)).toBeVisible();
  await versionAction(page, 1, 'Edit from here');
  await expect(page.getByRole('button', { name: 'v1', exact: true })).toBeVisible();
  await saveSystem(app, id, rules.with(0, 'You are a support agent of ACME.').with(2, 'Be warm.'), 'Warm');
  await expect(row(page, 3)).toBeVisible();

  await versionAction(page, 2, 'Merge into draft…');
  await expect(page.getByText('0 of 1 resolved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply to draft' })).toBeDisabled();
  await page.getByRole('button', { name: 'Abandon' }).click();
  expect((await client.prompts.get({ id })).draft.content.messages[0]?.content).toContain('Be warm.');

  await versionAction(page, 2, 'Merge into draft…');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await expect(page.getByText('1 of 1 resolved')).toBeVisible();
  const result = page.getByRole('region', { name: 'Result' }).locator('.monaco-editor');
  await result.locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' Be warm too.');
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('edited');
  await page.getByRole('button', { name: 'Apply to draft' }).click();
  await expect
    .poll(async () => textOf((await client.prompts.get({ id })).draft.content.messages[0]!).split('\n'))
    .toEqual([
      'You are a support agent of ACME.',
      'Answer in {{ language }}.',
      'Be kind and brief. Be warm too.',
      'Stick to the facts.',
      'End with a question.',
      'Sign as Ada.',
    ]);
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('dialog', { name: 'Save version 4' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row(page, 4)).toBeVisible();
  expect((await client.versions.find({ ref: `${name}@4` })).parents).toHaveLength(2);
});

test('blame says which version each line comes from, and a search finds what only an old version says', async ({
  app,
}) => {
  const { page } = app;
  const id = await openSaved(app);
  await saveSystem(app, id, [...rules, 'Mention the zebra clause.'], 'Zebra');
  await saveSystem(app, id, rules.with(2, 'Be kind and brief.'), 'Brief');
  await row(page, 3).click();
  await page.getByRole('switch', { name: 'Blame' }).click();
  const blame = page.getByRole('list', { name: 'Last changes by line' }).first();
  await expect(blame.getByRole('button', { name: /^Line 3 last changed in version 3/ })).toBeVisible();
  await blame.getByRole('button', { name: /^Lines 1 to 2 last changed in version 1/ }).click();
  await expect(tab(page, 'refund-reply v1')).toHaveAttribute('aria-selected', 'true');

  await page.getByRole('searchbox', { name: 'Search prompts' }).fill('zebra');
  const older = page.getByRole('region', { name: 'In older versions and outputs' });
  await expect(older.locator('mark').first()).toHaveText(/zebra/i);
  await older.getByRole('button', { name: /refund-reply v2/ }).click();
  await expect(page.getByRole('region', { name: 'Version 2' })).toContainText('Mention the zebra clause.');

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('zebra');
  await expect(page.getByRole('option', { name: /refund-reply v2/ })).toBeVisible();
});

test('a rename carries includes along, and what others include is not trashed without asking', async ({ app }) => {
  const { page, client } = app;
  const tone = await client.prompts.create({ name: 'support/tone', content: contentOf(['Be kind.']) });
  const user = await client.prompts.create({
    name: 'support/letter',
    content: { messages: [{ role: 'user', content: '{% include "support/tone" %} Dear all' }] },
  });
  const item = page.getByRole('treeitem', { name: /tone/ });
  await item.click();
  await page.keyboard.press('F2');
  const field = page.getByRole('textbox', { name: 'New name of support/tone' });
  await field.fill('support/voice');
  await field.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Rename support/tone' });
  await expect(dialog).toContainText('support/letter');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect
    .poll(async () => (await client.prompts.get({ id: user.id })).draft.content.messages[0]?.content)
    .toBe('{% include "support/voice" %} Dear all');

  await page.getByRole('treeitem', { name: /voice/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  const asking = page.getByRole('dialog', { name: 'Others include this' });
  await expect(asking).toContainText('support/letter');
  await asking.getByRole('button', { name: 'Cancel' }).click();
  expect((await client.prompts.get({ id: tone.id })).status).toBe('active');
});

test('projects group prompts, and chosen prompts are tagged and moved together', async ({ app }) => {
  const { page, client } = app;
  const one = await client.prompts.create({ name: 'billing/one' });
  const two = await client.prompts.create({ name: 'billing/two' });
  await page.getByRole('treeitem', { name: /billing\/one/ }).click();
  await page.getByRole('treeitem', { name: /billing\/one/ }).click({ modifiers: ['Control'] });
  await page.getByRole('treeitem', { name: /billing\/two/ }).click({ modifiers: ['Control'] });
  const bar = page.getByRole('toolbar', { name: 'Actions for the chosen prompts' });
  await expect(bar).toContainText('2 chosen');
  await bar.getByRole('button', { name: 'Tags' }).click();
  await page.getByPlaceholder('Add or take off').fill('urgent');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await client.prompts.get({ id: two.id })).tags).toEqual(['urgent']);
  await bar.getByRole('button', { name: 'Move to project' }).click();
  await page.getByRole('menuitem', { name: 'New project…' }).click();
  await page.getByRole('dialog', { name: 'New project' }).getByRole('textbox', { name: 'Name' }).fill('Billing');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await client.prompts.get({ id: one.id })).project).toBe('Billing');
  await page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Prompts' }).click();
  await page.getByRole('menuitem', { name: /^Billing/ }).click();
  await expect(page.getByRole('treeitem', { name: /billing\// })).toHaveCount(2);
  await expect(page.getByRole('treeitem', { name: /Greeting/ })).toHaveCount(0);
});

test('every step of the draft can be found again, also one that an undo left behind', async ({ app }) => {
  const { page, client } = app;
  const id = await openSaved(app);
  const system = async () => (await client.prompts.get({ id })).draft.content.messages[0]?.content;
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('draft steps');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing typed yet')).toBeVisible();
  const write = async (lines: readonly string[]) => {
    const { revision } = (await client.prompts.get({ id })).draft;
    await client.prompts.saveDraft({ id, revision, content: contentOf(lines), ownStep: true });
  };
  await write([...rules, 'Offer a voucher.', 'Sign as Ada.']);
  await client.prompts.undoDraft({ id });
  await write([...rules, 'Offer nothing.']);

  const steps = page.getByRole('list', { name: 'Draft steps' });
  const left = steps.getByRole('button', { name: /^Edited system message.*2 lines added/ });
  await expect(steps.getByRole('listitem')).toHaveCount(3);
  await expect(steps.locator('[aria-current="step"]')).toContainText('the draft is here');
  expect(await violations(page), 'draft steps').toEqual([]);
  await steps.locator('[aria-current="step"]').focus();
  await page.keyboard.press('ArrowDown');
  await expect(left).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(system).toContain('Sign as Ada.');
  await expect(left).toHaveAttribute('aria-current', 'step');
  await steps.getByRole('listitem').first().hover();
  await steps.getByRole('button', { name: 'Compare with now: Edited system message' }).click();
  await expect(tab(page, /refund-reply step of .* → draft/)).toBeVisible();
  const differences = page.getByRole('region', { name: 'Differences' });
  await expect(differences).toContainText('Offer nothing.');
  await expect(differences).toContainText('Sign as Ada.');
});

test('a result of a merge that is not valid JSON yet is still there after another tab and a reload', async ({
  app,
}) => {
  test.slow();
  const { page, client } = app;
  const id = await openSaved(app);
  const change = async (type: string, note: string | null) => {
    const { draft } = await client.prompts.get({ id });
    const content = { ...draft.content, responseSchema: { type } };
    await client.prompts.saveDraft({ id, revision: draft.revision, content });
    if (note !== null) await client.versions.save({ promptId: id, note });
  };
  await change('object', 'An object');
  await expect(row(page, 2)).toBeVisible();
  await versionAction(page, 1, 'Edit from here');
  await change('array', null);
  await versionAction(page, 2, 'Merge into draft…');
  const result = page.getByRole('region', { name: 'Result' });
  await page.getByRole('button', { name: 'Take ours' }).click();
  await result.locator('.view-lines').click();
  await page.keyboard.press('Control+a');
  // A text in quotes is JSON too; the editor must stay a text editor.
  await page.keyboard.type('"so" half');
  await expect(page.getByText(/is not valid JSON yet/)).toBeVisible();
  const isKept = async () => {
    await expect(result).toContainText('"so" half');
    await expect(page.getByText(/is not valid JSON yet/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply to draft' })).toBeDisabled();
  };
  await tab(page, 'Refund reply').click();
  await tab(page, /^Merge v2/).click();
  await isKept();
  await page.reload();
  await isKept();
});

test('axe finds no serious violation in history, dialogs and merges', async ({ app }) => {
  test.setTimeout(120_000);
  const { page } = app;
  const id = await openSaved(app);
  await saveSystem(app, id, rules.with(0, 'You are an agent of ACME.'), 'ACME');
  await versionAction(page, 1, 'Edit from here');
  await saveSystem(app, id, rules.with(0, 'You are a warm agent.'), 'Warm');
  await expect(row(page, 3)).toBeVisible();
  expect(await violations(page), 'history').toEqual([]);
  await versionAction(page, 1, 'Move a label here…');
  await page.getByRole('dialog', { name: 'Move a label' }).getByRole('combobox', { name: 'Label' }).fill('staging');
  expect(await violations(page, anyDialog), 'moving a label').toEqual([]);
  await page.keyboard.press('Escape');
  await versionAction(page, 2, 'Merge into draft…');
  await page.getByRole('button', { name: 'Take both' }).click();
  await expect(page.getByText('Everything is decided.')).toBeVisible();
  expect(await violations(page), 'merge').toEqual([]);
});

test('axe finds no serious violation in differences and versions', async ({ app }) => {
  test.setTimeout(120_000);
  const { page } = app;
  const id = await openSaved(app);
  await saveSystem(app, id, [...rules, 'Offer a voucher.'], 'Vouchers');
  await expect(row(page, 2)).toBeVisible();
  await versionAction(page, 1, 'Compare with draft');
  await expect(page.locator('.monaco-diff-editor .line-insert').first()).toBeVisible();
  expect(await violations(page), 'difference').toEqual([]);
  await tab(page, /^Refund reply/).click();
  await row(page, 2).click();
  await page.getByRole('switch', { name: 'Blame' }).click();
  await expect(page.getByRole('list', { name: 'Last changes by line' }).first()).toBeVisible();
  expect(await violations(page), 'version').toEqual([]);
});

test('axe finds no serious violation in any dialog about versions, labels and the library', async ({ app }) => {
  test.setTimeout(180_000);
  const { page, client } = app;
  const id = await openSaved(app);
  const [staging, versionId] = ['staging', (await client.versions.find({ ref: name })).id];
  await client.labels.move({ promptId: id, name: staging, versionId });
  await client.prompts.create({
    name: 'support/letter',
    content: { messages: [{ role: 'user', content: `{% include "${name}" %}` }] },
  });
  await typeInto(page, '\nNever promise a refund.');
  const look = async (what: string) => {
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page, anyDialog), what).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await page.keyboard.press('Control+s');
  await look('saving a version');
  await page.getByRole('button', { name: 'Moves' }).click();
  await expect(page.getByRole('dialog')).toContainText('moved by');
  await look('moves of labels');
  await page.getByRole('button', { name: 'Label staging, at version 1' }).click();
  await page.getByRole('menuitem', { name: 'Roll back…' }).click();
  await expect(page.getByRole('textbox', { name: 'Back to' })).toHaveValue('Not set');
  await look('rolling back');
  const item = page.getByRole('treeitem', { name: /^Refund reply/ });
  await item.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Where used…' }).click();
  await expect(page.getByRole('dialog')).toContainText('support/letter');
  await look('where used');
  await item.focus();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: `New name of ${name}` }).fill('support/refund');
  await page.keyboard.press('Enter');
  await look('renaming');
  await page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Prompts' }).click();
  await page.getByRole('menuitem', { name: 'New project…' }).click();
  await look('a new project');
  await item.click({ modifiers: ['Control'] });
  await page
    .getByRole('toolbar', { name: 'Actions for the chosen prompts' })
    .getByRole('button', { name: 'Tags' })
    .click();
  await look('tags of the chosen prompts');
  await page.getByRole('button', { name: '1 change since v1' }).click();
  await page.getByRole('button', { name: /^Before/ }).click();
  await look('choosing what is compared');
});

test('a long history shows at once and is walked with the keyboard', async ({ app }) => {
  const { page, client } = app;
  const prompt = await client.prompts.create({ name: 'long/history', title: 'Long history' });
  let { revision } = prompt.draft;
  for (let number = 1; number <= 150; number += 1) {
    const content = { ...prompt.draft.content, messages: [{ role: 'user' as const, content: `Text ${number}` }] };
    await client.prompts.saveDraft({ id: prompt.id, revision, content });
    const saved = await client.versions.save({ promptId: prompt.id, note: `Note ${number}` });
    revision = saved.prompt.draft.revision;
  }
  await page.getByRole('treeitem', { name: /Long history/ }).dblclick();
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await row(page, 150).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 149)).toBeFocused();
  // The list is read in pages: reaching the end reads the next one.
  await page.keyboard.press('End');
  await expect(row(page, 51)).toBeFocused();
  await expect(async () => {
    await page.keyboard.press('End');
    await expect(row(page, 1)).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(tab(page, 'history v1')).toBeVisible();
  await tab(page, /^Long history/).click();
  await page.getByRole('searchbox', { name: 'Find versions' }).fill('note 77');
  await expect(page.getByRole('list', { name: 'Versions' }).getByRole('listitem')).toHaveCount(1);

  // Every version can be chosen, by search or by scrolling.
  await versionAction(page, 77, 'Move a label here…');
  const moving = page.getByRole('dialog', { name: 'Move a label' });
  const chooser = moving.getByRole('combobox', { name: 'To' });
  await chooser.click();
  const choices = page.getByRole('dialog', { name: 'Versions' });
  await expect(choices).toContainText('150 versions');
  await choices.getByRole('combobox').fill('v3');
  await expect(choices.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(chooser).toHaveText('Version 3');
  await chooser.click();
  await expect(choices.getByRole('option', { name: /^v150 / })).toBeVisible();
  await expect(async () => {
    await choices.getByRole('combobox').press('End');
    await expect(choices.getByRole('option', { name: /^v1 / })).toHaveAttribute('aria-selected', 'true', {
      timeout: 300,
    });
  }).toPass();
  expect(await violations(page, anyDialog), 'choosing a version').toEqual([]);
});

test('folders of thousands are counted at once, jumped through, and moved with everything in them', async ({ app }) => {
  const { page, client } = app;
  const numbered = (folder: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      name: `${folder}/p-${String(i).padStart(4, '0')}`,
      text: i === 0 ? '{% include "mail/p-0001" %}' : 'Hello',
    }));
  fillPrompts(app.dataDir, [...numbered('mail', 300), ...numbered('zoo', 1_200)]);
  await page.reload();
  const tree = page.getByRole('tree', { name: 'Prompts' });
  const folder = (name: RegExp) => tree.getByRole('treeitem', { name, expanded: true });
  await expect(folder(/^mail 300$/)).toBeVisible();
  await folder(/^mail 300$/).focus();
  await page.keyboard.press('End');
  await expect(tree.getByRole('treeitem', { name: /^zoo\/p-1199/ })).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await expect(page.getByRole('toolbar', { name: 'Actions for the chosen prompts' })).toContainText(/1,?50\d chosen/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await folder(/^mail 300$/).focus();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename or move mail' });
  await dialog.getByRole('textbox', { name: 'Path' }).fill('team/post');
  await expect(dialog).toContainText('300 prompts move to a new folder.');
  await expect(dialog).toContainText('Rewrite the includes in 2 drafts');
  expect(await violations(page, anyDialog), 'moving a folder').toEqual([]);
  await dialog.getByRole('button', { name: 'Move folder' }).click();
  await expect(folder(/^post 300$/)).toBeVisible();
  const including = await client.prompts.find({ name: 'zoo/p-0000' });
  expect(including.draft.content.messages[0]?.content).toBe('{% include "team/post/p-0001" %}');
  await toastOf(page, 'mail is now team/post').getByRole('button', { name: 'Undo' }).click();
  await expect(folder(/^mail 300$/)).toBeVisible();
});
