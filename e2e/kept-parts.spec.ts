import { contentSchema } from '../src-core/contract/content.ts';
import { expect, test } from './support/app.ts';

test('parts, a placeholder and provider parameters are kept by every edit around them', async ({ app }) => {
  const { page, client } = app;
  const content = contentSchema.parse({
    messages: [
      { role: 'system', content: 'Be kind.', extra: { cache: true } },
      { placeholder: 'history', optional: true },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is {{ name }}?' },
          { type: 'image', url: 'https://example.com/cat.png', extra: { a: 1 } },
        ],
      },
    ],
    inputs: [
      { name: 'name', type: 'string' },
      { name: 'history', type: 'messages', required: false },
    ],
    settings: { extra: { top_k: 40 } },
    extra: { b: 2 },
  });
  const { id } = await client.prompts.create({ name: 'parts', content });
  await client.versions.save({ promptId: id, note: '' });
  await page.getByRole('treeitem', { name: /^parts/ }).dblclick();
  const items = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  await expect(items).toHaveCount(3);
  await expect(items.nth(1).getByRole('combobox', { name: 'Input' })).toHaveValue('history');
  await expect(items.nth(1).getByRole('switch', { name: 'Optional' })).toBeChecked();
  await expect(items.nth(2).getByRole('textbox', { name: 'Address' })).toHaveValue('https://example.com/cat.png');
  await expect(items.nth(2).getByRole('button', { name: 'Provider parameters of part 2 of message 3' })).toBeVisible();

  await items.first().locator('.view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Be brief.');
  await items.nth(2).getByRole('button', { name: 'Duplicate message 3' }).click();
  const stored = async () => (await client.prompts.get({ id })).draft.content;
  const [system, placeholder, user] = content.messages;
  const changed = { ...content, messages: [{ ...system, content: 'Be kind. Be brief.' }, placeholder, user, user] };
  await expect.poll(stored).toEqual(changed);
  await expect(items).toHaveCount(4);
});
