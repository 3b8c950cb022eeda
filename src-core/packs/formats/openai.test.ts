import { describe, expect, test } from 'vitest';
import { renderContent } from '../../content/templates/render-content.ts';
import type { ImportedPrompt } from '../imported.ts';
import { lossLines, readText, refusalPair } from '../testing/read-and-write.ts';

function chat(...messages: readonly unknown[]) {
  return { model: 'gpt-4o', messages };
}

function rendersOf({ content }: ImportedPrompt): readonly string[] {
  return renderContent(content, {}).messages!.map(({ text }) => text);
}

async function messagesOf(...messages: readonly unknown[]) {
  const { prompts } = await readText('chat.json', chat(...messages));
  return prompts[0]!.content.messages;
}

describe('texts', () => {
  test('print what stands there, whatever a template would make of it', async () => {
    const texts = [
      '{{ x }}',
      '{% if a %}b{% endif %}',
      '{# gone #}',
      '{{{{{{',
      'a {',
      '{% raw %}{{a}}{{b}}{{c}}{{d}}{% endraw %}',
      'ends with a line\n',
      'größe 你好 🙂',
    ];
    const { prompts } = await readText('chat.json', chat(...texts.map((content) => ({ role: 'user', content }))));
    expect(rendersOf(prompts[0]!)).toEqual(texts);
    expect(prompts[0]!.content.inputs).toEqual([]);
  });

  test('of several parts are joined by a blank line, and empty ones are left out', async () => {
    const content = [
      { type: 'text', text: 'A' },
      { type: 'text', text: '' },
      { type: 'text', text: '{{b}}' },
    ];
    expect(await messagesOf({ role: 'user', content })).toEqual([{ role: 'user', content: 'A\n\n{{ "{{" }}b}}' }]);
  });

  test('that are missing or of another type become texts', async () => {
    const { prompts, losses } = await readText(
      'chat.json',
      chat({ role: 'user', content: null }, { role: 'user', content: 5 }, { role: 'user', content: [7, 'B'] }),
    );
    expect(prompts[0]!.content.messages.map(({ content }) => content)).toEqual(['', '5', 'B']);
    expect(lossLines({ losses })).toEqual([
      'approximated content messages[1].content',
      'dropped part messages[2].content[0]',
    ]);
  });
});

describe('roles', () => {
  test('of older and other tools have ours, and unknown ones are the user', async () => {
    const { prompts, losses } = await readText(
      'chat.json',
      chat(
        { role: 'developer', content: 'a' },
        { role: 'model', content: 'b' },
        { role: 'critic', content: 'c' },
        { role: 'function', name: 'f', content: 'd' },
      ),
    );
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'developer', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
      { role: 'tool', content: [{ type: 'tool_result', id: '', name: 'f', content: 'd' }] },
    ]);
    expect(lossLines({ losses })).toEqual(['approximated role messages[2].role', 'approximated tool-call messages[3]']);
  });

  test('that are missing drop the message, not the file', async () => {
    const { prompts, losses } = await readText(
      'chat.json',
      chat({ content: 'a' }, 'b', { role: 'user', content: 'c' }),
    );
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'c' }]);
    expect(lossLines({ losses })).toEqual(['dropped message messages[0]', 'dropped message messages[1]']);
  });
});

describe('parts', () => {
  test('with an address are parts here, with their detail', async () => {
    const url = 'https://images.example.test/a.png';
    expect(
      await messagesOf({ role: 'user', content: [{ type: 'image_url', image_url: { url, detail: 'low' } }] }),
    ).toEqual([{ role: 'user', content: [{ type: 'image', url, detail: 'low' }] }]);
    expect(await messagesOf({ role: 'user', content: [{ type: 'image_url', image_url: url }] })).toEqual([
      { role: 'user', content: [{ type: 'image', url }] },
    ]);
  });

  test('with their bytes in the file are named by a text, and the bytes are nowhere in the import', async () => {
    const data = 'A'.repeat(4000);
    const imported = await readText(
      'chat.json',
      chat({
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
          { type: 'input_audio', input_audio: { data, format: 'wav' } },
          { type: 'file', file: { file_data: `data:application/pdf;base64,${data}`, filename: 'a.pdf' } },
        ],
      }),
    );
    expect(imported.prompts[0]!.content.messages[0]!.content).toBe(
      '[image: image/png, 3,000 bytes]\n\n[audio: audio/wav, 3,000 bytes]\n\n[file: application/pdf, 3,000 bytes]',
    );
    expect(lossLines(imported)).toContain('dropped media messages[0].content[2]');
    expect(imported.losses.find(({ kind }) => kind === 'dropped')?.why).toBe(
      'Its bytes (image/png, 3,000 bytes) stand in the file itself; add it to the message again.',
    );
    expect(JSON.stringify(imported)).not.toContain('AAAA');
  });

  test('whose address cannot be loaded, and unknown ones, are named by a text and kept', async () => {
    const content = [
      { type: 'image_url', image_url: { url: 'file:///etc/passwd' } },
      { type: 'hologram', beam: 1 },
    ];
    const { prompts, losses } = await readText('chat.json', chat({ role: 'user', content }));
    expect(prompts[0]!.content.messages[0]!.content).toBe('[image: file:///etc/passwd]\n\n[hologram]');
    expect(lossLines({ losses })).toEqual([
      'approximated media messages[0].content[0]',
      'kept part-beam messages[0].content[1].beam',
      'kept part:hologram messages[0].content[1]',
    ]);
    expect(JSON.stringify(prompts[0]!.metadata)).toContain(JSON.stringify(content));
  });
});

