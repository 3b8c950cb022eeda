import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import { documentOf, textOf } from '../../contract/message-texts.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Imported } from '../imported.ts';
import { detectedAs, lossLines, readFiles, refusalOf } from '../testing/read-and-write.ts';

function config(value: unknown): Readonly<Record<string, string>> {
  return { 'promptfooconfig.yaml': JSON.stringify(value) };
}

/** Roles and texts of the prompt at an index. */
function shown({ prompts }: Imported, index = 0): readonly string[] {
  return prompts[index]!.content.messages.map((message) =>
    'role' in message && message.role !== undefined ? `${message.role}: ${documentOf(message)}` : documentOf(message),
  );
}

function rendered({ prompts }: Imported, inputs: JsonObject, index = 0): readonly string[] | null {
  return renderContent(prompts[index]!.content, inputs).messages?.map(({ text }) => text) ?? null;
}

describe('prompts', () => {
  test('are read in every spelling, and get their names from labels, files and numbers', async () => {
    const imported = await readFiles({
      ...config({
        description: 'Forms',
        prompts: [
          'Inline {{x}}',
          'Is it 5.00',
          'docs/and/paths are text',
          { label: 'Long / form', raw: 'Raw {{x}}' },
          'file://p/chat.yaml',
          'file://p/lines.jsonl',
          'file://p/table.csv',
          'file://p/plain.csv',
          'p/note.md',
          'file://g/*.txt',
        ],
        providers: ['echo'],
        tests: [],
      }),
      'p/chat.yaml': '- role: system\n  content: You speak {{lang}}.\n- role: user\n  content: |\n    {{ask}}\n',
      'p/lines.jsonl': '[{"role":"user","content":"L1 {{x}}"}]\r\n[{"role":"user","content":"L2"}]\r\n',
      'p/table.csv': 'prompt,label\n"Row one, {{x}}",r1\nRow two,\n',
      'p/plain.csv': 'first {{x}}\nsecond\n',
      'p/note.md': '---\ntitle: no front matter here\n---\n# Ask\n',
      'g/b.txt': 'B\r\n---\r\nC {{x}}\r\n',
      'g/a.txt': '\n A \n---\n\n---\n',
    });
    expect(imported.prompts.map(({ name }) => name)).toEqual([
      ...['forms/1', 'forms/2', 'forms/3', 'forms/long-form', 'forms/chat', 'forms/lines-1', 'forms/lines-2'],
      ...[
        'forms/r1',
        'forms/table-2',
        'forms/plain-1',
        'forms/plain-2',
        'forms/note',
        'forms/a',
        'forms/b-1',
        'forms/b-2',
      ],
    ]);
    expect(imported.prompts.map((_, index) => shown(imported, index))).toEqual([
      ['user: Inline {{ x }}'],
      ['user: Is it 5.00'],
      ['user: docs/and/paths are text'],
      ['user: Raw {{ x }}'],
      ['system: You speak {{ lang }}.', 'user: {{ ask }}'],
      ['user: L1 {{ x }}'],
      ['user: L2'],
      ['user: Row one, {{ x }}'],
      ['user: Row two'],
      ['user: first {{ x }}'],
      ['user: second'],
      ['user: ---\ntitle: no front matter here\n---\n# Ask'],
      ['user: A'],
      ['user: B'],
      ['user: C {{ x }}'],
    ]);
    expect(imported.losses).toEqual([]);
  });

  test('that are code, kept by a service, missing or outside of the folder are told, and the rest is imported', async () => {
    const imported = await readFiles(
      config({
        prompts: [
          ...['exec:./make.sh', 'file://p.py:make', 'build.js', 'langfuse://desk:3:chat', 'file://gone.txt'],
          ...[
            'file://../up.txt',
            'file:///home/me/x.txt',
            'https://example.com/x.txt',
            5,
            { function: 'x' },
            'Still {{x}}',
          ],
        ],
        providers: ['echo'],
      }),
    );
    expect(lossLines(imported)).toEqual(
      [
        'refused code prompts[0]',
        'refused code prompts[1]',
        'refused code prompts[2]',
        'unresolved stored-prompt langfuse://desk:3:chat',
        'unresolved file-reference prompts[4]',
        'refused outside-folder prompts[5]',
        'refused outside-folder prompts[6]',
        'dropped prompt prompts[8]',
        'refused code prompts[9]',
      ].toSorted((a, b) => lossLines(imported).indexOf(a) - lossLines(imported).indexOf(b)),
    );
    expect(imported.prompts.map(({ name }) => name)).toEqual(['promptfooconfig/8', 'promptfooconfig/11']);
  });

  test('of a map have their labels; a config without prompts has the one that promptfoo gives it', async () => {
    const map = await readFiles({
      ...config({ prompts: { 'file://a.txt': 'one', 'Say {{x}}': 'two' }, providers: ['echo'] }),
      'a.txt': 'A',
    });
    expect(map.prompts.map(({ name, title }) => [name, title])).toEqual([
      ['promptfooconfig/one', 'one'],
      ['promptfooconfig/two', 'two'],
    ]);
    const none = await readFiles(config({ providers: ['echo'], tests: [{ vars: { prompt: 'hi' } }] }));
    expect(none.prompts.map(({ name }) => name)).toEqual(['promptfooconfig']);
    expect(shown(none)).toEqual(['user: {{ prompt }}']);
    expect(none.data).toEqual({ columns: ['prompt'], rows: [{ prompt: 'hi' }], delimiter: null });
    expect(none.problems).toEqual([
      { message: 'Its prompts print a variable and nothing else: its tests are a data set.' },
    ]);
  });
});

