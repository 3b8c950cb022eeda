import { describe, expect, test } from 'vitest';
import { contentSchema, type PromptContentInput } from '../../contract/content.ts';
import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { checkContent } from './check-content.ts';
import { includedReaders } from './included-readers.ts';
import { renderContent } from './render-content.ts';
import { contentOfRendered } from './rendered-message.ts';

type Inputs = NonNullable<PromptContentInput['inputs']>;
const prompt = (messages: MessageTemplateInput[], inputs: Inputs = []) => contentSchema.parse({ messages, inputs });
const render = (content: ReturnType<typeof prompt>, values: Record<string, Json> = {}) => {
  const { messages, problems } = renderContent(content, values);
  return {
    messages: messages?.map((message) => ({ role: message.role, content: contentOfRendered(message) })) ?? null,
    problems: problems.map(({ code, message }) => `${code}: ${message}`),
  };
};
const hash = 'ab'.repeat(32);
const hostile = '{{ name }}{% include "x" %} {"placeholder":"history"}';

describe('parts', () => {
  test('are rendered with their texts as templates, and everything else as it is', () => {
    const content = prompt(
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is {{ name }}?' },
            { type: 'image', url: 'https://example.com/{{name}}.png', detail: 'low', extra: { cache: true } },
            { type: 'file', hash, name: 'a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_call', id: 'c1', name: 'look_up', arguments: '{"q":{{ name | tojson }}}' }],
        },
        { role: 'tool', content: [{ type: 'tool_result', id: 'c1', content: 'Found {{ name }}.' }] },
      ],
      [{ name: 'name', type: 'string' }],
    );
    expect(render(content, { name: 'a "cat"' })).toEqual({
      problems: [],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is a "cat"?' },
            { type: 'image', url: 'https://example.com/{{name}}.png', detail: 'low' },
            { type: 'file', hash, name: 'a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_call', id: 'c1', name: 'look_up', arguments: '{"q":"a \\"cat\\""}' }],
        },
        { role: 'tool', content: [{ type: 'tool_result', id: 'c1', content: 'Found a "cat".' }] },
      ],
    });
  });

  test('with a problem are named by their number, with a remedy that is put into that part', () => {
    const content = prompt([
      {
        role: 'user',
        content: [
          { type: 'image', hash },
          { type: 'text', text: 'one\n{{ name | uper }}' },
        ],
      },
    ]);
    const [problem] = checkContent(content);
    expect(problem).toMatchObject({ messageIndex: 0, part: 1, start: { line: 2 }, fix: { kind: 'replace', part: 1 } });
    expect(renderContent(content, { name: 'x' }).problems[0]).toMatchObject({ messageIndex: 0, part: 1 });
  });

  test('that stand under a role that cannot have them are refused', () => {
    const content = prompt([
      { role: 'user', content: [{ type: 'tool_call', name: 'look_up' }] },
      { role: 'assistant', content: [{ type: 'tool_result', content: 'x' }] },
    ]);
    expect(render(content)).toEqual({
      messages: null,
      problems: [
        'part_role: A message of the role user has a tool call; only an assistant message can.',
        'part_role: A message of the role assistant has a tool result; give the message the role tool.',
      ],
    });
    expect(checkContent(content).filter(({ code }) => code === 'part_role')).toHaveLength(2);
  });
});

describe('an image of an input', () => {
  const content = (required: boolean) =>
    prompt(
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', input: 'photo' },
          ],
        },
      ],
      [{ name: 'photo', type: 'string', required }],
    );

  test('is an address or a hash', () => {
    expect(render(content(true), { photo: ' https://example.com/cat.png ' }).messages?.[0]?.content).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image', url: 'https://example.com/cat.png' },
    ]);
    expect(render(content(true), { photo: hash }).messages?.[0]?.content).toContainEqual({ type: 'image', hash });
  });

  test.each([
    ['data:image/png;base64,AAAA', /A data URL is not taken here/],
    ['javascript:alert(1)', /must start with "http:\/\/"/],
    ['file:///etc/passwd', /must start with "http:\/\/"/],
  ])('is refused as %s, as a problem of that input', (photo, sentence) => {
    const { messages, problems } = renderContent(content(true), { photo });
    expect(messages).toBeNull();
    expect(problems[0]).toMatchObject({ code: 'input_type', input: 'photo', messageIndex: 0, part: 1 });
    expect(problems[0]?.message).toMatch(sentence);
  });

  test('is left out without a value when the input is optional, and missed when it is not', () => {
    expect(render(content(false)).messages).toEqual([{ role: 'user', content: 'Look' }]);
    expect(render(content(true))).toMatchObject({ messages: null, problems: [expect.stringMatching(/input_missing/)] });
  });

  test('is used, so it is neither undeclared nor unused, and is declared as a text with one click', () => {
    expect(checkContent(content(true))).toEqual([]);
    const undeclared = prompt([{ role: 'user', content: [{ type: 'image', input: 'photo' }] }]);
    expect(checkContent(undeclared)).toMatchObject([
      { code: 'undeclared', input: 'photo', fix: { kind: 'declare', type: 'string' } },
    ]);
    const wrong = prompt([{ role: 'user', content: [{ type: 'image', input: 'n' }] }], [{ name: 'n', type: 'number' }]);
    expect(checkContent(wrong)[0]?.message).toBe(
      'The image is taken from the input "n", which must be a string with an address or a hash, but is declared as number.',
    );
  });
});

