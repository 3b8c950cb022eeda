import { expect, test } from 'vitest';
import { detectText, importPrompt, importText, lossLines, refusalOf } from '../testing/read-and-write.ts';

test.each([
  ['a.mdc', 'x', 'cursor-rule:certain'],
  ['.cursorrules', 'x', 'cursor-rule:certain'],
  ['.cursor/rules/a.md', 'x', 'cursor-rule:certain'],
  ['pasted.md', '---\ndescription:\nglobs: *.ts\nalwaysApply: false\n---\nx', 'cursor-rule:certain'],
])('%s is a rule: %#', (path, text, first) => {
  expect(detectText(path, text)[0]).toBe(first);
});

test.each([
  ['description: a: b: c', 'a: b: c', []],
  ['description: "quoted: yes"', 'quoted: yes', []],
  ["description: 'it''s'", "it''s", []],
  ['description:', '', []],
  ['globs: **/*.ts', '', ['kept globs globs']],
  ['globs:\n  - "*.ts"\n  - *.tsx', '', ['kept globs globs']],
  ['globs: *.ts, *.tsx\nalwaysApply: false', '', ['kept globs globs', 'kept always-apply alwaysApply']],
  ['globs:\nalwaysApply:', '', []],
  ['description: d\nauthor: me', 'd', ['kept unknown-key author']],
  ['no keys at all', '', []],
])('front matter is read key by key, YAML or not: %j', async (matter, description, lines) => {
  const { prompts, losses, problems } = await importText('a.mdc', `---\n${matter}\n---\n\nUse tabs.\n`);
  expect(prompts[0]).toMatchObject({ name: 'a', description });
  expect(prompts[0]?.content.messages).toEqual([{ role: 'system', content: 'Use tabs.' }]);
  expect(lossLines(losses)).toEqual(lines);
  expect(problems).toEqual([]);
});

test('globs and flags are kept as they are', async () => {
  const { metadata } = await importPrompt('a.mdc', '---\nglobs: **/*.ts, *.{js,jsx}\nalwaysApply: true\n---\nx');
  expect(metadata).toEqual({
    import: { format: 'cursor-rule', values: { globs: '**/*.ts, *.{js,jsx}', alwaysApply: true } },
  });
});

test('braces are text: JSX, Vue, Twig', async () => {
  const { content } = await importPrompt('a.mdc', '<A style={{ x: 1 }} /> {{ vue }} {% twig %} {#each} {{a}}');
  expect(content.inputs).toEqual([]);
  expect(content.messages[0]?.content).toBe(
    '{% raw %}<A style={{ x: 1 }} /> {{ vue }} {% twig %} {#each} {{a}}{% endraw %}',
  );
});

test('a file of old is plain text, also where it begins with a rule', async () => {
  const { name, content } = await importPrompt('.cursorrules', '---\ndescription: x\n---\nUse tabs.\n');
  expect(name).toBe('cursorrules');
  expect(content.messages[0]?.content).toBe('---\ndescription: x\n---\nUse tabs.');
});

test('references to files are named', async () => {
  const { losses } = await importText('a.mdc', 'See [x](mdc:src/x.ts), @service.ts and [y](https://y.org).');
  expect(lossLines(losses)).toEqual(['unresolved file-reference src/x.ts', 'unresolved file-reference service.ts']);
});

test('CRLF and a byte order mark change nothing; no text is refused', async () => {
  const plain = await importPrompt('a.mdc', '---\ndescription: d\n---\nOne\nTwo');
  expect(await importPrompt('a.mdc', '\uFEFF---\r\ndescription: d\r\n---\r\nOne\r\nTwo\r\n')).toEqual(plain);
  for (const text of ['', '---\ndescription: d\n---\n'])
    expect(await refusalOf(importText('a.mdc', text))).toEqual({
      message: 'a.mdc has no text to send to a model.',
      reason: 'no-messages',
      line: undefined,
    });
});
