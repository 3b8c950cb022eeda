import { describe, expect, test } from 'vitest';
import { createLosses } from '../losses.ts';
import { lossLines, readText, refusalPair } from '../testing/read-and-write.ts';
import { anthropic } from './anthropic.ts';

function request(messages: readonly unknown[], more: object = {}) {
  return { model: 'claude-sonnet-4-5', max_tokens: 100, messages, ...more };
}

async function read(value: unknown) {
  const imported = await readText('a.json', value);
  return { imported, messages: imported.prompts[0]!.content.messages, lines: lossLines(imported) };
}

async function write(value: unknown) {
  const { imported } = await read(value);
  const losses = createLosses();
  const [file] = anthropic.write!(imported.prompts, losses);
  return { request: JSON.parse(file!.text), lines: lossLines({ losses: losses.all() }) };
}

const user = { role: 'user', content: 'Hi' };

describe('what is Anthropic’s', () => {
  test.each([
    ['a text of the system', { messages: [user], system: 'Be calm.' }],
    ['a schema of a tool', { messages: [user], tools: [{ name: 'f', input_schema: {} }] }],
    ['its version', { messages: [user], anthropic_version: 'bedrock-2023-05-31' }],
    ['stop_sequences', { messages: [user], stop_sequences: ['x'] }],
    ['top_k', { messages: [user], top_k: 4 }],
    ['a Claude model with a bound', { messages: [user], model: 'claude-3-haiku', max_tokens: 5 }],
    [
      'a call in a bare list',
      [user, { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] }],
    ],
  ])('is told by %s', async (_, value) => {
    expect((await readText('x.json', value)).format).toBe('anthropic');
  });

  test.each([
    ['a message of the system', { model: 'claude-3', max_tokens: 5, messages: [{ role: 'system', content: 'a' }] }],
    [
      'functions, even with stop_sequences',
      {
        model: 'claude-3',
        max_tokens: 5,
        stop_sequences: ['x'],
        messages: [user],
        tools: [{ type: 'function', function: { name: 'f' } }],
      },
    ],
    ['a response format', { model: 'claude-3', max_tokens: 5, messages: [user], response_format: { type: 'text' } }],
    ['another model', { model: 'gpt-4o', max_tokens: 5, messages: [user] }],
  ])('is not what has %s', async (_, value) => {
    expect((await readText('x.json', value)).format).toBe('openai-chat');
  });
});

describe('messages', () => {
  test('texts print what stands there', async () => {
    const { messages } = await read(
      request([{ role: 'user', content: 'Hi {{name}} {% x %}' }], { system: '{{rules}}' }),
    );
    expect(messages).toEqual([
      { role: 'system', content: '{{ "{{" }}rules}}' },
      { role: 'user', content: 'Hi {{ "{{" }}name}} {{ "{%" }} x %}' },
    ]);
  });

  test('results of tools have messages of their own, in their order', async () => {
    const { messages, lines } = await read(
      request([
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 's' },
            { type: 'tool_use', id: 'a', name: 'f', input: { x: '{{y}}' } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'a',
              content: [
                { type: 'text', text: 'one' },
                { type: 'text', text: 'two' },
              ],
            },
            { type: 'tool_result', tool_use_id: 'b', content: 'bad', is_error: true },
            { type: 'text', text: 'Go on' },
          ],
        },
      ]),
    );
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: [{ type: 'tool_call', id: 'a', name: 'f', arguments: '{"x":"{{ "{{" }}y}}"}' }] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'a', content: 'one\n\ntwo' }] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'b', content: 'bad' }] },
      { role: 'user', content: 'Go on' },
    ]);
    expect(lines).toEqual([
      'kept thinking messages[1].content[0]',
      'approximated tool-call messages[1].content[1]',
      'approximated tool-call messages[2].content[0]',
      'approximated tool-call messages[2].content[1]',
      'kept tool-error messages[2].content[1]',
    ]);
  });

  test('images by address are parts, documents that are texts are texts', async () => {
    const { messages, lines } = await read(
      request([
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'url', url: 'https://a.example.test/b.png' } },
            { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'Read {{me}}' } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
          ],
        },
      ]),
    );
    expect(messages[0]!.content).toEqual([
      { type: 'image', url: 'https://a.example.test/b.png' },
      { type: 'text', text: 'Read {{ "{{" }}me}}' },
      { type: 'text', text: '[file: application/pdf, 3 bytes]' },
    ]);
    expect(lines).toEqual([
      'approximated media messages[0].content[0]',
      'approximated document messages[0].content[1]',
      'approximated media messages[0].content[2]',
      'dropped media messages[0].content[2]',
    ]);
  });

  test('of wrong shapes are losses', async () => {
    const { messages, lines } = await read(
      request([user, null, { role: 'user' }, { role: 'user', content: [{ type: 'tool_use' }, 3] }], { system: 5 }),
    );
    expect(messages.map(({ content }) => content)).toEqual(['5', 'Hi', '', '[tool_use]']);
    expect(lines).toEqual([
      'approximated content system',
      'dropped message messages[1]',
      'kept part:tool_use messages[3].content[0]',
      'dropped part messages[3].content[1]',
    ]);
  });

  test('none at all are refused', async () => {
    expect(await refusalPair('x.json', request([], { system: '' }))).toEqual(['no-messages', '"x" has no messages.']);
    expect(await refusalPair('x.json', '[]', 'anthropic')).toEqual(['no-messages', '"x" has no messages.']);
    expect((await refusalPair('x.json', '{"messages": [{"role": "user"', 'anthropic'))[0]).toBe('json');
  });
});