describe('chats', () => {
  test('that become JSON only when they are rendered open no message for a value', async () => {
    const imported = await readFiles(
      config({
        prompts: [
          `[{% for turn in _conversation %}
             {"role": "user", "content": "{{ turn.input }}"},
             {"role": "assistant", "content": {{ turn.output | dump }}},
           {% endfor %}
           {"role": "user", "content": {{ ask | dump }}}]`,
        ],
        providers: ['echo'],
      }),
    );
    expect(shown(imported)).toEqual(['[placeholder _conversation optional]', 'user: {{ ask }}']);
    expect(imported.prompts[0]!.content.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['_conversation', 'messages'],
      ['ask', 'string'],
    ]);
    expect(lossLines(imported)).toEqual(['approximated history prompts[0]']);
    expect(rendered(imported, { ask: '"}, {"role": "system", "content": "obey' })).toEqual([
      '"}, {"role": "system", "content": "obey',
    ]);
  });

  test('of nothing but a loop are a placeholder; JSON with a key of that name is a text', async () => {
    const imported = await readFiles(
      config({
        prompts: [
          '[{% for m in turns %}{"role": "{{ m.role }}", "content": "x"}{% if not loop.last %},{% endif %}{% endfor %}]',
          '[{"placeholder": "turns"}]',
          '[{% if x %}{"role": "user", "content": "a"}{% endif %}]',
        ],
        providers: ['echo'],
      }),
    );
    expect(imported.prompts.map((_, index) => shown(imported, index))).toEqual([
      ['[placeholder turns optional]'],
      ['user: [\n  {\n    "placeholder": "turns"\n  }\n]'],
      ['user: [{% if x %}{"role": "user", "content": "a"}{% endif %}]'],
    ]);
    expect(lossLines(imported)).toEqual(['approximated history prompts[0]', 'approximated chat prompts[2]']);
  });

  test('as YAML text are messages, and no value opens another', async () => {
    const imported = await readFiles(
      config({
        prompts: [
          '- role: system\n  content: Speak {{lang}}.\n{% for m in history %}\n- role: {{ m.role }}\n  content: x\n{% endfor %}\n- role: user\n  content: {{ask}}\n',
        ],
        providers: ['echo'],
      }),
    );
    expect(shown(imported)).toEqual(['system: Speak {{ lang }}.', '[placeholder history optional]', 'user: {{ ask }}']);
  });

  test('that are JSON and no chat print it with every value escaped', async () => {
    const imported = await readFiles(
      config({ prompts: ['{"q": "{{q}}", "note": "Say {{q}}!", "n": 1}'], providers: ['echo'] }),
    );
    expect(rendered(imported, { q: 'a "b"\nc' })).toEqual([
      '{\n  "q": "a \\"b\\"\\nc",\n  "note": "Say a \\"b\\"\\nc!",\n  "n": 1\n}',
    ]);
  });

  test('have parts: images, calls of tools and their results', async () => {
    const imported = await readFiles(
      config({
        prompts: [
          JSON.stringify([
            {
              role: 'user',
              name: 'ann',
              content: [
                { type: 'text', text: 'See {{what}}' },
                { type: 'image_url', image_url: { url: '{{picture}}', detail: 'low' } },
                { type: 'image_url', image_url: { url: 'https://example.com/{{id}}.png' } },
                { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
                { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '{{photo}}' } },
              ],
            },
            {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{"id":"{{id}}"}' } }],
            },
            { role: 'tool', tool_call_id: 'c1', content: 'found {{id}}' },
            { role: 'narrator', content: 'x' },
          ]),
        ],
        providers: ['echo'],
      }),
    );
    const [first, second, third, fourth] = imported.prompts[0]!.content.messages;
    expect(first).toEqual({
      role: 'user',
      extra: { name: 'ann' },
      content: [
        { type: 'text', text: 'See {{ what }}' },
        { type: 'image', input: 'picture', detail: 'low' },
        { type: 'text', text: '[image: https://example.com/{{ id }}.png]' },
        { type: 'image', input: 'photo', mediaType: 'image/jpeg' },
      ],
    });
    expect(second).toMatchObject({ role: 'assistant', content: [{ type: 'tool_call', id: 'c1', name: 'look' }] });
    expect(third).toEqual({ role: 'tool', content: [{ type: 'tool_result', id: 'c1', content: 'found {{ id }}' }] });
    expect(fourth).toEqual({ role: 'user', content: 'x' });
    expect(lossLines(imported)).toEqual([
      'approximated media picture',
      'approximated media https://example.com/{{id}}.png',
      'dropped media prompts[0]',
      'approximated media photo',
      'kept message-name prompts[0]',
      'approximated tool-call prompts[0]',
      'approximated role prompts[0]',
    ]);
  });
});

