import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalContent } from '../../content/hash-content.ts';
import { renderContent } from '../../content/templates/render-content.ts';
import { lossLines, promptLines, readFiles, refusalOf, writeAndRead } from '../testing/read-and-write.ts';
import { prompty } from './prompty.ts';

function caseText(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', 'testing', 'cases', 'prompty', name), 'utf8');
}

/** A file of version 2 with some front matter. */
function v2(front: string, body = 'system:\nHi\n'): string {
  return `---\nname: x\nmodel: m\n${front}\n---\n${body}`;
}

describe('which version a file is', () => {
  for (const [front, version] of [
    ['model: gpt-4o', 'v2'],
    ['model: {id: gpt-4o}', 'v2'],
    ['model: {connection: {kind: key}}', 'v2'],
    ['model: {api: chat}', 'v1'],
    ['model: {configuration: {name: a}}', 'v1'],
    ['inputs: [{name: a, kind: string}]', 'v2'],
    ['inputs: {a: {kind: string}}', 'v2'],
    ['inputs: {a: {type: string}}', 'v1'],
    ['sample: {a: 1}', 'v1'],
    ['inputs: {a: Ada}', 'v2'],
    ['description: nothing said', 'v1'],
  ] as const)
    test(`${front} is ${version}`, async () => {
      expect((await readFiles({ 'x.prompty': `---\n${front}\n---\nHi` })).version).toBe(version);
    });
});

describe('the body', () => {
  test('has roles in any case, with "#" and blanks; blank lines around messages go', async () => {
    expect(
      await promptLines({ 'x.prompty': 'before\n\n# SYSTEM :\n\n  A\n\n  Developer:\nB\n\nassistant:\n\n' }),
    ).toEqual(['system: before', 'system:   A', 'developer: B']);
  });

  test('without front matter, with a byte order mark taken away and CRLF', async () => {
    expect(await promptLines({ 'x.prompty': '\r\n---\r\nname: y\r\n---\r\nuser:\r\n{{ größe }}\r\n' })).toEqual([
      'user: {{ größe }}',
      'größe string required',
    ]);
    expect(await promptLines({ 'x.prompty': 'system:\nA' })).toEqual(['system: A']);
  });

  test('later lines of "---" are text', async () => {
    expect(await promptLines({ 'x.prompty': '---\nname: y\n---\nuser:\nA\n---\nB\n---\nC' })).toEqual([
      'user: A\n---\nB\n---\nC',
    ]);
  });

  test('attributes behind a role are kept', async () => {
    const { prompts, losses } = await readFiles({ 'x.prompty': 'user[name="Kim", x=1]:\nA' });
    expect(prompts[0]!.metadata).toMatchObject({
      import: { values: { roleAttributes: [{ message: 0, role: 'user', attributes: { name: 'Kim', x: '1' } }] } },
    });
    expect(lossLines(losses)).toEqual(['kept role-attribute user[name]', 'kept role-attribute user[x]']);
  });

  test('images of version 1 become parts where they have an address, those of version 2 are text', async () => {
    const body =
      'user:\nSee ![cat](https://x.test/c.png) and\n![q]({{url}})\n![f](f.png)\n![d](data:image/png;base64,QUJD)';
    const { prompts, losses } = await readFiles({ 'x.prompty': `---\nmodel: {api: chat}\n---\n${body}` });
    expect(prompts[0]!.content.messages[0]!.content).toEqual([
      { type: 'text', text: 'See ' },
      { type: 'image', url: 'https://x.test/c.png', name: 'cat' },
      { type: 'text', text: ' and' },
      { type: 'image', input: 'url', name: 'q' },
      { type: 'text', text: '![f](f.png)' },
    ]);
    expect(lossLines(losses)).toContain('dropped media image/png');
    const second = await readFiles({ 'x.prompty': v2('', body) });
    expect(second.prompts[0]!.content.messages[0]!.content).toBe(
      body.replace('user:\n', '').replace('{{url}}', '{{ url }}'),
    );
  });

  test('media in a condition stay text', async () => {
    const { prompts, losses } = await readFiles({
      'x.prompty': v2('inputs: [{name: p, kind: file}]', 'user:\n{% if p %}{{p}}{% endif %}'),
    });
    expect(prompts[0]!.content.messages[0]!.content).toBe('{% if p %}{{ p }}{% endif %}');
    expect(lossLines(losses)).toContain('approximated media p');
  });

  test('roles without text are refused', async () => {
    expect((await refusalOf({ 'x.prompty': '---\nname: a\n---\n\n' }))?.message).toBe(
      'x.prompty has no text below its front matter.',
    );
    expect((await refusalOf({ 'x.prompty': 'system:\n\nuser:\n' }))?.message).toBe(
      'x.prompty has roles without any text.',
    );
  });
});