describe('calls of tools', () => {
  test('are parts, also the older kind, and broken ones are kept', async () => {
    const { prompts, losses } = await readText(
      'chat.json',
      chat(
        { role: 'user', content: 'Go' },
        {
          role: 'assistant',
          content: 'Wait',
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":"{{x}}"}' } }, { id: 'd' }],
        },
        { role: 'assistant', content: null, function_call: { name: 'g', arguments: '{}' } },
      ),
    );
    const [, first, second] = prompts[0]!.content.messages;
    expect(first!.content).toEqual([
      { type: 'text', text: 'Wait' },
      { type: 'tool_call', id: 'c', name: 'f', arguments: '{"a":"{{ "{{" }}x}}"}' },
    ]);
    expect(second!.content).toEqual([{ type: 'tool_call', id: '', name: 'g', arguments: '{}' }]);
    expect(lossLines({ losses })).toContain('kept message-tool_calls messages[1].tool_calls');
  });

  test('that stand beside the messages of a Responses request stay in the metadata', async () => {
    const item = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
    const { prompts, losses } = await readText('r.json', {
      instructions: 'Be short.',
      input: [
        { role: 'user', content: 'Go' },
        item,
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done' }] },
      ],
    });
    expect(prompts[0]!.content.messages).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: 'Done' },
    ]);
    expect(lossLines({ losses })).toEqual(['approximated tool-call input[1]']);
    expect(prompts[0]!.metadata).toMatchObject({ import: { values: { items: [{ after: 2, item }] } } });
  });
});

describe('what is read as what', () => {
  test.each([
    ['openai-chat', 'x.json', [{ role: 'user', content: 'Hi' }]],
    ['openai-chat', 'x.json', { messages: [{ role: 'user', content: 'Hi' }] }],
    [
      'openai-chat',
      'x.json',
      {
        model: 'claude-sonnet-4-5',
        max_tokens: 5,
        messages: [{ role: 'user', content: 'Hi' }],
        tools: [{ type: 'function', function: { name: 'f' } }],
      },
    ],
    [
      'openai-chat',
      'x.json',
      { model: 'claude-sonnet-4-5', max_tokens: 5, messages: [{ role: 'system', content: 'Hi' }] },
    ],
    ['openai-responses', 'x.json', { model: 'm', input: 'Hi', instructions: 'Be short.' }],
    ['openai-responses', 'x.json', { prompt: { id: 'pmpt_12' }, input: 'Hi' }],
    ['openai-batch', 'x.jsonl', { custom_id: 'a', body: chat({ role: 'user', content: 'Hi' }) }],
    ['openai-fine-tuning', 'x.jsonl', { messages: [{ role: 'user', content: 'Hi' }] }],
  ])('%s', async (format, path, value) => {
    expect((await readText(path, value)).format).toBe(format);
  });

  test('line ends of Windows and blank lines do no harm', async () => {
    const line = JSON.stringify({ custom_id: 'a b', body: chat({ role: 'user', content: 'Hi\r\nyou' }) });
    const { prompts } = await readText('x.jsonl', `${line}\r\n\r\n${line}\r\n`);
    expect(prompts.map(({ name }) => name)).toEqual(['a-b', 'a-b-2']);
    expect(prompts[0]!.content.messages[0]!.content).toBe('Hi\nyou');
  });

  test('a request that is none, or only names a stored prompt, is refused in a sentence', async () => {
    expect(await refusalPair('x.json', chat())).toEqual(['no-messages', '"x" has no messages.']);
    expect(await refusalPair('x.json', { prompt: { id: 'pmpt_12', version: '1' } })).toEqual([
      'stored-prompt',
      '"x" only names the prompt "pmpt_12", which is stored at OpenAI. Copy its messages from the dashboard and import them.',
    ]);
    expect(await refusalPair('paste.txt', 'await openai.responses.create({ prompt: { id: "pmpt_12ab" } });')).toEqual([
      'stored-prompt',
      'paste.txt is program code that names the prompt "pmpt_12ab", which is stored at OpenAI. Copy its messages from the dashboard and import them.',
    ]);
    expect(await refusalPair('x.json', '{"model": "gpt-4o", "messages": [}', 'openai-chat')).toEqual([
      'json',
      expect.stringMatching(/^x\.json is not valid JSON: /),
    ]);
  });

  test('a stored prompt that was copied has its variables as inputs', async () => {
    const { prompts } = await readText('x.json', {
      id: 'pmpt_12',
      instructions: 'Talk of {{city}} in {{ größe }}.',
      input: [],
    });
    expect(prompts[0]!.content.messages[0]!.content).toBe('Talk of {{ city }} in {{ größe }}.');
    expect(prompts[0]!.content.inputs.map(({ name }) => name)).toEqual(['city', 'größe']);
  });
});