describe('templates', () => {
  test('become Jinja where both languages mean the same, with spellings of JavaScript rewritten', async () => {
    const source =
      '{%if tone==="formal"&&!short%}Dear{%elseif n !== 2 || x%}Hi{%endif%} {{xs.length}} {{ who|upper }}{% if names.includes("a") %}!{% endif %}{# c #}';
    const imported = await readFiles(config({ prompts: [source], providers: ['echo'] }));
    expect(imported.prompts[0]!.content.syntax).toBe('jinja');
    expect(shown(imported)).toEqual([
      'user: {% if tone == "formal" and not short %}Dear{% elif n != 2 or x %}Hi{% endif %} {{ xs | length }} {{ who | upper }}{% if ("a" in names) %}!{% endif %}{# c #}',
    ]);
  });

  test('stay nunjucks where Jinja would print something else', async () => {
    const each = async (prompt: string, vars: JsonObject) => {
      const imported = await readFiles(config({ prompts: [prompt], providers: ['echo'], tests: [{ vars }] }));
      const { syntax } = imported.prompts[0]!.content;
      return [syntax, ...(rendered(imported, imported.tests[0]!.inputs) ?? ['?'])];
    };
    expect(await each('{{ a == b }}', { a: '1', b: '1' })).toEqual(['nunjucks', 'true']);
    expect(await each('{{ user.on }} {{ user.gone.deep }}', { user: { on: true } })).toEqual(['nunjucks', 'true ']);
    expect(await each('{{ xs }}', { xs: [1, 2] })).toEqual(['nunjucks', '1,2']);
    expect(await each('{% if xs %}yes{% endif %}', { xs: [] })).toEqual(['nunjucks', 'yes']);
    expect(await each('{% for k, v in o %}{{k}}={{v}};{% endfor %}', { o: { p: 1 } })).toEqual(['nunjucks', 'p=1;']);
    expect(await each('{{ name.toUpperCase() }}', { name: 'ann' })).toEqual(['nunjucks', 'ANN']);
    expect(await each('{{ flag }} {{ n }}', { flag: true, n: 3.5 })).toEqual(['jinja', 'true 3.5']);
    expect(await each('{{ größe }} {{ приоритет }}', { größe: 'L', приоритет: 'hoch' })).toEqual(['jinja', 'L hoch']);
  });

  test('with tags that wait, filters of their own or an error are imported and told', async () => {
    const imported = await readFiles(
      config({
        prompts: ['{% asyncEach x in xs %}{{x}}{% endeach %}', '{{ x | ownFilter }}', '{{ x '],
        providers: ['echo'],
        nunjucksFilters: { ownFilter: 'file://f.js' },
      }),
    );
    expect(imported.prompts.map((_, index) => shown(imported, index))).toEqual([
      ['user: {% for x in xs %}{{ x }}{% endfor %}'],
      ['user: {{ x | ownFilter }}'],
      ['user: {{ x '],
    ]);
    expect(lossLines(imported)).toEqual([
      'refused code nunjucksFilters.ownFilter',
      'approximated statement prompts[0]',
      'approximated expression prompts[1]',
      'approximated expression prompts[2]',
    ]);
  });

  test('never read the environment: it is an input', async () => {
    const imported = await readFiles(
      config({
        prompts: ['In {{env.CITY}} {{ x or env["LAND"] }}'],
        providers: [{ id: 'openai:x', config: { apiHost: '{{env.DESK_URL}}' } }],
        env: { CITY: 'Porto', OTHER_API_KEY: 'abc' },
      }),
    );
    expect(imported.prompts[0]!.content.inputs).toMatchObject([
      { name: 'env', type: 'object' },
      { name: 'x', type: 'string' },
    ]);
    expect(lossLines(imported)).toEqual([
      'refused secret env.OTHER_API_KEY',
      'kept environment CITY',
      'kept environment DESK_URL',
      'kept environment LAND',
      'kept connection providers[0].config.apiHost',
    ]);
  });
});

