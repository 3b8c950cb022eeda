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

it('takes the values as `inputs` too, and declared inputs, and messages', () => {
  expect(renderLine('{"template":"{{ a }}{{ b }}","inputs":{"a":1.0,"b":"x"}}')).toEqual({ output: '1.0x' });
  expect(renderLine('{"template":"{{ n + 1 }}","inputs":[{"name":"n","type":"number"}],"vars":{"n":"3"}}')).toEqual({
    output: '4',
  });
  const messages = '[{"role":"system","content":"Be {{ tone }}."},{"role":"user","content":"{{ q }}"}]';
  expect(renderLine(`{"messages":${messages},"vars":{"tone":"kind","q":"{{ tone }}?"}}`)).toEqual({
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: '{{ tone }}?' },
    ],
  });
});

it('takes null for nothing', () => {
  expect(renderLine('{"template":"[{{ a }}]","vars":null,"inputs":null,"includes":null,"strict":null}')).toEqual({
    output: '[]',
  });
});

it('says what is wrong with a line, by its number, and never takes a wrong key for no values', () => {
  const complaint = (line: string) => {
    const answer = renderLine(line, 7);
    return 'error' in answer ? answer.error.message : answer;
  };
  expect(complaint('nope')).toMatch(/^Line 7 is not valid JSON: /);
  expect(complaint('{"template":5}')).toMatch(/^Line 7: "template" is wrong: /);
  expect(complaint('{"vars":{}}')).toMatch(/^Line 7: "template" is missing; /);
  expect(complaint('{"template":"{{ x }}","context":{"x":1}}')).toMatch(
    /"context" is not a key .* Did you mean "vars"\?$/,
  );
  expect(complaint('{"source":"{{ x }}","vars":{"x":1}}')).toMatch(/Did you mean "template"\?$/);
  expect(complaint('{"template":"x","partials":{"p":"y"}}')).toMatch(/Did you mean "includes"\?$/);
  expect(complaint('{"template":"{{ x }}","id":1,"text":"t","vars":{"x":2}}')).toEqual({ output: '2' });
});

it.each(['jinja', 'liquid', 'nunjucks'])(
  'keeps the digits of declared inputs as they were written, in %s',
  (syntax) => {
    const declare = (...types: string[]) => types.map((type, at) => `{"name":"${'abcd'[at]}","type":"${type}"}`).join();
    const line = (template: string, types: readonly string[], vars: string) =>
      renderLine(`{"template":"${template}","inputs":[${declare(...types)}],"vars":${vars},"syntax":"${syntax}"}`);
    const texts = '{"a":1234567890123456789,"b":1.10,"ｃ":1e21,"d":[1.0,2.50]}';
    const join = syntax === 'liquid' ? "join: ','" : "join(',')";
    expect(
      line(`{{ a }} {{ b }} {{ c }} {{ d | ${join} }}`, ['string', 'string', 'string', 'array<string>'], texts),
    ).toEqual({ output: '1234567890123456789 1.10 1e21 1.0,2.50' });
    expect(line('{{ a }}', ['number'], '{"a":1234567890123456789}')).toMatchObject({
      error: { message: expect.stringContaining('has more digits than a number keeps') },
    });
    expect(line('{{ a.x }}', ['object'], '{"a":{"x":1234567890123456789}}')).toMatchObject({
      error: { message: expect.stringContaining('1234567890123456789, which has more digits') },
    });
  },
);

it('gives all problems of a prompt at once, each with its place', () => {
  const inputs = '[{"name":"n","type":"number"},{"name":"b","type":"boolean"}]';
  expect(renderLine(`{"template":"x","inputs":${inputs},"vars":{"n":"many"}}`)).toEqual({
    error: {
      code: 'invalid',
      message:
        'Input "n": expected number, but "many" came (a string). Input "b" is required: expected boolean, but no value came.',
    },
  });
  const messages = '[{"role":"user","content":"{{ a | uper }}"},{"role":"user","content":"\\n{{ b"}]';
  expect(renderLine(`{"messages":${messages}}`)).toMatchObject({
    error: { message: expect.stringMatching(/^message 1, line 1: .*uper.* message 2, line 2: /) },
  });
  expect(renderLine('{"template":"{% include \'p\' %}","includes":{"p":"\\n{{ 1 / 0 }}"}}')).toMatchObject({
    error: { template: 'p', line: 2 },
  });
});

it('is strict when the line or the command says so', () => {
  expect(renderLine('{"template":"[{{ x }}]"}')).toEqual({ output: '[]' });
  expect(renderLine('{"template":"[{{ x }}]"}', 1, true)).toMatchObject({ error: { message: '"x" is undefined.' } });
  expect(renderLine('{"template":"[{{ x }}]","strict":false}', 1, true)).toEqual({ output: '[]' });
});

it.each([300, 5_000, 100_000])('values that nest %i levels deep are an answer that says so', (levels) => {
  const deep = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  for (const line of [
    `{"template":"{{ x }}","inputs":[{"name":"x","type":"object"}],"vars":{"x":${deep}}}`,
    `{"template":"{{ x }}","vars":{"x":${deep}}}`,
    `{"messages":[{"role":"user","content":"{{ x }}"}],"vars":{"x":${deep}}}`,
  ])
    expect(renderLine(line, 1, false)).toMatchObject({ error: { code: 'invalid' } });
});