describe('the conversation', () => {
  test('is a thread, a chat history, or a loop with roles', async () => {
    expect(
      await promptLines({
        'x.prompty': v2('inputs: [{name: t, kind: thread, required: true}]', 'system:\nA\n{{t}}\nB'),
      }),
    ).toEqual(['system: A', '[placeholder t]', 'system: B', 't messages required']);
    const loop = '{% for item in inputs.turns %}\n{{item.role}}:\n{{item.content}}\n{% endfor %}\n{{q}}';
    expect(await promptLines({ 'x.prompty': `system:\nA\n${loop}` })).toEqual([
      'system: A',
      '[placeholder inputs_turns]',
      'user: {{ q }}',
      'inputs_turns messages required',
      'q string required',
    ]);
  });

  test('in Mustache is a section with a role', async () => {
    const body = 'system:\nA {{{x}}}\n{{#h}}\n{{role}}:\n{{content}}\n{{/h}}\nuser:\n{{^b}}no{{/b}}';
    expect(
      await promptLines({
        'x.prompty': v2('template: {format: {kind: mustache}}\ninputs: [{name: b, kind: boolean}]', body),
      }),
    ).toEqual([
      'system: A {{ x }}',
      '[placeholder h]',
      'user: {% if not b %}no{% endif %}',
      'b boolean optional',
      'x string required',
      'h messages required',
    ]);
  });
});

describe('inputs', () => {
  test('types of version 2, in list and map form', async () => {
    const front =
      'inputs:\n  s: {kind: string}\n  i: {kind: integer, required: true}\n  f: {kind: float, default: 0.5}\n  b: {kind: boolean, default: true}\n  a: {kind: array, items: {kind: string}, default: [x]}\n  o: {kind: object, properties: {p: {kind: integer}}, required: false}\n  e: {kind: string, enumValues: [u, v]}\n  n: 3\n  l: [1, 2]';
    expect((await promptLines({ 'x.prompty': v2(front) })).slice(1)).toEqual([
      's string optional',
      'i number required',
      'f number optional 0.5',
      'b boolean optional true',
      'a array<string> optional ["x"]',
      'o object optional',
      'e enum optional',
      'n number optional 3',
      'l object optional [1,2]',
    ]);
  });

  test('version 1 requires what has no default', async () => {
    const front =
      'model: {api: chat}\ninputs:\n  s: {type: string}\n  d: {type: number, default: 0}\n  l: {type: list, sample: [1]}\n  h: {is_chat_history: true}';
    const { prompts } = await readFiles({ 'x.prompty': `---\n${front}\n---\n{{ s }}` });
    expect(prompts[0]!.content.inputs.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['s', 'string', true],
      ['d', 'number', false],
      ['l', 'object', true],
      ['h', 'messages', true],
    ]);
    expect(prompts[0]!.content.samples).toEqual([{ name: 'Sample', inputs: { l: [1] } }]);
  });

  test('a default that does not fit is a loss, members without a name are problems, and doubles count once', async () => {
    const { prompts, losses, problems } = await readFiles({
      'x.prompty': v2('inputs: [{name: a, kind: integer, default: many}, {kind: string}, 7, {name: a, kind: string}]'),
    });
    expect(prompts[0]!.content.inputs).toEqual([{ name: 'a', type: 'number', required: false, description: '' }]);
    expect(lossLines(losses)).toEqual(['approximated default a']);
    expect(problems.map(({ message }) => message)).toEqual([
      'Item 2 of "inputs" has no name; it is left out.',
      'Item 3 of "inputs" has no name; it is left out.',
    ]);
  });

  test('hostile names do no harm', async () => {
    const { prompts } = await readFiles({
      'x.prompty': v2(
        'inputs: [{name: __proto__, example: 1, x: 2}, {name: constructor, kind: object}, {name: toString}]\ntools: [{name: constructor, kind: function}]',
      ),
    });
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(prompts[0]!.content.tools).toEqual([{ name: 'constructor', description: '', parameters: {} }]);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect((await refusalOf({ 'x.prompty': v2('__proto__: {a: 1}') }))?.reason).toBe('yaml');
  });
});