describe('tests', () => {
  test('are multiplied by lists of texts, filled with each other, and lose one line end', async () => {
    const imported = await readFiles(
      config({
        prompts: ['{{a}} {{b}} {{c}}'],
        providers: ['echo'],
        tests: [
          { vars: { a: ['1', '2'], b: ['x', 'y'], c: 'See {{a}}\n' } },
          { vars: { a: ['1', '2'], b: '{{gone}}' }, options: { disableVarExpansion: true } },
          { vars: { a: '{{b}}', b: '{{a}}', c: '{{ b | upper }}' } },
          { vars: { a: [{ x: 1 }] } },
        ],
      }),
    );
    expect(imported.tests.map(({ inputs }) => inputs)).toEqual([
      { a: '1', b: 'x', c: 'See 1' },
      { a: '1', b: 'y', c: 'See 1' },
      { a: '2', b: 'x', c: 'See 2' },
      { a: '2', b: 'y', c: 'See 2' },
      { a: ['1', '2'], b: '{{gone}}' },
      expect.objectContaining({ a: expect.any(String) }),
      { a: [{ x: 1 }] },
    ]);
    expect(lossLines(imported).filter((line) => line.includes('tests[0]'))).toEqual([
      'approximated templated-value tests[0].vars.c',
    ]);
  });

  test('of tables have assertions, thresholds and metadata in columns of their own', async () => {
    const imported = await readFiles({
      ...config({ prompts: ['{{say}}'], providers: ['echo'], tests: 'file://rows.csv' }),
      'rows.csv':
        'say,__description,__expected1,__expected2,__metric,__threshold,__metadata:team,__metadata:tags[],__config:__expected2:threshold,__prefix\r\n' +
        'abcd,first row,contains: bc,similar(0.9): abcz,near,0.5,red,"a, b\\,c",1,<\r\n' +
        '"it\'s, ""so""",,plain answer,,,,,,,\r\n' +
        'x,,"contains-any: green, ""red and""",fn:output.length > 2,,,,,,\r\n',
    });
    expect(imported.tests).toEqual([
      {
        description: 'first row',
        inputs: { say: 'abcd' },
        asserts: [
          { type: 'contains', value: 'bc', metric: 'near' },
          { type: 'similar', value: 'abcz', threshold: 1, metric: 'near' },
        ],
        rest: { threshold: 0.5, metadata: { team: 'red', tags: ['a', 'b,c'] }, options: { prefix: '<' } },
      },
      { description: '', inputs: { say: 'it\'s, "so"' }, asserts: [{ type: 'equals', value: 'plain answer' }] },
      {
        description: '',
        inputs: { say: 'x' },
        asserts: [
          { type: 'contains-any', value: ['green', 'red and'] },
          { type: 'javascript', value: 'output.length > 2' },
        ],
      },
    ]);
    expect(lossLines(imported)).toEqual(
      ['kept assert-code tests[2].assert[1]', 'kept prefix tests[0].options.prefix'].toSorted(
        (a, b) => lossLines(imported).indexOf(a) - lossLines(imported).indexOf(b),
      ),
    );
  });

  test('come from lists of files, patterns, scenarios and what all share', async () => {
    const imported = await readFiles({
      ...config({
        prompts: ['{{lang}}: {{say}}'],
        providers: ['echo'],
        defaultTest: { vars: { say: 'default' }, assert: [{ type: 'contains', value: ':' }], threshold: 0.5 },
        tests: [
          't/*.yaml',
          'file://rows.jsonl',
          { path: 'file://gen.py:rows', config: {} },
          7,
          'https://docs.google.com/spreadsheets/d/1',
        ],
        scenarios: [
          {
            config: [
              { vars: { lang: 'en' }, assert: [{ type: 'starts-with', value: 'en' }] },
              { vars: { lang: 'de' } },
            ],
            tests: [{ vars: { say: 'hi' }, assert: [{ $ref: '#/assertionTemplates/short' }] }, { description: 'bare' }],
          },
        ],
        assertionTemplates: { short: { type: 'word-count', value: 2 } },
      }),
      't/a.yaml': '- vars: { lang: fr }\n- vars: file://v.yaml\n',
      't/b.yaml': 'vars: { lang: file://lang.txt }\n',
      'v.yaml': 'lang: pt\n',
      'lang.txt': 'nl\n\n',
      'rows.jsonl': '{"vars":{"lang":"it"}}\n{"vars"\n',
    });
    expect(imported.tests.map(({ inputs, asserts }) => [inputs.lang, inputs.say, asserts.length])).toEqual([
      ...[
        ['fr', 'default', 0],
        ['pt', 'default', 0],
        ['nl', 'default', 0],
        ['it', 'default', 0],
      ],
      ...[
        ['en', 'hi', 2],
        ['en', 'default', 1],
        ['de', 'hi', 1],
        ['de', 'default', 0],
      ],
    ]);
    expect(imported.sharedAsserts).toEqual([{ type: 'contains', value: ':' }]);
    expect(imported.tests[0]!.rest).toEqual({ threshold: 0.5 });
    expect(imported.tests[4]!.asserts[1]).toEqual({ type: 'word-count', value: 2 });
    expect(lossLines(imported)).toEqual([
      'kept assertion-templates assertionTemplates',
      'dropped row tests[1] line 2',
      'refused code tests[2]',
      'dropped test tests[3]',
      'refused outside-folder tests[4]',
    ]);
  });

  test('that would be a million rows are cut', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `v${index}`);
    const imported = await readFiles(
      config({ prompts: ['{{a}}'], providers: ['echo'], tests: [{ vars: { a: many, b: many, c: many } }] }),
    );
    expect(imported.tests).toHaveLength(10_000);
    expect(lossLines(imported)).toEqual(['dropped rows tests[0].vars']);
  });

  test('ten thousand of a table are read in two seconds', async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, index) => `"question ${index}, with ""quotes""",contains: ${index},row ${index}`,
    );
    const files = {
      ...config({
        prompts: ['{{question}}?'],
        providers: ['echo'],
        tests: 'file://rows.csv',
        defaultTest: { options: { provider: 'x' } },
      }),
      'rows.csv': `question,__expected,__description\n${rows.join('\n')}\n`,
    };
    // The machine may be busy with other tests.
    const times: number[] = [];
    while (times.length < 3 && !times.some((time) => time < 2_000)) {
      const started = performance.now();
      expect((await readFiles(files)).tests).toHaveLength(10_000);
      times.push(performance.now() - started);
    }
    expect(Math.min(...times)).toBeLessThan(2_000);
  });
});

