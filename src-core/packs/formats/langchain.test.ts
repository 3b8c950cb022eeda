import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import type { Json } from '../../contract/shared.ts';
import { lossLines, promptLines, readFiles, refusalOf } from '../testing/read-and-write.ts';

/** A constructor of a manifest. */
function made(className: string, kwargs: object): object {
  return { lc: 1, type: 'constructor', id: ['langchain_core', 'prompts', className], kwargs };
}

function file(value: unknown): Readonly<Record<string, string>> {
  return { 'x.json': JSON.stringify(value) };
}

function typed(template: string, more: object = {}): Readonly<Record<string, string>> {
  return file({ _type: 'prompt', input_variables: [], template, ...more });
}

async function rendered(
  files: Readonly<Record<string, string>>,
  values: Readonly<Record<string, Json>>,
): Promise<readonly string[]> {
  const { prompts } = await readFiles(files);
  const { messages, problems } = renderContent(prompts[0]!.content, values, { strict: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return messages!.map(({ text }) => text);
}

describe('f-strings', () => {
  test('have doubled braces for braces, and members', async () => {
    expect(await promptLines(typed('{{a}} {b} {c.d[e f]} {g[0]}'))).toEqual([
      'user: {a} {{ b }} {{ c.d["e f"] }} {{ g[0] }}',
      'b string required',
      'c object required',
      'g object required',
    ]);
    expect(await rendered(typed('{{a}} {c.d[e f]} {g[0]}'), { c: { d: { 'e f': 1 } }, g: ['x'] })).toEqual(['{a} 1 x']);
  });

  test('print Jinja of the text as it is', async () => {
    expect(await rendered(typed('{{{{ x }}}} {{% y %}} {{{{{z}}}}}'), { z: 'Z' })).toEqual(['{{ x }} {% y %} {{Z}}']);
  });

  test('have formats, as far as Jinja has them', async () => {
    const files = typed('{a:>5}|{b:.2f}|{c!r}|{d:,}|{e!s:<4}|');
    const { losses } = await readFiles(files);
    expect(lossLines(losses)).toEqual(['approximated format-spec {c!r}', 'approximated format-spec {d:,}']);
    expect(await rendered(files, { a: 'x', b: 1.239, c: 'y', d: '1000', e: 'z' })).toEqual(['    x|1.24|y|1000|z   |']);
  });

  test('have braces that hold no variable', async () => {
    expect(await promptLines(typed('{"k": 1} {} { } }{ {a'))).toEqual(['user: {"k": 1} {} { } }{ {a']);
  });

  test('have names that are renamed when they must be', async () => {
    const { prompts, losses } = await readFiles(typed('{book-title} {größe} {0}', { input_variables: ['book-title'] }));
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['book_title', 'größe', 'arg0']);
    expect(prompts[0]!.inputSources).toEqual({ book_title: 'book-title', arg0: '0' });
    expect(lossLines(losses)).toEqual(['approximated variable-renamed book-title', 'approximated variable-renamed 0']);
  });
});

describe('typed files', () => {
  test('of the other template languages', async () => {
    expect(await promptLines(typed('{% if a %}{{ a }}{% endif %}', { template_format: 'jinja2' }))).toEqual([
      'user: {% if a %}{{ a }}{% endif %}',
      'a string required',
    ]);
    expect(
      await rendered(typed('{{#xs}}{{n}};{{/xs}}', { template_format: 'mustache' }), { xs: [{ n: 1 }, { n: 2 }] }),
    ).toEqual(['1;2;']);
    expect((await refusalOf(typed('x', { template_format: 'erb' })))?.reason).toBe('template-format');
  });

  test('take text from a file of the folder only', async () => {
    const path = (template_path: string) => ({
      'a/x.json': JSON.stringify({ _type: 'prompt', input_variables: [], template_path }),
      'a/t.txt': 'Hi {name}\r\n',
    });
    expect(await promptLines(path('t.txt'))).toEqual(['user: Hi {{ name }}\n', 'name string required']);
    for (const outside of ['../../secret.txt', '/etc/passwd', 'https://x.test/t.txt', '~/t.txt'])
      expect((await refusalOf(path(outside)))?.reason, outside).toBe('outside-folder');
    expect((await refusalOf(path('gone.txt')))?.message).toBe(
      'a/x.json takes its text from "gone.txt", which is not there.',
    );
  });

  test('of the old hub have no type, and an output parser is dropped', async () => {
    const { prompts, losses } = await readFiles(
      file({ input_variables: ['x'], output_parser: { _type: 'regex' }, template: 'A {x}' }),
    );
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'A {{ x }}' }]);
    expect(lossLines(losses)).toEqual(['dropped output-parser']);
  });

  test('have defaults, which code cannot make', async () => {
    const { prompts, losses } = await readFiles(
      typed('{a} {b} {c}', {
        input_variables: ['c', 'unused'],
        partial_variables: { a: 'x', b: { lc: 1, type: 'not_implemented', id: ['function', 'now'] } },
      }),
    );
    expect(prompts[0]!.content.inputs.map(({ name, required, default: given }) => [name, required, given])).toEqual([
      ['c', true, undefined],
      ['unused', true, undefined],
      ['a', false, 'x'],
      ['b', false, undefined],
    ]);
    expect(lossLines(losses)).toEqual(['dropped not-implemented now', 'refused code b']);
  });

  test('of chains give every prompt that is in them, without keys', async () => {
    const llm = { _type: 'openai', model_name: 'm', temperature: 0.5, openai_api_key: 'literal' };
    const chain = (template: string, more: object = {}) => ({
      _type: 'llm_chain',
      prompt: { _type: 'prompt', input_variables: [], template },
      ...more,
    });
    const { prompts, losses } = await readFiles(
      file({ _type: 'map_reduce_documents_chain', llm_chain: chain('Map {a}', { llm }), combine: chain('Join {b}') }),
    );
    expect(prompts.map(({ name, content }) => [name, content.settings.model])).toEqual([
      ['x/llm_chain-prompt', 'm'],
      ['x/combine-prompt', null],
    ]);
    expect(JSON.stringify(prompts)).not.toContain('literal');
    expect(lossLines(losses)).toEqual(['refused secret llm_chain.llm.openai_api_key']);
  });

  test('of chats do not say whose messages they have', async () => {
    const { losses, prompts } = await readFiles(
      file({
        _type: 'chat',
        input_variables: [],
        messages: [
          { prompt: { _type: 'prompt', input_variables: [], template: 'A' } },
          { role: 'ai', prompt: { _type: 'prompt', input_variables: [], template: 'B' } },
          7,
        ],
      }),
    );
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'user', content: 'A' },
      { role: 'assistant', content: 'B' },
    ]);
    expect(lossLines(losses)).toEqual(['approximated role messages[0]', 'dropped message messages[2]']);
  });
});

