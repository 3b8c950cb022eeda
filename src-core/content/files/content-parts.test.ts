import { expect, test } from 'vitest';
import { canonicalContent } from '../hash-content.ts';
import { readContentFile } from './read-content-file.ts';

const yaml = `
messages:
  - role: user
    content:
      - type: text
        text: What is in {{ name }}?
      - {type: image, url: "https://example.com/cat.png", detail: low}
      - {type: file, input: report, extra: {cache: {ttl: 5}}}
  - {placeholder: history, optional: true}
  - role: assistant
    content:
      - {type: tool_call, id: c1, name: look_up, arguments: '{"q": 1}'}
  - role: tool
    content:
      - {type: tool_result, id: c1, content: found}
inputs:
  - {name: name, type: string}
  - {name: report, type: string}
  - name: history
    type: messages
    required: false
    default: [{role: user, content: 42}]
settings: {extra: {top_k: 40}}
extra: {made-by: hand}
`;

test('a file holds parts and placeholders as they are, and its JSON says the same', () => {
  const { content } = readContentFile('a.yaml', yaml);
  expect(content.messages).toHaveLength(4);
  expect(content.messages[1]).toEqual({ placeholder: 'history', optional: true });
  expect(content.messages[0]?.content).toMatchObject([
    { type: 'text' },
    { type: 'image', detail: 'low' },
    { type: 'file', input: 'report', extra: { cache: { ttl: 5 } } },
  ]);
  expect(content.inputs[2]?.default).toEqual([{ role: 'user', content: '42' }]);
  expect(content).toMatchObject({ settings: { extra: { top_k: 40 } }, extra: { 'made-by': 'hand' } });
  const json = canonicalContent(content);
  expect(canonicalContent(readContentFile('a.json', json).content)).toBe(json);
});

test.each([
  [
    '{messages: [{role: user, content: [{type: image, ulr: "https://a/b"}]}]}',
    /"ulr" is not a key in "messages.0.content.0"; did you mean "url"\?/,
  ],
  [
    '{messages: [{placeholder: history, optionl: true}]}',
    /"optionl" is not a key in "messages.0"; did you mean "optional"\?/,
  ],
  ['{messages: [{placeholder: history, role: user}]}', /"messages.0.content" is wrong/],
  ['{messages: [{role: user, content: [{type: picture}]}]}', /"messages.0.content.0.type" is wrong/],
  [
    '{messages: [{role: user, content: [{type: image, url: "data:image/png;base64,AA"}]}]}',
    /"messages.0.content.0.url" is wrong: A data URL/,
  ],
])('a wrong key or value is told with its place: %s', (text, sentence) => {
  expect(() => readContentFile('a.yaml', text)).toThrow(sentence);
});