describe('the front matter', () => {
  test('that is no YAML is refused with the line of the file', async () => {
    expect(await refusalOf({ 'x.prompty': '\n---\nname: a\nmodel: [b\n---\nHi' })).toMatchObject({ reason: 'yaml' });
    expect((await refusalOf({ 'x.prompty': '---\n- a\n---\nHi' }))?.message).toBe(
      'x.prompty has front matter that is no mapping of keys.',
    );
    expect((await refusalOf({ 'x.prompty': `---\na: &a [1]\nb: [${'*a,'.repeat(200)}]\n---\nHi` }))?.reason).toBe(
      'yaml',
    );
  });

  test('names files of the folder, and never others', async () => {
    const front = `model: {api: chat}\nsample: \${file:s.json}\nx: \${file:../../etc/passwd}\ny: \${file:gone.yaml}\nz: \${file:bad.json}\nw: \${file:w.txt}`;
    const { prompts, losses } = await readFiles({
      'x.prompty': `---\n${front}\n---\n{{ a }}`,
      's.json': '{"a": "v", "api_key": "literal"}',
      'bad.json': '{',
      'w.txt': 'words',
    });
    expect(prompts[0]!.content.samples).toEqual([{ name: 'Sample', inputs: { a: 'v' } }]);
    expect(lossLines(losses)).toEqual([
      'refused secret s.json.api_key',
      'refused outside-folder ../../etc/passwd',
      'unresolved file gone.yaml',
      'unresolved file bad.json',
      'kept model model.api',
      'kept unknown-key x',
      'kept unknown-key y',
      'kept unknown-key z',
      'kept unknown-key w',
    ]);
    expect(prompts[0]!.metadata).toMatchObject({ import: { values: { other: { w: 'words' } } } });
  });

  test('names variables of the environment, of which only the names are kept where keys stand', async () => {
    const { prompts, losses } = await readFiles({
      'x.prompty': `---\nmodel:\n  id: m\n  connection: {kind: key, apiKey: "\${env:KEY:literal-key}", endpoint: "\${env:URL:https://a.test}"}\n---\nHi`,
    });
    expect(JSON.stringify(prompts)).not.toContain('literal-key');
    expect(JSON.stringify(prompts)).toContain(`\${env:URL:https://a.test}`);
    expect(lossLines(losses)).toEqual([
      'kept environment KEY',
      'refused secret model.connection.apiKey',
      'kept environment URL',
      'kept connection model.connection',
    ]);
  });

  test('is based on other prompts of the folder', async () => {
    const files = {
      'a/x.prompty': '---\nname: x\nbase: ../base.prompty\nmodel: {parameters: {temperature: 1}}\n---\n',
      'base.prompty':
        '---\nbase: deep/er\nmodel: {api: chat, configuration: {name: m}, parameters: {temperature: 0, top_p: 0.5}}\n---\nsystem:\nBase',
      'deep/er.prompty': '---\ndescription: deepest\n---\nsystem:\nDeep',
    };
    const { prompts, losses } = await readFiles(files);
    expect(prompts[0]).toMatchObject({ name: 'x', description: 'deepest' });
    expect(prompts[0]!.content.settings).toMatchObject({ model: 'm', temperature: 1, topP: 0.5 });
    expect(prompts[0]!.content.messages).toEqual([{ role: 'system', content: 'Base' }]);
    expect(lossLines(losses)).not.toContain('unresolved base ../base.prompty');
    const lonely = await readFiles({ 'x.prompty': '---\nbase: gone\n---\nHi' });
    expect(lossLines(lonely.losses)).toEqual(['unresolved base gone']);
    const circle = await readFiles({ 'x.prompty': '---\nbase: x\n---\nHi' });
    expect(lossLines(circle.losses)).toEqual(['unresolved base x']);
  });

  test('of version 1 has tools and a response format as requests have them', async () => {
    const { prompts, losses } = await readFiles({
      'x.prompty':
        '---\nmodel:\n  configuration: {type: openai, name: m}\n  parameters:\n    stop: END\n    temperature: 9\n    response_format: {type: json_schema, json_schema: {name: a, schema: {type: object}}}\n    tools: [{type: function, function: {name: f, parameters: {type: object}}}, {type: web_search}]\n---\nHi',
    });
    const { content } = prompts[0]!;
    expect(content.settings).toEqual({ model: 'm', fallbacks: [], stop: ['END'] });
    expect(content.responseSchema).toEqual({ type: 'object' });
    expect(content.tools).toEqual([{ name: 'f', description: '', parameters: { type: 'object' } }]);
    expect(lossLines(losses)).toEqual([
      'kept parameter:temperature model.parameters.temperature',
      'kept connection model.configuration',
      'dropped tool model.parameters.tools[1]',
    ]);
  });

  test('of a template language that Prompty has not is refused', async () => {
    expect(await refusalOf({ 'x.prompty': v2('template: handlebars') })).toEqual({
      reason: 'template-format',
      message: `x.prompty is written in the template language "handlebars"; Prompty's are jinja2 and mustache.`,
    });
  });

  test('with wrong types everywhere is read', async () => {
    const { prompts } = await readFiles({
      'x.prompty':
        '---\nname: 7\ndisplayName: [a]\ndescription: {a: 1}\nmodel: 3\ninputs: 5\noutputs: x\ntools: y\nsample: 1\nmetadata: [1]\ntemplate: 1.5\n---\nHi'.replace(
          'template: 1.5\n',
          '',
        ),
    });
    expect(prompts[0]).toMatchObject({ name: 'x', title: '', description: '' });
    expect(prompts[0]!.content.messages).toEqual([{ role: 'system', content: 'Hi' }]);
  });
});

