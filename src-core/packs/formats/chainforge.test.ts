import { expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { documentOf } from '../../contract/message-texts.ts';
import type { Imported } from '../imported.ts';
import { detectedAs, lossLines, readFiles, refusalOf } from '../testing/read-and-write.ts';

interface Node {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

function read(nodes: readonly unknown[], edges: readonly unknown[] = [], more: object = {}): Promise<Imported> {
  return readFiles({ 'my flow.cforge': JSON.stringify({ flow: { nodes, edges, viewport: {} }, ...more }) });
}

function prompt(text: unknown, data: object = {}): Node {
  return { id: 'p', type: 'prompt', data: { prompt: text, ...data } };
}

function edge(source: string, targetHandle: string, sourceHandle = 'output'): unknown {
  return { source, sourceHandle, target: 'p', targetHandle };
}

function shown({ prompts }: Imported, index = 0): readonly string[] {
  return prompts[index]!.content.messages.map(documentOf);
}

test('braces around what nobody would call a name are text, as are escaped ones and openers of Jinja', async () => {
  const imported = await read([prompt('Give {"a": {n}} {n} as {}, \\{x\\}, {{y}} and {# c #} {% z %} \\{{n}\\}.')]);
  expect(imported.prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['n']);
  const { messages } = renderContent(imported.prompts[0]!.content, { n: '1' });
  expect(messages!.map(({ text }) => text)).toEqual(['Give {"a": {n}} 1 as {}, {x}, {{y}} and {# c #} {% z %} {1}.']);
});

test('names of other scripts stay, names with blanks and braces of an edge become legal', async () => {
  const imported = await read([prompt('{größe} {book title} {a:b}')], [edge('none', 'a:b')]);
  expect(shown(imported)).toEqual(['{{ größe }} {{ book_title }} {{ a_b }}']);
  expect(imported.prompts[0]!.inputSources).toEqual({ book_title: 'book title', a_b: 'a:b' });
  expect(lossLines(imported)).toEqual([
    'approximated variable-renamed book title',
    'approximated variable-renamed a:b',
  ]);
});

test('a line with nothing but a setting vanishes, and its value is the system message', async () => {
  const imported = await read([
    prompt('{=system_msg}  \nHi {name}{=temperature}', {
      llms: [{ model: 'm', settings: { system_msg: 'Be {kind}' } }],
    }),
  ]);
  expect(shown(imported)).toEqual(['{{ system_msg }}', 'Hi {{ name }}']);
  expect(imported.prompts[0]!.content.inputs).toEqual([
    { name: 'system_msg', type: 'string', required: false, description: '', default: 'Be {kind}' },
    { name: 'name', type: 'string', required: true, description: '' },
  ]);
  expect(lossLines(imported)).toContain('approximated setting-variable =temperature');
});

test('a system message of the model is text, and what nobody set is left out', async () => {
  const settings = {
    system_msg: 'Answer {{briefly}}',
    temperature: 3,
    top_p: 1,
    stop: [],
    tools: [],
    seed: null,
    tool_choice: '',
  };
  const imported = await read([
    prompt('{q}?', {
      llms: [{ model: 'a/b', temp: 0.2, settings, formData: { api_key: 'sk-1234567890123456789' } }, { model: 'c' }],
    }),
  ]);
  expect(renderContent(imported.prompts[0]!.content, { q: 'x' }).messages!.map(({ text }) => text)).toEqual([
    'Answer {{briefly}}',
    'x?',
  ]);
  expect(imported.prompts[0]!.content.settings).toEqual({ model: 'a/b', topP: 1, fallbacks: [] });
  expect(lossLines(imported)).toEqual(['kept parameter:temperature temperature', 'kept models c']);
  expect(JSON.stringify(imported)).not.toContain('sk-1234');
});

test('variants are prompts of their own; several nodes without titles are numbered', async () => {
  const imported = await read([
    { ...prompt(['one', 'two'], { title: 'Ask / me' }) },
    { id: 'q', type: 'prompt', data: { prompt: 'three', title: 'Prompt Node' } },
    { id: 'r', type: 'prompt', data: { prompt: 'four' } },
    { id: 's', type: 'prompt', data: { prompt: 7 } },
    { id: 't', type: 'prompt', data: { prompt: ' ' } },
  ]);
  expect(imported.prompts.map(({ name }) => name)).toEqual(['ask---me/1', 'ask---me/2', 'my-flow/3', 'my-flow/4']);
});

test('a chat node goes on with the turns before it', async () => {
  const imported = await read([{ id: 'c', type: 'chat', data: { prompt: 'And {x}?' } }]);
  expect(shown(imported)).toEqual(['[placeholder past_chats optional]', 'And {{ x }}?']);
  expect(lossLines(imported)).toEqual(['approximated history c']);
});

test('values of fields and lists combine, rows of a table stay together', async () => {
  const imported = await read(
    [
      prompt('{a} {b} {c} {d}'),
      {
        id: 'f',
        type: 'textfields',
        data: { fields: { f0: '1', f1: 'hidden', f2: '2' }, fields_visibility: { f1: false } },
      },
      { id: 'i', type: 'csv', data: { text: 'x, y' } },
      {
        id: 't',
        type: 'table',
        data: {
          columns: [
            { key: 'c0', header: 'City' },
            { key: 'c1', header: 'Land' },
          ],
          rows: [{ c0: 'Porto', c1: 'PT' }, { c0: 'Ghent' }],
        },
      },
    ],
    [edge('f', 'a'), edge('i', 'b'), edge('t', 'c', 'City'), edge('t', 'd', 'Land'), edge('p', 'a')],
  );
  expect(imported.prompts[0]!.content.samples.map(({ inputs }) => Object.values(inputs).join(' '))).toEqual([
    ...['1 x Porto PT', '1 x Ghent ', '1 y Porto PT', '1 y Ghent '],
    ...['2 x Porto PT', '2 x Ghent ', '2 y Porto PT', '2 y Ghent '],
  ]);
  expect(imported.data).toBeNull();
});

test('a long table is a data set, and its first rows are samples', async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ({ k: `q${index}`, i: 'x' }));
  const imported = await read(
    [
      prompt('{prompt}'),
      {
        id: 't',
        type: 'table',
        data: {
          rows,
          columns: [
            { key: 'k', header: 'Prompt' },
            { key: 'i', header: 'Ideal' },
          ],
        },
      },
    ],
    [edge('t', 'prompt', 'Prompt')],
  );
  expect(imported.prompts[0]!.content.samples).toHaveLength(100);
  expect(imported.data!.rows).toHaveLength(5_000);
  expect(imported.data!.columns).toEqual(['Prompt', 'Ideal']);
  expect(lossLines(imported)).toEqual(['dropped rows p']);
});

