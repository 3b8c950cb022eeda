import { describe, expect, test } from 'vitest';
import { lossLines, readFiles, refusalOf, renderPrompt } from '../testing/read-and-write.ts';

const read = async (text: string, path = 'a.prompt') => readFiles({ [path]: text });
const one = async (text: string, path?: string) => (await read(text, path)).prompts[0]!;

describe('Picoschema', () => {
  test('scalars, optional fields, descriptions, enums, maps and arrays', async () => {
    const { content } = await one(`---
model: m
input:
  schema:
    name: string, the customer's name, in full
    age?: integer
    vip?: boolean, whether
    tags(array, words): string
    rows(array): {id: number, note?: string}
    address(object, where): {city: string}
    plain: {x: string}
    size?(enum, how large): [s, m, null]
---
Hi {{name}}`);
    expect(content.inputs).toEqual([
      { name: 'name', type: 'string', required: true, description: "the customer's name, in full" },
      { name: 'age', type: 'number', required: false, description: '' },
      { name: 'vip', type: 'boolean', required: false, description: 'whether' },
      { name: 'tags', type: 'array<string>', required: true, description: 'words' },
      {
        name: 'rows',
        type: 'object',
        required: true,
        description: '',
        schema: {
          type: 'array',
          items: {
            type: 'object',
            properties: { id: { type: 'number' }, note: { type: ['string', 'null'] } },
            required: ['id'],
            additionalProperties: false,
          },
        },
      },
      {
        name: 'address',
        type: 'object',
        required: true,
        description: 'where',
        schema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      },
      {
        name: 'plain',
        type: 'object',
        required: true,
        description: '',
        schema: {
          type: 'object',
          properties: { x: { type: 'string' } },
          required: ['x'],
          additionalProperties: false,
        },
      },
      { name: 'size', type: 'enum', required: false, description: 'how large', values: ['s', 'm'] },
    ]);
  });

  test('JSON Schema is told by its type, and a field named type is none', async () => {
    const json = await one(
      '---\ninput: {schema: {type: object, required: [a], properties: {a: {type: string, description: d}, b: {type: array, items: {type: number}}}}}\n---\n{{a}}',
    );
    expect(json.content.inputs).toEqual([
      { name: 'a', type: 'string', required: true, description: 'd' },
      {
        name: 'b',
        type: 'object',
        required: false,
        description: '',
        schema: { type: 'array', items: { type: 'number' } },
      },
    ]);
    const pico = await one('---\ninput: {schema: {type: "string, what it is", x: number}}\n---\n{{type}}');
    expect(pico.content.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['type', 'string'],
      ['x', 'number'],
    ]);
  });

  test('a name of a schema is unresolved, any takes its type from its use, numbers are no choice', async () => {
    const imported = await read(
      '---\ninput: {schema: {who: Person, list: any, word: any, n(enum): [1, 2], (*): string}}\noutput: {schema: Answer}\n---\n{{who.name}}{{#each list}}{{a}}{{/each}}{{word}}',
    );
    expect(imported.prompts[0]!.content.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'who object',
      'list object',
      'word string',
      'n string',
    ]);
    expect(imported.prompts[0]!.content.responseSchema).toBeNull();
    expect(lossLines(imported)).toEqual([
      'unresolved schema Person',
      'approximated wildcard (*)',
      'approximated type who',
      'approximated type list',
      'approximated type word',
      'approximated type n',
      'unresolved schema Answer',
    ]);
  });

  test('defaults fill what is not given, also of inputs that no schema names', async () => {
    const prompt = await one(
      '---\ninput: {default: {who: Ada, n: 2, xs: [a]}, schema: {who: string}}\n---\n{{who}} {{n}} {{xs}}',
    );
    expect(prompt.content.inputs).toEqual([
      { name: 'who', type: 'string', required: false, default: 'Ada', description: '' },
      { name: 'n', type: 'number', required: false, default: 2, description: '' },
      { name: 'xs', type: 'array<string>', required: false, default: ['a'], description: '' },
    ]);
    expect(renderPrompt(prompt, {})).toEqual(['Ada 2 a']);
  });

  test('a default that does not fit is a loss', async () => {
    const imported = await read('---\ninput: {default: {n: many}, schema: {n: number}}\n---\n{{n}}');
    expect(imported.prompts[0]!.content.inputs[0]).toMatchObject({ name: 'n', type: 'number' });
    expect(lossLines(imported)).toEqual(['approximated default n']);
  });

  test('a schema of many levels ends', async () => {
    const deep = `${'{a: '.repeat(60)}string${'}'.repeat(60)}`;
    const imported = await read(`---\ninput: {schema: {x: ${deep}}}\n---\n{{x}}`);
    expect(imported.losses.map(({ what }) => what)).toEqual(['schema']);
  });
});

