import { contentSchema } from '../src-core/contract/content.ts';
import { expect, test } from './support/app.ts';

/** As many as in a long imported conversation. */
const count = 190;

test('a prompt of 190 messages has editors only near what shows, and each is there where one scrolls, jumps or types', async ({
  app,
}) => {
  const { page } = app;
  const messages = Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: index === 150 ? 'Message 151 {{ nobody }}' : `Message ${index + 1}`,
  }));
  await app.client.prompts.create({ name: 'long', content: contentSchema.parse({ messages }) });
  await page.getByRole('treeitem', { name: /^long/ }).dblclick();
  const items = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  const editors = page.getByRole('main').locator('.monaco-editor[role="code"]');
  const fewEditors = async () => expect(await editors.count()).toBeLessThan(60);
  await expect(items.first().locator('.view-lines')).toContainText('Message 1');
  await expect(items).toHaveCount(count);
  await fewEditors();

  await test.step('typed text stays while its editor is away', async () => {
    await items.first().locator('.view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(', changed');
    await page.getByRole('button', { name: 'Add message' }).focus();
    await expect(items.last().locator('.view-lines')).toContainText(`Message ${count}`);
    await expect(items.first().locator('.monaco-editor')).toHaveCount(0);
    await expect(items.first()).toContainText('Message 1, changed');
    await fewEditors();
    await items.first().scrollIntoViewIfNeeded();
    await expect(items.first().locator('.view-lines')).toContainText('Message 1, changed');
    await items.first().locator('.view-lines').click();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect(items.first().locator('.view-lines')).toContainText(/^Message.1$/);
  });

  await test.step('a problem far away is gone to', async () => {
    await page.keyboard.press('F8');
    await expect(items.nth(150).locator('.view-lines')).toBeInViewport();
    await expect(items.nth(150).locator('.monaco-editor')).toHaveClass(/focused/);
    await fewEditors();
  });

  await test.step('a new message at the end takes what is typed', async () => {
    await page.getByRole('button', { name: 'Add message' }).press('Enter');
    await expect(items).toHaveCount(count + 1);
    await expect(items.last().locator('.monaco-editor')).toHaveClass(/focused/);
    await page.keyboard.type('The last');
    await expect
      .poll(async () => (await app.client.prompts.find({ name: 'long' })).draft.content.messages.at(-1)?.content)
      .toBe('The last');
  });

  await test.step('a version of it is read in the same way', async () => {
    const { id } = await app.client.prompts.find({ name: 'long' });
    await app.client.versions.save({ promptId: id });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('list', { name: 'Versions' }).getByRole('button', { name: /^v1 / }).dblclick();
    await expect(page.getByRole('list', { name: 'Messages' }).locator('.view-lines').first()).toContainText(
      'Message 1',
    );
    await fewEditors();
  });
});
