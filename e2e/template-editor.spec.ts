import type { Page } from '@playwright/test';
import type { PromptContentInput } from '../src-core/contract/content.ts';
import { type App, expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';

const message = (page: Page, number: number) =>
  page
    .getByRole('list', { name: 'Messages' })
    .getByRole('listitem')
    .nth(number - 1);
const suggestions = (page: Page) => page.locator('.suggest-widget.visible');
const preview = (page: Page) => page.getByRole('region', { name: 'Rendered preview' });

/** Stores a prompt and opens it. */
async function openWith(app: App, name: string, content: PromptContentInput): Promise<void> {
  const { page, client } = app;
  await client.prompts.create({ name, title: name, content });
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).dblclick();
  await expect(page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true })).toBeVisible();
  await expect(message(page, 1).locator('.monaco-editor .view-lines')).toBeVisible();
}

/** Puts the cursor at the end of a message. */
async function toEndOf(page: Page, number: number): Promise<void> {
  await message(page, number).locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+End');
}

const stored = async (app: App, name: string) => (await app.client.prompts.find({ name })).draft.content;
const user = (content: string) => ({ role: 'user' as const, content });

test('completes inputs, paths, filters, tests, statements and prompt names', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'complete', {
    messages: [user('Start ')],
    inputs: [
      {
        name: 'customer',
        type: 'object',
        schema: { properties: { address: { type: 'object', properties: { city: {} } } } },
      },
    ],
    samples: [{ name: 's', inputs: { customer: { orders: [{ total: 3 }] } } }],
  });
  await toEndOf(page, 1);
  const offer = async (typed: string, label: string) => {
    await page.keyboard.type(typed);
    await expect(suggestions(page).getByRole('option', { name: label }).first()).toBeVisible();
  };
  await offer('{{ cust', 'customer');
  await page.keyboard.press('Enter');
  await offer('.', 'address');
  await offer('addr', 'address');
  await page.keyboard.press('Tab');
  await offer('.', 'city');
  await page.keyboard.press('Escape');
  await page.keyboard.type('city ');
  await offer('| upp', 'upper');
  await page.keyboard.press('Escape');
  await page.keyboard.type('er ');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n');
  await offer('{% for o in customer.orders %}{{ o.', 'total');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' ');
  await offer('{% include "gree', 'greeting');
  await page.keyboard.press('Escape');
});

test('underlines mistakes exactly and mends them with one key', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'mend', { messages: [user('Hi {{ nmae | uper }}')], inputs: [{ name: 'name', type: 'string' }] });
  const editor = message(page, 1).locator('.monaco-editor');
  await expect(editor.locator('.squiggly-error')).toBeVisible();
  await editor.getByText('uper', { exact: false }).first().click();
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < 15; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+.');
  await page.getByRole('option', { name: 'Change to "upper"' }).or(page.getByText('Change to "upper"')).first().click();
  await expect.poll(async () => (await stored(app, 'mend')).messages[0]?.content).toBe('Hi {{ nmae | upper }}');
  await expect(editor.locator('.squiggly-warning')).toBeVisible();
  for (let step = 0; step < 9; step += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+.');
  await page.getByText('Declare input "nmae"').first().click();
  await expect.poll(async () => (await stored(app, 'mend')).inputs.map(({ name }) => name)).toEqual(['name', 'nmae']);
});

test('renames an input in every message, its declaration and the form with F2', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'rename', {
    messages: [
      user('{{ topic }}'),
      { role: 'assistant', content: 'On {{ topic }}: {% for topic in [1] %}{{ topic }}{% endfor %}' },
    ],
    inputs: [{ name: 'topic', type: 'string' }],
    samples: [{ name: 's', inputs: { topic: 'tea' } }],
  });
  await toEndOf(page, 1);
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('F2');
  await page.locator('.rename-input').fill('subject');
  await page.keyboard.press('Enter');
  await expect(message(page, 2)).toContainText('On {{ subject }}');
  await expect
    .poll(async () => (await stored(app, 'rename')).messages.map(({ content }) => content))
    .toEqual(['{{ subject }}', 'On {{ subject }}: {% for topic in [1] %}{{ topic }}{% endfor %}']);
  await expect(page.getByRole('textbox', { name: /^subject/ })).toHaveValue('tea');
});

test('shows what a name is, formats, and opens an included prompt', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'tone', { messages: [user('Be calm.')] });
  await openWith(app, 'docs', {
    messages: [user("{{name|truncate( 9 )}} {% include 'tone' %}")],
    inputs: [{ name: 'name', type: 'string', default: 'Ada' }],
  });
  await message(page, 1).getByText('truncate').hover();
  await expect(page.locator('.monaco-hover').filter({ hasText: 'text | truncate(length=255' })).toBeVisible();
  await toEndOf(page, 1);
  await page.keyboard.press('Alt+Shift+F');
  await expect(message(page, 1)).toContainText("{{ name | truncate(9) }} {% include 'tone' %}");
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('F12');
  await expect(page.getByRole('tab', { name: /^tone/, selected: true })).toBeVisible();
});