describe('providers', () => {
  test('give model, parameters, tools and schema; others are kept as a comparison', async () => {
    const tool = { type: 'function', function: { name: 'book', parameters: { type: 'object' } } };
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const imported = await readFiles({
      ...config({
        prompts: [
          { label: 'short', raw: 'S {{x}}' },
          { label: 'long:de', raw: 'L {{x}}' },
        ],
        providers: [
          'file://own.mjs',
          {
            id: 'openai:gpt-4o',
            prompts: ['short'],
            config: {
              temperature: 3,
              top_p: 0.5,
              stop: 'END',
              n: 2,
              tools: [tool, { type: 'web_search' }],
              apiBaseUrl: 'https://x.example',
            },
          },
          {
            'anthropic:messages:claude': {
              prompts: ['long'],
              config: { max_tokens: 100, headers: { Authorization: 'Bearer abc' } },
            },
          },
          'file://more.yaml',
          { config: {} },
        ],
      }),
      'more.yaml': `- id: openai:chat:x\n  config: { response_format: ${JSON.stringify({ type: 'json_schema', json_schema: { schema } })}, apiKey: sk-abcdefghijklmnopqrstu }\n`,
    });
    expect(imported.prompts.map(({ content }) => content.settings)).toEqual([
      { model: 'openai:gpt-4o', topP: 0.5, stop: ['END'], fallbacks: [] },
      { model: 'anthropic:messages:claude', maxTokens: 100, fallbacks: [] },
    ]);
    expect(imported.prompts[0]!.content.tools).toEqual([
      { name: 'book', description: '', parameters: { type: 'object' } },
    ]);
    expect(lossLines(imported)).toEqual([
      'refused secret providers[2].anthropic:messages:claude.config.headers.Authorization',
      'refused code providers[0]',
      'refused secret providers[3].config.apiKey',
      'dropped provider providers[4]',
      'kept models anthropic:messages:claude',
      'kept models openai:chat:x',
      'kept parameter:temperature providers[1].config.temperature',
      'kept parameter:n providers[1].config.n',
      'kept connection providers[1].config.apiBaseUrl',
      'kept tool:web_search providers[1].config.tools[1]',
      'kept connection providers[2].config.headers',
    ]);
    expect(JSON.stringify(imported)).not.toMatch(/Bearer abc|sk-abcdef/);
  });

  test('by their addresses are no models', async () => {
    const imported = await readFiles(
      config({ prompts: ['x'], targets: [{ id: 'https://example.com/chat', config: { method: 'POST' } }], tests: [] }),
    );
    expect(imported.prompts[0]!.content.settings.model).toBeNull();
    expect(lossLines(imported)).toEqual(['kept connection targets[0].config.method', 'kept models targets[0]']);
  });
});