describe('settings, tools and answers', () => {
  test('what does not fit is kept and not sent', async () => {
    const { prompts, losses } = await readText('x.json', {
      ...chat({ role: 'user', content: 'Hi' }),
      temperature: 3,
      top_p: '0.5',
      stop: [],
      seed: 7,
      response_format: { type: 'json_object' },
      stream: true,
    });
    expect(prompts[0]!.content.settings).toEqual({ model: 'gpt-4o', fallbacks: [], topP: 0.5, seed: 7 });
    expect(lossLines({ losses })).toEqual([
      'kept response-format response_format',
      'kept parameter:temperature temperature',
      'kept parameter:stop stop',
      'kept parameter:stream stream',
    ]);
  });

  test('tools of all spellings are read, and those that the provider runs are dropped', async () => {
    const { prompts, losses } = await readText('x.json', {
      ...chat({ role: 'user', content: 'Hi' }),
      tools: [
        { type: 'function', function: { name: 'a', strict: true, parameters: { type: 'object' } } },
        { type: 'function', name: 'b' },
        { type: 'mcp', server_label: 's', authorization: 'very-secret' },
        { type: 'function', function: { name: 'x'.repeat(65) } },
        'c',
      ],
      functions: [{ name: 'd', description: 'old' }],
    });
    expect(prompts[0]!.content.tools.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(lossLines({ losses })).toEqual([
      'refused secret tools[2].authorization',
      'kept tool-strict tools[0].strict',
      'dropped tool:mcp tools[2]',
      `dropped tool:${'x'.repeat(65)} tools[3]`,
      'dropped tool tools[4]',
    ]);
  });

  test('keys never travel', async () => {
    const imported = await readText('x.json', {
      ...chat({ role: 'user', content: 'Use sk-abcdefghijklmnopqrstuvwx now.' }),
      api_key: 'sk-abcdefghijklmnopqrstuvwx',
    });
    expect(JSON.stringify(imported)).not.toContain('abcdefghijkl');
    expect(lossLines(imported)).toEqual(['refused secret messages[0].content', 'refused secret api_key']);
  });
});

describe('hostile files', () => {
  test('are refused in a sentence', async () => {
    const deep = `{"model":"m","messages":[{"role":"user","content":"a"}],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(await refusalPair('x.json', deep)).toEqual([
      'too-deep',
      'x.json is not read: It nests more than 100 levels deep.',
    ]);
    expect(await refusalPair('x.json', '{"messages":[{"role":"user","content":"a","__proto__":{"x":1}}]}')).toEqual([
      'json',
      'x.json is not read: It has a key named "__proto__", which is never read.',
    ]);
    const many = Array.from({ length: 201 }, () => ({ role: 'user', content: 'a' }));
    expect((await refusalPair('x.json', chat(...many)))[0]).toBe('invalid');
  });

  test('a name like one of JavaScript is a role, a tool or a key as any other', async () => {
    const { prompts } = await readText('x.json', {
      ...chat({ role: 'constructor', content: 'a', toString: 'b' }),
      tools: [{ type: 'function', function: { name: 'constructor', strict: true } }],
      valueOf: 1,
    });
    expect(prompts[0]!.content.messages).toEqual([{ role: 'user', content: 'a' }]);
    expect(prompts[0]!.content.tools.map(({ name }) => name)).toEqual(['constructor']);
  });

  test('what is more than the metadata takes is dropped, and said', async () => {
    const { prompts, losses } = await readText('x.json', {
      ...chat({ role: 'user', content: 'a' }),
      notes: 'n'.repeat(70_000),
    });
    expect(prompts[0]!.metadata).toEqual({ import: { format: 'openai-chat' } });
    expect(lossLines({ losses })).toEqual(['kept parameter:notes notes', 'dropped metadata parameters']);
  });
});
