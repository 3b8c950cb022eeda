import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContentFile } from '../../content/files/read-content-file.ts';
import { canonicalContent } from '../../content/hash-content.ts';
import { detectText, importPrompt, importText, lossLines, refusalOf, roundTrip } from '../testing/read-and-write.ts';

test.each([
  ['a.yaml', 'messages: [{role: user, content: x}]\ninputs: [{name: a, type: string}]', 'promptdev:certain'],
  ['a.yaml', 'messages: [{role: user, content: x}]\nsettings: {model: m}', 'promptdev:certain'],
  ['a.json', '{"messages":[{"role":"user","content":"x"}],"samples":[]}', 'promptdev:certain'],
  ['a.yaml', 'template: x\nsyntax: liquid', 'promptdev:certain'],
  ['a.yaml', 'template: x\ntitle: t', 'promptdev:likely'],
  ['a.yaml', 'messages: [{placeholder: h}, {role: user, content: x}]', 'promptdev:likely'],
  ['a.yaml', 'messages: [{role: user, content: x}]', 'promptdev:possible'],
  ['a.md', '---\ninputs: [{name: a, type: string}]\n---\n{{ a }}', 'promptdev:certain'],
  ['a.md', '---\nsettings: {temperature: 1}\n---\n{{ a }}', 'promptdev:certain'],
  ['a.md', '---\ntitle: T\ntags: [x]\n---\nHi', 'markdown:possible'],
  ['a.json', '{"model":"m","messages":[{"role":"user","content":"x"}],"settings":{}}', undefined],
  [
    'a.json',
    '{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}]}',
    'openai-chat:certain',
  ],
  ['a.yaml', 'messages: [{role: user, content: x}]\ninputs: {a: {type: string}}', undefined],
  ['a.yaml', 'messages: 5\ninputs: []', undefined],
  ['a.yaml', '[]', undefined],
  ['a.json', '{', undefined],
])('%s is found: %#', (path, text, first) => {
  const found = detectText(path, text);
  expect(found[0]).toBe(first);
  expect(found.some((each) => each.startsWith('promptdev'))).toBe(first?.startsWith('promptdev') ?? false);
});

test('an own file is read as everywhere else, with nothing added', async () => {
  const text =
    'title: T\ndescription: D\ntags: [a]\nmessages:\n  - {role: user, content: "{{ a }} {{ b }}"}\ninputs: [{name: a, type: number, default: 1.5}]\n';
  const prompt = await importPrompt('folder/My File.yaml', text);
  expect(prompt).toMatchObject({ name: 'my-file', title: 'T', description: 'D', tags: ['a'], includes: [] });
  expect(canonicalContent(prompt.content)).toBe(canonicalContent(readContentFile('x.yaml', text).content));
  expect(prompt.metadata).toEqual({ import: { format: 'promptdev' } });
});

test('front matter above a text, with CRLF and includes', async () => {
  const text =
    '---\r\ntitle: T\r\ninputs: [{name: größe, type: enum, values: [a]}]\r\n---\r\n{% include "x/y@2" %} {{ größe }}\r\n';
  const prompt = await importPrompt('a.md', text);
  expect(prompt.includes).toEqual(['x/y@2']);
  expect(prompt.content.messages).toEqual([{ role: 'user', content: '{% include "x/y@2" %} {{ größe }}\n' }]);
});

test('what is pasted has no ending', async () => {
  expect((await importPrompt('pasted', 'template: x\nsyntax: jinja')).name).toBe('pasted');
  expect((await importPrompt('pasted', '{"template":"x","inputs":[]}')).name).toBe('pasted');
});

test.each([
  ['a.yaml', 'template: x\ninputs: [{name: a, type: nonsense}]', /"inputs\.0\.type" is wrong/],
  ['a.yaml', 'template: x\nsettings: {temperature: 9}', /"settings\.temperature" is wrong/],
  ['a.yaml', 'template: x\nsyntax: erb', /"syntax" is wrong/],
  ['a.yaml', 'template: x\nsettings: {temprature: 1}', /did you mean "temperature"/],
  ['a.yaml', 'messages: []\ninputs: []', /"messages" is wrong/],
  ['a.yaml', 'template: x\nmessages: [{role: user, content: x}]\ninputs: []', /both "template" and "messages"/],
  ['a.yaml', 'messages: [{role: boss, content: x}]\ninputs: []', /"messages\.0\.role" is wrong/],
])('what is wrong in an own file is refused with a sentence: %s %j', async (path, text, message) => {
  expect(await refusalOf(importText(path, text))).toMatchObject({
    message: expect.stringMatching(message),
    reason: 'invalid',
  });
});

test('keys never travel', async () => {
  const { prompts, losses } = await importText('a.yaml', 'template: x\nsettings: {extra: {api_key: abc, user: u}}');
  expect(prompts[0]?.content.settings.extra).toEqual({ user: 'u' });
  expect(lossLines(losses)).toEqual(['refused secret settings.extra.api_key']);
});

test('awkward texts come back the same', async () => {
  for (const text of [
    '---\n',
    '# x',
    ' lead',
    'trail \n\n',
    'a\tb',
    '\u0085\u2028\u0007',
    '"q" \'s\' \\',
    'null',
    '1.10',
    '- a',
    '{{ "x" }}: y',
    '👩‍🚀',
    '%',
    '...',
  ])
    for (const format of ['promptdev', 'promptory']) {
      const prompt = await importPrompt(
        'a.json',
        JSON.stringify({ template: text, title: text, description: text, inputs: [] }),
      );
      const [before, after] = await roundTrip(prompt, format);
      expect(after, JSON.stringify(text)).toBe(before);
    }
});

const cases = join(import.meta.dirname, '..', 'testing', 'cases');
const own = ['vscode-copilot', 'claude-code', 'cursor', 'markdown', 'dakora', 'github-models'];

describe('every case of the formats beside it comes back the same from our own file', () => {
  for (const folder of own)
    for (const file of readdirSync(join(cases, folder))) {
      const path = join(cases, folder, file);
      const expected = JSON.parse(readFileSync(join(cases, folder, 'expected.json'), 'utf8')) as Record<
        string,
        { refuse?: object }
      >;
      if (file === 'expected.json' || statSync(path).isDirectory() || expected[file]?.refuse !== undefined) continue;
      test(`${folder}/${file}`, async () => {
        const prompt = await importPrompt(file, readFileSync(path, 'utf8'));
        for (const id of ['promptdev', 'promptory']) {
          const [before, after] = await roundTrip(prompt, id);
          expect(after, id).toBe(before);
        }
      });
    }
});

test.each([
  ['vscode-copilot/plan.prompt.md', 'vscode-prompt'],
  ['vscode-copilot/fenced.chatmode.md', 'vscode-prompt'],
  ['dakora/letter.yaml', 'dakora'],
  ['dakora/part.yaml', 'dakora-part'],
  ['markdown/calm.md', 'promptory'],
  ['markdown/plain.md', 'markdown'],
])('%s comes back the same from its own format', async (path, id) => {
  const prompt = await importPrompt(path.split('/')[1]!, readFileSync(join(cases, path), 'utf8'));
  const [before, after] = await roundTrip(prompt, id);
  expect(after).toBe(before);
});