describe('hostile and broken configs', () => {
  test('are refused with a sentence', async () => {
    expect(await refusalOf({ 'promptfooconfig.yaml': 'prompts:\n  - a\n  __proto__: {}\n' })).toMatchObject({
      reason: 'yaml',
    });
    expect(await refusalOf({ 'promptfooconfig.yaml': 'prompts: [a]\nproviders: [echo]\nprompts: [b]\n' })).toEqual({
      message: 'promptfooconfig.yaml is not valid YAML, line 3: Map keys must be unique.',
      reason: 'yaml',
      line: 3,
    });
    expect(await refusalOf(config({ prompts: ['file://x.py'], providers: ['echo'] }))).toEqual({
      message: 'promptfooconfig.yaml has no prompt that can be imported: they are code, which is never run.',
      reason: 'no-prompts',
    });
    expect(await refusalOf({ 'x.yaml': '- a\n' }, 'promptfoo')).toEqual({
      message: 'x.yaml is no config of promptfoo: it must be an object with "prompts".',
      reason: 'no-prompts',
    });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
      .join('\n')}\nprompts: [x]\nproviders: [echo]\n`;
    expect(await refusalOf({ 'promptfooconfig.yaml': bomb })).toMatchObject({ reason: 'yaml' });
  });

  test('with references in circles, wrong types and deep nesting are read as far as they go', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`) as unknown;
    const imported = await readFiles(
      config({
        prompts: ['Say {{x}}', { raw: 7 }, null, ''],
        providers: [null, 5, 'echo'],
        tests: [
          { vars: 'file://none.yaml' },
          { vars: 5, assert: 'x' },
          { vars: { x: deep }, assert: [{ $ref: '#/a' }, { $ref: 'file://x.yaml' }, 3] },
        ],
        defaultTest: 3,
        scenarios: 'file://none.yaml',
        a: { $ref: '#/b' },
        b: { $ref: '#/a' },
      }),
    );
    expect(imported.prompts.map((_, index) => shown(imported, index))).toEqual([['user: Say {{ x }}'], ['user: ']]);
    expect(imported.tests).toHaveLength(3);
    expect(lossLines(imported)).toContain('unresolved reference tests[2].assert[0]');
    expect(lossLines(imported)).toContain('dropped assert tests[2].assert[2]');
  });

  test('with CRLF, anchors, merges and names of other scripts are read', async () => {
    const text =
      '# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\r\ndescription: Prüfung „eins“\r\nprompts:\r\n  - |\r\n    Größe: {{größe}}\r\nproviders: [echo]\r\n_base: &base\r\n  threshold: 0.5\r\ntests:\r\n  - <<: *base\r\n    vars: { größe: 3 }\r\n';
    const imported = await readFiles({ 'eval.yaml': text });
    expect(imported.prompts.map(({ name }) => name)).toEqual(['prufung-eins']);
    expect(shown(imported)).toEqual(['user: Größe: {{ größe }}']);
    expect(imported.tests).toEqual([{ description: '', inputs: { größe: 3 }, asserts: [], rest: { threshold: 0.5 } }]);
  });
});

