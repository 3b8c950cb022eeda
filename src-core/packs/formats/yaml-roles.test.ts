import { expect, test } from 'vitest';
import { detectText, importPrompt, importText, lossLines, refusalOf } from '../testing/read-and-write.ts';

test.each([
  ['a.yaml', 'system: S\nuser: U', 'yaml-roles:certain'],
  ['a.prompt.yml', 'user: U', 'yaml-roles:likely'],
  ['a.yaml', 'system: S', 'yaml-roles:likely'],
  ['a.prompt.yml', 'prompt: P\nmodel: {name: m}', 'yaml-roles:likely'],
  ['a.yaml', 'prompt: P', undefined],
  ['a.yaml', 'user: {name: x}', undefined],
  ['a.yaml', 'user: U\nmessages: 5', undefined],
  ['a.yaml', 'user: U\nproviders: [x]', undefined],
])('%s is found: %#', (path, text, first) => {
  expect(detectText(path, text)[0]).toBe(first);
});

test('messages stand in the order of a conversation, whatever the order of the keys', async () => {
  const { content } = await importPrompt(
    'a.yaml',
    'assistant: A\nuser: |\n  U {{q}}\ndeveloper: D\nsystem: S {x} {% y %}\n',
  );
  expect(content.messages).toEqual([
    { role: 'system', content: 'S {x} {{ "{%" }} y %}' },
    { role: 'developer', content: 'D' },
    { role: 'user', content: 'U {{ q }}' },
    { role: 'assistant', content: 'A' },
  ]);
});

test.each([
  ['temperature: 0.5\nmax_tokens: 9', { temperature: 0.5, maxTokens: 9 }, []],
  ['parameters: {top_p: 0.5, top_k: 4}', { topP: 0.5 }, ['kept parameter:top_k parameters.top_k']],
  ['model: {name: m, temperature: 1}', { model: 'm', temperature: 1 }, []],
  ['model: {id: m, parameters: {seed: 3}}', { model: 'm', seed: 3 }, []],
  ['temperature: hot', {}, ['kept parameter:temperature temperature']],
  ['author: me\nvariables: [a]', {}, ['kept unknown-key author', 'kept unknown-key variables']],
  ['api_key: abc', {}, ['refused secret api_key']],
  ['stop: END', { stop: ['END'] }, []],
])('settings: %j', async (text, settings, lines) => {
  const { prompts, losses } = await importText('a.yaml', `user: U\n${text}\n`);
  expect(prompts[0]?.content.settings).toMatchObject(settings);
  expect(lossLines(losses)).toEqual(lines);
});

test('variables of any script and with paths are inputs, illegal ones get a name', async () => {
  const { content, inputSources } = await importPrompt('a.yaml', 'user: "{{ größe }} {{a.b}} {{c-d}} {{ e | f }}"');
  expect(content.messages[0]?.content).toBe('{{ größe }} {{ a.b }} {{ c_d }} {{ "{{" }} e | f }}');
  expect(content.inputs.map(({ name, type }) => [name, type])).toEqual([
    ['größe', 'string'],
    ['a', 'object'],
    ['c_d', 'string'],
  ]);
  expect(inputSources).toEqual({ c_d: 'c-d' });
});

test('CRLF, empty roles and names', async () => {
  const prompt = await importPrompt(
    'x.prompt.yml',
    'name: My Prompt\r\ndescription: D\r\ntags: [a]\r\nsystem:\r\nuser: |\r\n  U\r\n',
  );
  expect(prompt).toMatchObject({ name: 'my-prompt', title: 'My Prompt', description: 'D', tags: ['a'] });
  expect(prompt.content.messages).toEqual([{ role: 'user', content: 'U' }]);
});

test.each([
  ['user: U\nuser: V', 'yaml', 2],
  ['system: S\nuser: U\n__proto__: 1', 'yaml', 3],
  ['user: "  "', 'no-messages', undefined],
  ['[]', 'no-messages', undefined],
  ['', 'no-messages', undefined],
])('refusals say why: %j', async (text, reason, line) => {
  expect(await refusalOf(importText('a.yaml', text, {}, 'yaml-roles'))).toMatchObject({ reason, line });
});