test('the preview shows which text came from which input, leads back to it, and counts tokens', async ({ app }) => {
  const { page, client } = app;
  const line = 'Write about {{ topic }} for {{ reader }}.';
  await openWith(app, 'colours', {
    messages: [{ role: 'system', content: 'You are brief.' }, user(line)],
    inputs: [
      { name: 'topic', type: 'string', default: 'tea' },
      { name: 'reader', type: 'string', default: 'a child' },
    ],
    settings: { model: 'starter' },
  });
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await expect(preview(page).locator('[data-input="0"]')).toHaveText('tea');
  await expect(preview(page).locator('[data-input="1"]')).toHaveText('a child');
  const meter = page.locator('[data-token-meter]');
  await expect(meter).toContainText(/about [\d,]+ tokens/);
  await client.models.load({ id: 'starter' });
  await expect(meter).toContainText(/^[\d,]+ tokens/);
  await expect(meter).toHaveAttribute('data-token-meter', 'fits');

  await preview(page).locator('[data-input="1"]').click();
  await page.keyboard.type('>');
  await expect
    .poll(async () => (await stored(app, 'colours')).messages[1]?.content)
    .toBe('Write about {{ topic }} for {{ >reader }}.');
  await page.keyboard.press('Backspace');
  await page.getByRole('button', { name: 'topic', exact: true }).click();
  await page.keyboard.type('<');
  await expect.poll(async () => (await stored(app, 'colours')).messages[1]?.content).toContain('{{ <topic }}');
  await page.keyboard.press('Backspace');
  await expect(preview(page).locator('[data-input="1"]')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('tab', { name: /^Inputs/ }).click();
  await page.getByRole('textbox', { name: /^topic/ }).fill('tea '.repeat(700));
  await expect(page.getByText(/tokens longer than the model’s context/).first()).toBeVisible();
});

test('Liquid has its own words, colours and mistakes', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'fluid', {
    messages: [user('Hi {{ name | upcase }}')],
    inputs: [{ name: 'name', type: 'string', default: 'Ada' }],
  });
  await expect(message(page, 1).locator('.squiggly-error')).toBeVisible();
  await page.getByRole('tab', { name: 'Model', exact: true }).click();
  await page.getByRole('combobox', { name: 'Template syntax' }).click();
  await page.getByRole('option', { name: 'Liquid' }).click();
  await expect(message(page, 1).locator('.squiggly-error')).toBeHidden();
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await expect(preview(page)).toContainText('Hi ADA');
  await toEndOf(page, 1);
  await page.keyboard.type(' {{ name | down');
  await expect(suggestions(page).getByRole('option', { name: 'downcase' }).first()).toBeVisible();
});

test('the preview of 2,000 lines follows every key and draws only what changed', async ({ app }) => {
  const { page } = app;
  const lines = Array.from({ length: 2_000 }, (_, at) =>
    at % 4 === 0 ? `${at}. {{ name }} reads {{ documents[0].title | upper }}.` : `${at}. A line of plain text.`,
  );
  await openWith(app, 'long', {
    messages: [user(lines.join('\n'))],
    inputs: [
      { name: 'name', type: 'string', default: 'Ada' },
      { name: 'documents', type: 'object', schema: { type: 'array' }, default: [{ title: 'tea' }] },
    ],
  });
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await expect(preview(page)).toContainText('0. Ada reads TEA.');
  await message(page, 1).locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+Home');
  const drawn = await page.evaluateHandle(() => {
    const chunks = new Set<Element>();
    const chunkOf = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest('[data-chunk]');
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const chunk = chunkOf(target);
        if (chunk != null) chunks.add(chunk);
      }
    }).observe(document.querySelector('[data-marked]') as Element, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    return chunks;
  });
  for (const [key, start] of [
    ['x', 'x0. Ada'],
    ['y', 'xy0. Ada'],
    ['Enter', 'xy\n0. Ada'],
    ['z', 'xy\nz0. Ada'],
  ] as const) {
    await page.keyboard.press(key);
    await expect
      .poll(() => preview(page).locator('[data-chunk]').first().textContent())
      .toMatch(new RegExp(`^${start}`));
  }
  expect(await drawn.evaluate((chunks) => chunks.size)).toBe(1);
});

test('an error leaves the last preview there', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'stale', { messages: [user('Be kind.')] });
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await expect(preview(page)).toContainText('Be kind.');
  await toEndOf(page, 1);
  await page.keyboard.type(' {{% now');
  await expect(preview(page)).toContainText('Below is the last preview');
  await expect(preview(page)).toContainText('Be kind.');
  expect(await violations(page)).toEqual([]);
  for (let count = 0; count < 7; count += 1) await page.keyboard.press('Backspace');
  await expect(preview(page)).not.toContainText('Below is the last preview');
});
