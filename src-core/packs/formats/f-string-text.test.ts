import { expect, test } from 'vitest';
import { lossLines, readFiles, refusalOf, renderPrompt } from '../testing/read-and-write.ts';

test.each([
  ['Answer {q} from {context}.', 'Answer {{ q }} from {{ context }}.'],
  ['{größe} {приоритет}', '{{ größe }} {{ приоритет }}'],
  ['{a}{b}', '{{ a }}{{ b }}'],
  ['{ "json": {x} }', '{ "json": {{ x }} }'],
  ['{} {0} { x } {x.y} {#a} {x}', '{} {0} { x } {x.y} {{ "{#" }}a} {{ x }}'],
  ['\r\n{x}\r\nb\r\n', '{{ x }}\nb'],
])('%j', async (text, content) => {
  const imported = await readFiles({ 'a.prompt': text });
  expect(imported.format).toBe('f-string-text');
  expect(imported.prompts[0]!.content.messages).toEqual([{ role: 'user', content }]);
  expect(lossLines(imported)).toContain('approximated guessed-syntax');
});

test('a word of Jinja as a name is renamed', async () => {
  const imported = await readFiles({ 'a.txt': '{if} {none}' });
  expect(imported.prompts[0]!.inputSources).toEqual({ if_: 'if', none_: 'none' });
  expect(renderPrompt(imported.prompts[0]!, { if_: 'A', none_: 'B' })).toEqual(['A B']);
});

test('a text without variables is none of it', async () => {
  expect((await refusalOf({ 'a.txt': 'plain' }))?.message).toMatch(/in no format that is read here/);
});
