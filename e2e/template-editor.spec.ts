import type { Page } from '@playwright/test';
import type { PromptContentInput } from '../src-core/contract/content.ts';
import { type App, expect, test } from './support/app.ts';
import { violations } from './support/axe.ts';
import { message } from './support/prompt-page.ts';

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

test('Nunjucks has its own words, colours and mistakes', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'script', {
    messages: [user('Hi {{ tags | dump }}{{ 1 === 1 }}{% if none %}{% else %}!{% endif %}')],
    inputs: [{ name: 'tags', type: 'array<string>', default: ['a', 'b'] }],
  });
  await expect(message(page, 1).locator('.squiggly-error')).toBeVisible();
  await page.getByRole('tab', { name: 'Model', exact: true }).click();
  await page.getByRole('combobox', { name: 'Template syntax' }).click();
  await page.getByRole('option', { name: 'Nunjucks' }).click();
  await expect(message(page, 1).locator('.squiggly-error')).toBeHidden();
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await expect(preview(page)).toContainText('Hi ["a","b"]true!');
  await toEndOf(page, 1);
  await page.keyboard.type(' {{ tags.jo');
  await expect(suggestions(page).getByRole('option', { name: 'join' }).first()).toBeVisible();
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

test('tags close themselves, statements bring their ends, and Mod+/ makes a comment', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'typing', { messages: [user('')], inputs: [{ name: 'topic', type: 'string' }] });
  const text = message(page, 1).locator('.monaco-editor');
  await message(page, 1).locator('.view-lines').click();
  // Ends of tags that are typed although they were inserted already.
  await page.keyboard.type('Don\'t (say) "{{ topic }}" {% if topic %}');
  await page.keyboard.type('yes{% ');
  await expect(suggestions(page).getByRole('option', { name: 'endif' }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(text).toContainText('Don\'t (say) "{{ topic }}" {% if topic %}yes{% endif %}');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n{% for');
  await expect(suggestions(page).getByRole('option', { name: 'for' }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('item');
  await page.keyboard.press('Tab');
  await page.keyboard.type('range(2)');
  await page.keyboard.press('Tab');
  await page.keyboard.type('{{ topic.repl');
  await expect(suggestions(page).getByRole('option', { name: 'replace' }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  const parameter = page.locator('.parameter-hints-widget .parameter.active');
  await expect(parameter).toHaveText('old');
  await page.keyboard.type('"a", ');
  await expect(parameter).toHaveText('new');
  await page.keyboard.type('"b"');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+/');
  await expect
    .poll(async () => (await stored(app, 'typing')).messages[0]?.content)
    .toBe(
      '{# Don\'t (say) "{{ topic }}" {% if topic %}yes{% endif %} #}\n{% for item in range(2) %}\n{{ topic.replace("a", "b") }}\n{% endfor %}',
    );
});

test('a rename is one step back everywhere, says why it cannot be, and who still reads the old name', async ({
  app,
}) => {
  const { page } = app;
  await app.client.prompts.create({ name: 'tone', title: 'tone', content: { messages: [user('About {{ topic }}')] } });
  await openWith(app, 'again', {
    messages: [user('{{ topic }}{{ other }}{% include "tone" %}'), { role: 'assistant', content: 'On {{ topic }}' }],
    inputs: [
      { name: 'topic', type: 'string' },
      { name: 'other', type: 'string' },
    ],
    samples: [{ name: 's', inputs: { topic: 'tea', other: 'x' } }],
  });
  const rename = async (to: string) => {
    await message(page, 1).locator('.view-lines').click();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F2');
    await page.locator('.rename-input').fill(to);
    await page.keyboard.press('Enter');
  };
  const state = async () => {
    const { messages, inputs, samples } = await stored(app, 'again');
    return [messages.map(({ content }) => content), inputs[0]?.name, samples[0]?.inputs];
  };
  await rename('other');
  await expect(page.locator('.monaco-editor-overlaymessage')).toContainText('There is another input "other".');
  await rename('subject');
  const renamed = [
    ['{{ subject }}{{ other }}{% include "tone" %}', 'On {{ subject }}'],
    'subject',
    { subject: 'tea', other: 'x' },
  ];
  await expect.poll(state).toEqual(renamed);
  await page.keyboard.press('Control+z');
  const before = [
    ['{{ topic }}{{ other }}{% include "tone" %}', 'On {{ topic }}'],
    'topic',
    { topic: 'tea', other: 'x' },
  ];
  await expect.poll(state).toEqual(before);
  await expect(page.getByRole('textbox', { name: /^topic/ })).toHaveValue('tea');
  await page.keyboard.press('Control+y');
  await expect.poll(state).toEqual(renamed);
  await message(page, 2).locator('.view-lines').click();
  await page.keyboard.press('Control+z');
  await expect.poll(state).toEqual(before);
  await expect(page.getByText('Included prompts still read "topic"')).toBeVisible();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('tab', { name: /^tone/, selected: true })).toBeVisible();
});

test('F8 goes through the problems of all messages; Escape closes what is open before it leaves the text', async ({
  app,
}) => {
  const { page } = app;
  await openWith(app, 'problems', {
    messages: [user('{{ first }}'), { role: 'assistant', content: '{{ second }}' }, user('{{ 1 | uper }}')],
  });
  const shown = page.locator('.zone-widget .message');
  await expect(message(page, 3).locator('.squiggly-error')).toBeVisible();
  for (const sentence of ['"first" is used', '"second" is used', 'There is no filter "uper".', '"first" is used']) {
    await page.keyboard.press('F8');
    await expect(shown).toHaveCount(1);
    await expect(shown).toContainText(sentence);
  }
  await page.keyboard.press('Escape');
  await expect(shown).toHaveCount(0);
  await expect(message(page, 1).locator('.monaco-editor')).toHaveClass(/focused/);
  await page.keyboard.press('Escape');
  await expect(message(page, 1).getByRole('button', { name: 'Move message 1 of 3' })).toBeFocused();
  await page.getByRole('tab', { name: /^Preview/ }).click();
  await page.getByRole('button', { name: 'Change to “upper”' }).click();
  await expect.poll(async () => (await stored(app, 'problems')).messages[2]?.content).toBe('{{ 1 | upper }}');
});

test('hovers tell what a name is; lists and menus can be read in both themes', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'popups', {
    messages: [user('{% for d in docs %}{{ d.title | truncate(9) }}{% endfor %}')],
    inputs: [{ name: 'docs', type: 'object', schema: { type: 'array' }, default: [{ title: 'Tea' }] }],
  });
  const line = message(page, 1).locator('.view-line');
  await line.getByText('d', { exact: true }).first().hover();
  const hover = page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'item of the loop' });
  await expect(hover).toContainText('{% for d in docs %}');
  await line.getByText('truncate').click();
  await page.mouse.move(5, 5);
  await page.keyboard.press('Shift+F1');
  const help = page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'text | truncate(' });
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(message(page, 1).locator('.monaco-editor')).toHaveClass(/focused/);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' {{ docs | ');
  await expect(suggestions(page)).toBeVisible();
  await expect(page.locator('.suggest-details')).toContainText('list | batch(');
  expect(await violations(page), 'completion').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+F10');
  const menu = page.locator('.monaco-menu');
  await expect(menu.getByRole('menuitem', { name: /^Format Document/ })).toBeVisible();
  const background = await menu.evaluate(
    (element) => getComputedStyle(element.parentElement as Element).backgroundColor,
  );
  expect(background).not.toBe('rgba(0, 0, 0, 0)');
});

