import { expect, test } from 'vitest';
import { pastedName } from './pasted-name.ts';

test.each([
  ['JSON of a dashboard', '\n  {"id": "pmpt_1", "messages": []}', 'pasted.json'],
  ['a list in JSON', '[\n  {"role": "user"}\n]', 'pasted.json'],
  ['an empty object', '{}', 'pasted.json'],
  ['JSON that breaks off, so that its error is told', '{"messages": [', 'pasted.json'],
  ['objects line by line', '{"a": 1}\n{"a": 2}\n', 'pasted.jsonl'],
  ['YAML', 'name: Greeter\nmodel: gpt-4o\n', 'pasted.yaml'],
  ['YAML after a comment', '# mine\n---\nname: Greeter\nprompts:\n  - Hello\n', 'pasted.yaml'],
  ['a list in YAML', '- role: user\n  content: Hi\n', 'pasted.yaml'],
  ['a chat in YAML', 'name: Greeter\nmessages:\n  - role: user\n    content: Hi\n', 'pasted.prompt.yaml'],
  ['a prompt under front matter', '---\nmodel: gpt-4o\n---\nHello {{name}}', 'pasted.md'],
  ['words', 'You are a helpful assistant.', 'pasted.txt'],
  ['words with a colon', 'Translate this: hello', 'pasted.txt'],
  ['words below a line with a colon', 'Rules:\nBe brief and kind.\n', 'pasted.txt'],
  ['a template', '{{ name }}, hello', 'pasted.txt'],
  ['a template with a tag', '{% if a %}x{% endif %}', 'pasted.txt'],
  ['a prompt with instruction marks', '[INST] Hi [/INST]', 'pasted.txt'],
  ['Arabic', 'أنت مساعد مفيد', 'pasted.txt'],
  ['nothing', '', 'pasted.txt'],
])('%s is named by its shape', (_, text, name) => {
  expect(pastedName(text)).toBe(name);
});
