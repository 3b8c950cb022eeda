import { expect, test } from 'vitest';
import { locateJsonValue } from './locate-json-value.ts';
import { messagesTextProblem } from './messages-text.ts';

const placeOf = (text: string) => {
  const problem = messagesTextProblem(text);
  return (
    problem &&
    `${problem.start.line}:${problem.start.column}-${problem.end.line}:${problem.end.column} ${problem.message}`
  );
};

test('a text of messages has no problem, whatever is written in its contents', () => {
  expect(placeOf('[]')).toBeNull();
  expect(placeOf('[{"role": "user", "content": "}] {{ x }} \\" "}, {"role":"tool","content":[]}]')).toBeNull();
});

test.each([
  ['[\n  {"role": "usr", "content": ""}\n]', '2:12-2:17 Message 1 has no role'],
  ['[{"role": "user", "content": "", "name": 1}]', '1:42-1:43 Message 1 has the key "name"'],
  ['[{"role": "user"}]', '1:2-1:18 Message 1 has no content'],
  [
    '[{"role":"user","content":[{"type":"text","text":"a"},\n{"type":"image","url":"file:///a"}]}]',
    '2:23-2:34 Message 1 has a part 2',
  ],
  ['{"role": "user"}', '1:1-1:17 Expected a list of messages'],
  ['[\n{"role": user}]', '2:10-2:11 This is not valid JSON here.'],
  ['[{"role"', '1:9-1:9 This ends too early'],
  ['[{"role":"user","role":"tool","content":""}]', '1:1-1:45 '],
])('what is wrong with %j is told with its place', (text, expected) => {
  expect(placeOf(text)).toContain(expected);
});

test('a value is found by its path, and the nearest one where the path leads nowhere', () => {
  const text = '{"a": [1, {"b\\"c": "x]"}], "d": {}}';
  const found = (path: readonly (string | number)[]) => text.slice(...locateJsonValue(text, path));
  expect(found(['a', 1, 'b"c'])).toBe('"x]"');
  expect(found(['a', 1, 'nothing'])).toBe('{"b\\"c": "x]"}');
  expect(found(['d'])).toBe('{}');
  expect(found([])).toBe(text);
});