test('an editor whose code could not be read comes as soon as it can', async ({ context, host }) => {
  let isAway = true;
  await context.route(/\/assets\/setup-.*\.(js|css)/, (route) =>
    isAway ? route.abort('connectionreset') : route.continue(),
  );
  const page = await context.newPage();
  await page.goto(host.url);
  await page.waitForEvent('requestfailed');
  isAway = false;
  const editor = page.locator('.monaco-editor .view-lines').first();
  await expect(editor).toBeVisible();
  // Its style sheet too: without it the lines would stand in the flow of the page.
  await expect(editor).toHaveCSS('position', 'absolute');
});

test('the form says all that is wrong with values, leads to each, and keeps them as samples', async ({ app }) => {
  const { page } = app;
  await openWith(app, 'form', {
    messages: [user('{{ count }}{{ person }}{{ flag }}')],
    inputs: [
      { name: 'count', type: 'number', default: 3 },
      { name: 'person', type: 'object', schema: { required: ['id'], properties: { id: { type: 'number' } } } },
      { name: 'flag', type: 'boolean' },
      { name: 'spare', type: 'string', default: 'x' },
    ],
  });
  const field = (name: RegExp) => page.getByRole('textbox', { name });
  await field(/^count/).fill('12,5');
  await field(/^person/).fill('{"id": "x"}');
  await expect(page.getByText('Input "count": expected number, but "12,5" came (a string).')).toBeVisible();
  await expect(page.getByText(/^Input "person": .*but \{"id":"x"\} came, which does not: id must be/)).toBeVisible();
  await page.getByRole('button', { name: 'Indent person' }).click();
  await expect(field(/^person/)).toHaveValue('{\n  "id": "x"\n}');
  await page.getByRole('button', { name: 'Declaration of count' }).click();
  await page.getByRole('textbox', { name: 'Default' }).fill('three');
  await expect(page.getByText('Expected a number, as in 0.5.')).toBeVisible();
  await expect(page.getByText('but "12,5" came')).toBeVisible();
  await page.getByRole('textbox', { name: 'Default' }).fill('3');

  await page.getByRole('tab', { name: /^Preview/ }).click();
  await page.getByText('Input "flag" is required').click();
  await expect(page.getByRole('combobox', { name: /^flag/ })).toBeFocused();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(field(/^spare/)).toBeHidden();

  await page.getByRole('button', { name: 'Keep as a sample' }).click();
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect
    .poll(async () => (await stored(app, 'form')).samples)
    .toEqual([{ name: 'Sample 1', inputs: { count: '12,5', person: '{\n  "id": "x"\n}' } }]);
  await field(/^count/).fill('7');
  await page.getByRole('button', { name: 'Samples' }).click();
  await page.getByRole('button', { name: 'Sample 1', exact: true }).click();
  await expect(field(/^count/)).toHaveValue('12,5');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(field(/^count/)).toHaveValue('7');
});