test('requests of a batch are one prompt each', async () => {
  const requests = [
    { custom_id: 'one', params: request([user]) },
    { custom_id: 'two', params: request([{ role: 'user', content: [{ type: 'text', text: 'Ho' }] }]) },
    { custom_id: 'bad', params: {} },
  ];
  for (const [path, text] of [
    ['b.json', JSON.stringify({ requests })],
    ['b.jsonl', requests.map((each) => JSON.stringify(each)).join('\n')],
  ] as const) {
    const { format, prompts } = await readText(path, text);
    expect(format).toBe('anthropic-batch');
    expect(prompts.map(({ name, content }) => [name, content.messages[0]!.content])).toEqual([
      ['one', 'Hi'],
      ['two', 'Ho'],
    ]);
  }
});

describe('writing', () => {
  test('gives a request back as it was, with what was kept', async () => {
    const whole = request(
      [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Wait' },
            { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
            { type: 'tool_use', id: 'b', name: 'f', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'one' },
            { type: 'tool_result', tool_use_id: 'b', content: 'no', is_error: true },
            { type: 'text', text: 'Go on' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Now', cache_control: { type: 'ephemeral' } }] },
        { role: 'assistant', content: 'It is' },
      ],
      {
        system: [{ type: 'text', text: 'Be calm.', cache_control: { type: 'ephemeral' } }],
        stop_sequences: ['x'],
        top_k: 3,
        tools: [
          { name: 'f', description: 'Finds', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } },
        ],
        output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
      },
    );
    expect(await write(whole)).toEqual({ request: whole, lines: [] });
  });

  test('puts what Anthropic has no place for where it can be, and says so', async () => {
    const { prompts } = await readText('a.json', {
      model: 'gpt-4o',
      temperature: 1.5,
      seed: 4,
      messages: [
        { role: 'system', content: 'One' },
        { role: 'developer', content: 'Two' },
        { role: 'assistant', content: 'Hello' },
        { role: 'system', content: 'Late' },
        { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: 'not JSON' } }], content: null },
      ],
    });
    const losses = createLosses();
    const [file] = anthropic.write!(prompts, losses);
    expect(JSON.parse(file!.text)).toEqual({
      model: 'gpt-4o',
      max_tokens: 1024,
      system: 'One\n\nTwo',
      messages: [
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Late' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: { arguments: 'not JSON' } }] },
      ],
      temperature: 1,
    });
    expect(lossLines({ losses: losses.all() })).toEqual([
      'approximated role system',
      'approximated tool-call f',
      'approximated first-message a',
      'approximated max-tokens a',
      'approximated temperature a',
      'dropped parameter:seed a',
    ]);
  });
});