describe('front matter', () => {
  test('what has no home is kept; keys are removed', async () => {
    const imported = await read(
      '---\nmodel: m\nversion: 3\nconfig: {temperature: 9, topK: 4, apiKey: sk-1234567890abcdefghij, thinking: {budget: 1}}\noutput: {format: jsonl}\nacme.a: 1\nacme.b.c: {d: 2}\nmine: [1]\nmetadata: {team: x}\n---\nHi',
    );
    expect(imported.prompts[0]!.metadata).toEqual({
      import: {
        format: 'dotprompt',
        values: {
          version: 3,
          output: { format: 'jsonl' },
          mine: [1],
          metadata: { team: 'x' },
          parameters: { temperature: 9, topK: 4, thinking: { budget: 1 } },
          extensions: { 'acme.a': 1, 'acme.b.c': { d: 2 } },
        },
      },
    });
    expect(lossLines(imported)).toEqual([
      'refused secret config.apiKey',
      'kept parameter:temperature config.temperature',
      'kept parameter:topK config.topK',
      'kept parameter:thinking config.thinking',
      'kept output-format output.format',
      'kept version version',
      'kept extension acme.a',
      'kept extension acme.b.c',
      'kept unknown-key mine',
      'kept metadata metadata',
    ]);
  });

  test('tools are names or definitions, and what is neither is dropped', async () => {
    const imported = await read(
      '---\ntools: [find, {name: add, description: Adds, inputSchema: {a: number}}, {description: x}, 7]\n---\nHi',
    );
    expect(imported.prompts[0]!.content.tools).toEqual([
      { name: 'find', description: '', parameters: {} },
      {
        name: 'add',
        description: 'Adds',
        parameters: {
          type: 'object',
          properties: { a: { type: 'number' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    ]);
    expect(lossLines(imported)).toEqual([
      'unresolved tool-definition find',
      'dropped tool tools[2]',
      'dropped tool tools[3]',
    ]);
  });

  test('keys of the wrong types are kept or passed over', async () => {
    const imported = await read(
      '---\nmodel: {a: 1}\nconfig: fast\ninput: [1]\noutput: json\ntools: {}\nname: 5\nvariant: [x]\ndescription: {}\n---\nHi',
    );
    const [prompt] = imported.prompts;
    expect(prompt).toMatchObject({ name: 'a', description: '', content: { settings: { model: null }, tools: [] } });
    expect(lossLines(imported)).toEqual(['dropped tool tools[0]', 'kept model model', 'kept config config']);
  });

  test.each([
    [
      'comment lines and blank lines before, CRLF',
      '# (c)\r\n\r\n---\r\nmodel: m\r\n---\r\nHi {{x}}\r\nthere\r\n',
      'Hi {{ x }}\nthere',
    ],
    ['no front matter', 'Hi {{x}}', 'Hi {{ x }}'],
    ['empty front matter', '---\n---\nHi {{x}}', 'Hi {{ x }}'],
    ['rules that are no front matter', '# A\n---\ntext\n---\n{{x}}', '# A\n---\ntext\n---\n{{ x }}'],
    ['a rule in the body', '---\nmodel: m\n---\na\n---\nb {{x}}', 'a\n---\nb {{ x }}'],
  ])('%s', async (_, text, content) => {
    expect((await one(text)).content.messages).toEqual([{ role: 'user', content }]);
  });

  test.each([
    ['---\nmodel: m\n  bad\n a: b: c\n---\nHi', 2],
    ['---\nmodel: m\nmodel: n\n---\nHi', 3],
    ['---\n__proto__: {a: 1}\n---\nHi', 2],
    ['---\nx: !!js/function "1"\n---\nHi', 2],
  ])('%j is refused with its line', async (text, line) => {
    const refused = await refusalOf({ 'a.prompt': text });
    expect(refused?.message).toMatch(/^The front matter of a\.prompt is not valid YAML, line \d+: /);
    expect(refused?.line).toBe(line);
  });

  test('a file of which nothing would be sent is refused', async () => {
    for (const text of ['', '---\nmodel: m\n---\n', '---\nmodel: m\n---\n{{role "system"}}  {{! c }}'])
      expect((await refusalOf({ 'a.prompt': text }))?.message).toBe(
        'a.prompt has no text: nothing of it would be sent.',
      );
  });
});

describe('names', () => {
  test.each([
    ['support/Größe.prompt', '---\nmodel: m\n---\nx', 'support/grosse'],
    ['support/reply.formal.prompt', 'x {{y}}', 'support/reply.formal'],
    ['a.prompt', '---\nname: My Menu\nvariant: short\n---\nx', 'my-menu.short'],
    ['a.short.prompt', '---\nvariant: short\nmodel: m\n---\nx', 'a.short'],
    ['shared/_rules.prompt', 'x {{y}}', 'shared/rules'],
    ['приоритет.prompt', 'x {{y}}', expect.stringMatching(/^prompt-[0-9a-f]{8}$/) as unknown as string],
  ])('%s', async (path, text, name) => {
    expect((await one(text, path)).name).toEqual(name);
  });

  test('inputs keep names of any script; others are renamed', async () => {
    const prompt = await one('{{größe}} {{приоритет}} {{book-title}} {{if}} {{loop}}{{__proto__}}');
    expect(prompt.content.inputs.map(({ name }) => name)).toEqual([
      'größe',
      'приоритет',
      'book_title',
      'if_',
      'loop_',
      '__proto__',
    ]);
    expect(prompt.inputSources).toEqual({ book_title: 'book-title', if_: 'if', loop_: 'loop' });
  });

  test('a loop gets a variable that no input is called', async () => {
    const prompt = await one('{{item}}{{#each xs}}{{n}}{{/each}}{{#each ys}}{{n}}{{/each}}');
    expect(prompt.content.messages[0]!.content).toBe(
      '{{ item }}{% for item2 in xs %}{{ item2.n }}{% endfor %}{% for item3 in ys %}{{ item3.n }}{% endfor %}',
    );
  });
});

describe('what a file is', () => {
  test.each([
    ['a.prompt', 'Only text', 'dotprompt'],
    ['a.prompt', 'With {x}', 'f-string-text'],
    ['a.prompt', 'With {x} and {{y}}', 'dotprompt'],
    ['a.prompt', '---\nmodel: m\n---\nWith {x}', 'dotprompt'],
    ['_a.prompt', 'Part {{x}}', 'dotprompt-partial'],
    ['a.md', '---\nmodel: m\n---\n{{role "system"}}x', 'dotprompt'],
  ])('%s with %j', async (path, text, format) => {
    expect((await read(text, path)).format).toBe(format);
  });

  test('other files with front matter are not taken for it', async () => {
    const refused = await refusalOf({ 'a.unknown': '---\nmodel: m\n---\nHi {{x}}' });
    expect(refused?.message).toMatch(/in no format that is read here/);
  });
});