describe('a placeholder', () => {
  const chat = (optional: boolean, required = true) =>
    prompt(
      [
        { role: 'system', content: 'Be kind.' },
        { placeholder: 'history', optional },
        { role: 'user', content: 'And now?' },
      ],
      [{ name: 'history', type: 'messages', required }],
    );

  test('is filled with the messages of its input, which are data and never templates or placeholders', () => {
    const history = [
      { role: 'user', content: hostile },
      { role: 'assistant', content: [{ type: 'tool_call', id: 'c', name: 'x', arguments: hostile }] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'c', content: hostile }] },
    ];
    const rendered = renderContent(chat(false), { history });
    expect(rendered.messages?.map((message) => contentOfRendered(message))).toEqual([
      'Be kind.',
      hostile,
      history[1]?.content,
      history[2]?.content,
      'And now?',
    ]);
    expect(rendered.messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
    expect(rendered.messages?.map(({ messageIndex }) => messageIndex)).toEqual([0, 1, 1, 1, 2]);
    expect(rendered.usedInputs).toEqual(['history']);
  });

  test('takes JSON text, as a form and a table have it', () => {
    const history = '[{"role":"user","content":"Hi"}]';
    expect(render(chat(false), { history }).messages?.[1]).toEqual({ role: 'user', content: 'Hi' });
  });

  test('without a value is nothing when it is optional, else a problem of its input', () => {
    expect(render(chat(true, false)).messages).toHaveLength(2);
    expect(render(chat(false, false))).toEqual({
      messages: null,
      problems: ['input_missing: Input "history" is required: expected messages, but no value came.'],
    });
    expect(renderContent(chat(false, false), {}).problems[0]?.input).toBe('history');
  });

  test('may be filled with no message at all, and from the default of the declaration', () => {
    expect(render(chat(false), { history: [] }).messages).toHaveLength(2);
    const content = prompt(
      [{ placeholder: 'history' }],
      [{ name: 'history', type: 'messages', default: [{ role: 'user', content: 'Hi' }] }],
    );
    expect(render(content).messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test.each<[Json, RegExp]>([
    ['Hi', /expected messages .* "Hi" came, which is not valid JSON/],
    [{ role: 'user', content: 'Hi' }, /expected messages .* came \(an object\)/],
    [[{ placeholder: 'history' }], /message 1 has the key "placeholder"/],
    [
      [
        { role: 'user', content: 'a' },
        { role: 'robot', content: 'b' },
      ],
      /message 2 has no role of system, developer/,
    ],
    [[{ role: 'user', content: 3 }], /message 1 has no content that is a text or a list of parts/],
    [[{ role: 'user', content: [{ type: 'image', input: 'photo' }] }], /part 1 that has the key "input"/],
    [[{ role: 'user', content: [{ type: 'image', url: 'data:,x' }] }], /has a wrong "url": A data URL/],
    [[{ role: 'user', content: [{ type: 'image' }] }], /exactly one of "url" and "hash"/],
    [[{ role: 'user', content: [{ type: 'video' }] }], /has no type of text, image/],
    [[{ role: 'assistant', content: null, tool_calls: [] }], /has the key "tool_calls"/],
  ])('refuses %j', (history, sentence) => {
    const { messages, problems } = render(chat(false), { history });
    expect(messages).toBeNull();
    expect(problems[0]).toMatch(sentence);
  });

  test('needs an input of that type; an undeclared one is declared so with one click', () => {
    const wrong = prompt([{ placeholder: 'history' }], [{ name: 'history', type: 'string' }]);
    const sentence =
      'placeholder: The placeholder "history" is filled by an input of type messages, but that input is declared as string.';
    expect(render(wrong, { history: 'x' })).toEqual({ messages: null, problems: [sentence] });
    expect(checkContent(prompt([{ placeholder: 'history' }]))).toMatchObject([
      { code: 'undeclared', input: 'history', fix: { kind: 'declare', name: 'history', type: 'messages' } },
    ]);
    expect(checkContent(chat(false))).toEqual([]);
  });

  test('can also be read by a template, message by message', () => {
    const content = prompt(
      [{ role: 'user', content: '{% for m in history %}{{ m.role }}: {{ m.content }}\n{% endfor %}' }],
      [{ name: 'history', type: 'messages' }],
    );
    const history = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Ho' },
    ];
    expect(render(content, { history }).messages?.[0]?.content).toBe('user: Hi\nassistant: Ho\n');
  });
});

test('an include in a part is resolved, and its readers are named', () => {
  const content = prompt([
    {
      role: 'user',
      content: [
        { type: 'text', text: '{% include "tone" %}' },
        { type: 'image', hash },
      ],
    },
  ]);
  const loader = { load: (name: string) => (name === 'tone' ? { source: 'Be {{ mood }}.' } : null) };
  expect(renderContent(content, { mood: 'kind' }, { loader }).messages?.[0]?.text).toBe('Be kind.');
  expect(includedReaders(content, 'mood', loader)).toEqual(['tone']);
});