describe('few-shot prompts', () => {
  const prompt = { _type: 'prompt', input_variables: ['a'], template: 'E {a}' };
  const shots = (more: object) =>
    file({ _type: 'few_shot', input_variables: ['q'], prefix: 'P', suffix: 'S {q}', example_prompt: prompt, ...more });

  test('have their examples written out, whatever braces are in them', async () => {
    expect(
      await rendered(shots({ examples: [{ a: '{q} {{ q }}' }, { a: 'é' }], example_separator: '|' }), { q: 'Q' }),
    ).toEqual(['P|E {q} {{ q }}|E é|S Q']);
  });

  test('take examples from a file', async () => {
    const files = { ...shots({ examples: 'e.yaml' }), 'e.yaml': '- {a: 1}\n- {a: 2}\n' };
    expect(await rendered(files, { q: 'Q' })).toEqual(['P\n\nE 1\n\nE 2\n\nS Q']);
    expect((await refusalOf(shots({ examples: '../e.yaml' })))?.reason).toBe('outside-folder');
    expect((await refusalOf({ ...shots({ examples: 'e.yaml' }), 'e.yaml': '[' }))?.reason).toBe('yaml');
  });

  test('of which code chooses the examples have none', async () => {
    const { losses } = await readFiles(shots({ example_selector: { _type: 'x' } }));
    expect(lossLines(losses)).toEqual(['refused code example_selector']);
    expect(await rendered(shots({ example_selector: {} }), { q: 'Q' })).toEqual(['P\n\nS Q']);
  });

  test('of chats become messages', async () => {
    const human = made('HumanMessagePromptTemplate', {
      prompt: made('PromptTemplate', { template: '{i}', input_variables: ['i'] }),
    });
    const ai = made('AIMessagePromptTemplate', {
      prompt: made('PromptTemplate', { template: '{o}', input_variables: ['o'] }),
    });
    const shot = made('FewShotChatMessagePromptTemplate', {
      examples: [{ i: '1', o: '{2}' }],
      example_prompt: made('ChatPromptTemplate', { messages: [human, ai] }),
    });
    expect(await promptLines(file(made('ChatPromptTemplate', { messages: [shot, human] })))).toEqual([
      'user: 1',
      'assistant: {2}',
      'user: {{ i }}',
      'i string required',
    ]);
  });
});