test('combinations of many nodes are cut before they are made', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `v${index}`);
  const fields = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, `${index}`]));
  const imported = await read(
    [
      prompt(names.map((name) => `{${name}}`).join(' ')),
      ...names.map((name) => ({ id: name, type: 'textfields', data: { fields } })),
    ],
    names.map((name) => edge(name, name)),
  );
  expect(imported.prompts[0]!.content.samples).toHaveLength(100);
});

test('code, markings and answers are told and left out', async () => {
  const imported = await read(
    [
      prompt('Hi', { fields: [{ text: 'answer' }], n: 3 }),
      { id: 'e', type: 'evaluator', data: { code: 'import os' } },
      { id: 'j', type: 'processor', data: { code: 'x' } },
      { id: 'l', type: 'llmeval', data: { prompt: 'Is it good?' } },
      { id: 'v', type: 'vis', data: {} },
    ],
    [],
    { cache: { 'x.json': 'y'.repeat(2_000) } },
  );
  expect(lossLines(imported)).toEqual([
    'refused code e',
    'refused code j',
    'dropped evaluator l',
    'dropped answers cache',
    'kept parameter:n p.n',
  ]);
  expect(imported.losses[3]!.why).toBe('Answers of earlier runs (2 KiB) are left out.');
  expect(imported.prompts[0]!.metadata).toEqual({ import: { format: 'chainforge', values: { n: 3 } } });
});

test('broken flows are refused with a sentence; broken members are left out', async () => {
  expect(await refusalOf({ 'a.cforge': '{"flow": {' })).toMatchObject({ reason: 'json' });
  expect(await refusalOf({ 'a.cforge': '{"flow": {"nodes": []}}' })).toEqual({
    message: 'a.cforge has no prompt: no node of its flow is one.',
    reason: 'no-prompts',
  });
  expect(await refusalOf({ 'a.json': '{"flow": 5}' }, 'chainforge')).toMatchObject({ reason: 'no-prompts' });
  const imported = await read(
    [
      null,
      5,
      { type: 'prompt' },
      { type: 'prompt', data: { prompt: 'ok', llms: [null, { settings: 'x', model: 5 }] } },
    ],
    [null, {}],
  );
  expect(imported.prompts.map(({ name }) => name)).toEqual(['my-flow']);
  expect(detectedAs('a.json', '{"nodes": []}')).toBeNull();
});