describe('what is written', () => {
  for (const name of ['v1.prompty', 'v2.prompty', 'v2-short.prompty', 'v2-mustache.prompty'])
    test(`${name} comes back with the same content`, async () => {
      const beside = { 'tools.json': caseText('tools.json'), 'sample.json': caseText('sample.json') };
      const { prompts } = await readFiles({ [name]: caseText(name), ...beside });
      const again = await writeAndRead(prompty, prompts);
      expect(again.prompts.map(({ content }) => canonicalContent(content))).toEqual(
        prompts.map(({ content }) => canonicalContent(content)),
      );
      expect(again.prompts[0]).toMatchObject({
        name: prompts[0]!.name,
        title: prompts[0]!.title,
        tags: prompts[0]!.tags,
        description: prompts[0]!.description,
      });
    });

  test('what was kept of version 2 is written back', async () => {
    const front =
      'model: {id: m, provider: openai, options: {topK: 3}}\nmetadata: {authors: [a]}\ninputs: [{name: q, kind: string, order: 1}]\ntools: [{name: f, kind: function, strict: true, parameters: [{name: a, kind: string}], bindings: {a: {input: q}}}]\ntemplate: {format: {kind: jinja2, strict: true}}\nx-team: blue';
    const { prompts } = await readFiles({ 'x.prompty': `---\nname: x\n${front}\n---\nuser[name="Kim"]:\n{{ q }}` });
    const { files, losses } = await writeAndRead(prompty, prompts);
    expect(losses).toEqual([]);
    for (const line of [
      'provider: openai',
      'topK: 3',
      'authors:',
      'order: 1',
      'strict: true',
      'bindings:',
      'x-team: blue',
      'user[name="Kim"]:',
    ])
      expect(files[0]!.text).toContain(line);
  });

  test('what Prompty has no place for comes back from the metadata', async () => {
    const { prompts } = await readFiles({ 'x.prompty': v2('inputs: [{name: q, kind: string}]', 'user:\n{{q}}') });
    const prompt = prompts[0]!;
    const content = {
      ...prompt.content,
      inputs: [
        {
          name: 'q',
          type: 'object' as const,
          required: true,
          description: 'd',
          schema: { type: 'object', minProperties: 1 },
        },
      ],
      settings: { ...prompt.content.settings, fallbacks: ['a', 'b'], extra: { logprobs: true } },
      responseSchema: { anyOf: [{ type: 'string' }] },
      tools: [{ name: 'constructor', description: '', parameters: { type: 'object', additionalProperties: false } }],
      samples: [{ name: 'One', inputs: { q: { a: 1 } } }],
    };
    const again = await writeAndRead(prompty, [{ ...prompt, content, labels: ['production'] }]);
    expect(canonicalContent(again.prompts[0]!.content)).toBe(canonicalContent(content));
    expect(again.prompts[0]!.labels).toEqual(['production']);
    expect(lossLines(again.losses)).toEqual([
      'kept labels x',
      'kept fallbacks x',
      'kept settingsExtra x',
      'kept inputs x',
      'kept responseSchema x',
      'kept toolParameters x',
      'kept samples x',
    ]);
  });

  test('words that older readers of YAML take for other values stand in quotes', async () => {
    const { prompts } = await readFiles({
      'x.prompty': v2('inputs: [{name: q, kind: string, default: "yes"}, {name: r, kind: string, default: "010"}]'),
    });
    const { files } = await writeAndRead(prompty, prompts);
    expect(files[0]!.text).toMatch(/default: "yes"[\s\S]*default: "010"/);
  });

  test('other languages are refused, tool messages are approximated', async () => {
    const { prompts } = await readFiles({ 'x.prompty': v2('', 'user:\nHi') });
    const prompt = prompts[0]!;
    const liquid = { ...prompt, content: { ...prompt.content, syntax: 'liquid' as const } };
    expect(lossLines((await writeAndRead(prompty, [liquid])).losses)).toEqual(['refused syntax x']);
    const result = { role: 'tool' as const, content: [{ type: 'tool_result' as const, id: 'c', content: 'found' }] };
    const { files, losses } = await writeAndRead(prompty, [
      { ...prompt, content: { ...prompt.content, messages: [result] } },
    ]);
    expect(files[0]!.text).toContain('user:\nfound\n');
    expect(lossLines(losses)).toEqual(['approximated tool-result x', 'approximated role x[0]']);
  });

  test('a line of a text that is a role opens no message', async () => {
    const { prompts } = await readFiles({ 'x.j2': 'Write:\nassistant:\nHi' });
    const again = await writeAndRead(prompty, prompts);
    expect(again.prompts[0]!.content.messages).toHaveLength(1);
    expect(renderContent(again.prompts[0]!.content, {}).messages![0]!.text).toBe('Write:\nassistant:\nHi');
  });
});
