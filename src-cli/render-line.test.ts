import { expect, it } from 'vitest';
import { renderLine } from './render-line.ts';

it('reads numbers as Python does', () => {
  const line = '{"template":"{{ a }} {{ b }} {{ c }}","vars":{"a":1.0,"b":12345678901234567890,"c":[1,2.50]}}';
  expect(renderLine(line)).toEqual({ output: '1.0 12345678901234567890 [1, 2.5]' });
});

it('renders Liquid and includes that come with the line', () => {
  expect(renderLine('{"template":"{{ a | plus: 1 }}","vars":{"a":1.0},"syntax":"liquid"}')).toEqual({ output: '2' });
  expect(renderLine('{"template":"{% include \'x\' %}","includes":{"x":"from x"}}')).toEqual({ output: 'from x' });
});

it('answers anything at all', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  for (const line of [
    '',
    '{',
    '[]',
    '{"template":1}',
    `{"template":"{{ a }}","vars":{"a":${deep}}}`,
    '{"template":"{% if %}"}',
  ]) {
    expect(renderLine(line)).toMatchObject({ error: { code: 'invalid' } });
  }
  expect(renderLine(`{"template":"ok","vars":{"a":${deep}}}`)).toEqual({ output: 'ok' });
});
