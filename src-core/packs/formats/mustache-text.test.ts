import { expect, test } from 'vitest';
import { lossLines, readFiles, refusalOf, renderPrompt } from '../testing/read-and-write.ts';

test('a file of Mustache is one message of the user', async () => {
  const imported = await readFiles({
    'mail/Hello.mustache': 'Hi {{name}},\r\n{{#items}}\r\n- {{.}}\r\n{{/items}}\r\n{{> sign}}',
  });
  expect(imported.prompts[0]).toMatchObject({ name: 'mail/hello', includes: ['sign'] });
  expect(lossLines(imported)).toEqual(['approximated mustache-section items', 'approximated html-escape']);
  expect(imported.prompts[0]!.content.inputs.map(({ name, type, required }) => [name, type, required])).toEqual([
    ['name', 'string', true],
    ['items', 'object', false],
  ]);
  const signed = (await readFiles({ 'sign.mustache': 'Yours' })).prompts;
  expect(renderPrompt(imported.prompts[0]!, { name: 'A & B', items: ['x', 'y'] }, signed)).toEqual([
    'Hi A & B,\n- x\n- y\nYours',
  ]);
});

test('other delimiters and an empty file are refused', async () => {
  expect(await refusalOf({ 'a.mustache': 'a\n{{=<% %>=}}' })).toEqual({
    message: 'Other delimiters than "{{" and "}}" are not read, line 2.',
    reason: 'mustache',
    line: 2,
  });
  expect((await refusalOf({ 'a.mustache': ' \n' }))?.message).toBe('a.mustache is empty.');
});