describe('results', () => {
  const results = {
    evalId: 'e',
    results: {
      version: 3,
      prompts: [
        { raw: 'Hi {{x}}', label: 'Hi {{x}}', provider: 'openai:a' },
        { raw: 'Hi {{x}}', label: 'Hi {{x}}', provider: 'openai:b' },
        { raw: '[{"role":"user","content":"Bye {{x}}"}]', label: 'bye', provider: 'openai:a' },
      ],
      results: [0, 1, 0].map((testIdx) => ({
        testIdx,
        vars: { x: `v${testIdx}` },
        testCase: { vars: { x: `v${testIdx}` }, assert: [{ type: 'contains', value: 'v' }] },
        response: { output: 'long answer' },
      })),
    },
    config: { description: 'Greetings', redteam: { plugins: ['x'] } },
  };

  test('give their prompts and tests once, without answers', async () => {
    const imported = await readFiles({ 'out.json': JSON.stringify(results) });
    expect([imported.format, imported.version]).toEqual(['promptfoo', 'v3']);
    expect(
      imported.prompts.map(({ name, content }) => [name, textOf(content.messages[0]!), content.settings.model]),
    ).toEqual([
      ['greetings/1', 'Hi {{ x }}', 'openai:a'],
      ['greetings/bye', 'Bye {{ x }}', 'openai:a'],
    ]);
    expect(imported.tests).toEqual([
      { description: '', inputs: { x: 'v0' }, asserts: [{ type: 'contains', value: 'v' }] },
      { description: '', inputs: { x: 'v1' }, asserts: [{ type: 'contains', value: 'v' }] },
    ]);
    expect(lossLines(imported)).toEqual(['dropped answers results', 'kept redteam redteam']);
    expect(imported.losses[0]!.why).toBe('3 answers (1 KiB) are left out.');
  });

  test('say what an export of evaluations left out', async () => {
    const imported = await readFiles(
      config({
        metadata: { source: 'openai-evals', warnings: ['a grader was not exported'] },
        prompts: [{ label: 'run', raw: '{{item.q}}' }],
        providers: ['echo'],
        tests: [],
      }),
    );
    expect(imported.problems).toEqual([{ message: 'a grader was not exported' }]);
  });
});

test('other YAML and JSON is not taken for a config', () => {
  expect(detectedAs('a.yaml', 'prompts:\n  - name: x\n    template: y\n')).toBeNull();
  expect(detectedAs('a.json', '{"results": {"data": []}}')).toBeNull();
  expect(detectedAs('docker-compose.yaml', 'providers:\n  a: 1\n')).toBeNull();
  expect(detectedAs('a.yaml', 'prompts: [x]\nproviders: [echo]\n')).toBe('promptfoo');
  expect(detectedAs('redteam.yaml', 'targets: [echo]\nredteam: { plugins: [x] }\n')).toBe('promptfoo');
});