describe('manifests', () => {
  test('have their name from the hub, images, literal messages, calls and results', async () => {
    const text = made('PromptTemplate', { template: 'Look at {q}', input_variables: ['q'] });
    const image = made('ImagePromptTemplate', { template: { url: '{img}', detail: 'low' }, input_variables: ['img'] });
    const { prompts, losses } = await readFiles(
      file(
        made('StructuredPrompt', {
          input_variables: ['q', 'img'],
          schema_: { type: 'object' },
          metadata: { lc_hub_owner: 'rlm', lc_hub_repo: 'Rag-Prompt', lc_hub_commit_hash: 'abc' },
          messages: [
            made('HumanMessagePromptTemplate', { prompt: [text, image] }),
            made('AIMessage', { content: '{{ok}}', tool_calls: [{ name: 'f', args: { a: '{{b}}' }, id: 'c' }] }),
            made('ToolMessage', { content: 'found', tool_call_id: 'c' }),
            made('HumanMessage', {
              content: [
                { type: 'text', text: 'T' },
                { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
              ],
            }),
          ],
        }),
      ),
    );
    expect(prompts[0]).toMatchObject({
      name: 'rag-prompt',
      metadata: { import: { values: { metadata: { lc_hub_owner: 'rlm' } } } },
    });
    expect(prompts[0]!.content.responseSchema).toEqual({ type: 'object' });
    expect(prompts[0]!.content.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look at {{ q }}' },
          { type: 'image', input: 'img', detail: 'low' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '{{ "{{" }}ok}}' },
          { type: 'tool_call', id: 'c', name: 'f', arguments: '{"a":"{{ "{{" }}b}}"}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool_result', id: 'c', content: 'found' }] },
      { role: 'user', content: 'T' },
    ]);
    expect(lossLines(losses)).toEqual([
      'approximated media img',
      'approximated tool-call f',
      'approximated tool-result messages[2]',
      'dropped media image/png',
    ]);
  });

  test('of sequences have a model with bound tools, and no keys', async () => {
    const prompt = made('ChatPromptTemplate', {
      messages: [made('MessagesPlaceholder', { variable_name: 'history' })],
    });
    const model = made('ChatOpenAI', {
      model_name: 'm',
      temperature: 1,
      n: 2,
      openai_api_key: { lc: 1, type: 'secret', id: ['OPENAI_API_KEY'] },
    });
    const last = made('RunnableBinding', {
      bound: model,
      kwargs: { tools: [{ type: 'function', function: { name: 'f' } }], stop: ['X'] },
    });
    const { prompts, losses } = await readFiles(file(made('RunnableSequence', { first: prompt, middle: [], last })));
    expect(prompts[0]!.content.settings).toEqual({ model: 'm', fallbacks: [], temperature: 1, stop: ['X'] });
    expect(prompts[0]!.content.tools).toEqual([{ name: 'f', description: '', parameters: {} }]);
    expect(prompts[0]!.content.messages).toEqual([{ placeholder: 'history' }]);
    expect(lossLines(losses)).toEqual([
      'kept secret-reference OPENAI_API_KEY',
      'approximated placeholder history',
      'kept parameter:n model.n',
    ]);
  });

  test('of nothing that is a prompt are refused', async () => {
    expect(await refusalOf(file(made('ChatOpenAI', { model: 'm' })))).toEqual({
      reason: 'no-messages',
      message: 'x.json has no prompt.',
    });
    expect((await refusalOf(file(made('ChatPromptTemplate', { messages: [] }))))?.message).toBe(
      'x.json has a prompt without messages.',
    );
  });

  test('with hostile shapes are read or refused', async () => {
    const deep = `{"lc":1,"type":"constructor","id":["PromptTemplate"],"kwargs":{"metadata":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    expect(await refusalOf({ 'x.json': deep })).toEqual({
      reason: 'too-deep',
      message: 'x.json is not read: It nests more than 100 levels deep.',
    });
    expect(
      await refusalOf({
        'x.json': '{"lc":1,"type":"constructor","id":["constructor","__proto__"],"kwargs":{"__proto__":{"x":1}}}',
      }),
    ).toMatchObject({ reason: 'no-messages' });
    for (const kwargs of [
      {},
      { messages: 'x' },
      { messages: [null, [], {}, { lc: 1 }] },
      { messages: [made('ChatMessagePromptTemplate', { role: 3, prompt: 5 })] },
    ])
      await refusalOf(file(made('ChatPromptTemplate', kwargs)));
    await refusalOf(file({ _type: 'few_shot', input_variables: 7, examples: [1, {}], example_prompt: 3 }));
    await refusalOf(file({ _type: 'prompt', template: ['x'], partial_variables: [] }));
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('in other files are not taken for theirs', async () => {
    expect((await refusalOf(file({ template: 'x', inputs: {} })))?.reason).toBe('unknown-format');
    expect((await refusalOf(file({ _type: 'something' })))?.reason).toBe('unknown-format');
  });
});
