import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Inputs } from '../runtime/types.ts';
import { loaderOf, runHostile, snapshotGlobals } from './hostile.ts';
import { bases, names, type Payload, payloadInputs, payloads } from './payloads.ts';

let before = snapshotGlobals();
beforeEach(() => {
  before = snapshotGlobals();
});
afterEach(() => {
  expect(snapshotGlobals()).toEqual(before);
  expect('reached' in globalThis).toBe(false);
  expect('polluted' in {}).toBe(false);
});

/** What came out when it is neither an error nor what the payload may print. */
function leakOf({ template, prints = '', includes = {} }: Payload): string | null {
  const outcome = runHostile(template, payloadInputs, { loader: loaderOf(includes) });
  if (outcome.kind === 'error') return null;
  // Jinja2 prints a missing method's result as None; a payload that reaches nothing may print that too.
  const output = outcome.output.replaceAll('None', '').trim();
  return output === prints.replaceAll('None', '') ? null : `${template} printed ${JSON.stringify(outcome.output)}`;
}

describe('hostile templates', () => {
  it(`reach nothing with any of ${payloads.length} known payloads`, () => {
    expect(payloads.length).toBeGreaterThanOrEqual(150);
    expect(payloads.map(leakOf).filter((leak) => leak !== null)).toEqual([]);
  });

  it(`see no host member on any kind of value: ${bases.length} values, ${names.length} names, 6 ways of access`, () => {
    const prelude = '{% macro macro() %}{% endmacro %}{% block block %}{% endblock %}';
    const accesses = bases.flatMap((base) =>
      names.flatMap((name) => [
        `{{ (${base}).${name} }}`,
        `{{ (${base})['${name}'] }}`,
        `{{ (${base})|attr('${name}') }}`,
        `{{ (${base})['${name.slice(0, 2)}' ~ '${name.slice(2)}'] }}`,
        `{{ [${base}]|map(attribute='${name}')|join }}`,
        `{{ (${base}).${name}('globalThis.reached = true') }}`,
      ]),
    );
    const leaks = accesses.map((access) => leakOf({ template: prelude + access })).filter((leak) => leak !== null);
    expect(leaks).toEqual([]);
  });

  it('cannot call a function, run a getter or see a class that a careless caller passes as input', () => {
    let ran = 0;
    const careless = {
      run: () => {
        ran += 1;
      },
      holder: new (class Holder {
        secret = 'shown';
        method() {
          ran += 1;
        }
      })(),
      list: [() => 'called'],
      map: new Map([['a', 1]]),
      date: new Date(0),
      symbol: Symbol('s'),
    } as unknown as Inputs;
    for (const template of [
      '{{ run() }}{{ run }}',
      '{{ run.constructor }}',
      '{{ holder.method() }}',
      '{{ holder.constructor.name }}',
      '{{ list[0]() }}',
      '{{ list|map("call")|list }}',
      '{{ map.get("a") }}{{ map.size }}',
      '{{ date.getTime() }}',
    ]) {
      const outcome = runHostile(template, careless);
      if (outcome.kind === 'output') expect(outcome.output).not.toMatch(/=>|function|class|called|native|Holder/);
    }
    expect(ran).toBe(0);
  });

  it('never treat a value as a template', () => {
    const text = '{{ 7 * 7 }}{% set x = 1 %}{# c #}';
    expect(runHostile('{{ text }}|{{ text|upper|lower }}|{% set y %}{{ text }}{% endset %}{{ y }}', { text })).toEqual({
      kind: 'output',
      output: `${text}|${text.toLowerCase()}|${text}`,
    });
  });

  it('are not changed by, and do not change, the inputs they are given', () => {
    const inputs = { list: [1, 2], dict: { a: { b: 1 } } };
    runHostile('{% do list.append(3) %}{% do dict.a.update(b=2) %}{% do dict.clear() %}{% set list = [] %}', inputs);
    expect(inputs).toEqual({ list: [1, 2], dict: { a: { b: 1 } } });
  });

  it('leave nothing behind for the next one', () => {
    runHostile('{% set secret = 1 %}{% macro m() %}x{% endmacro %}{% set range = 5 %}{% do dict.update(a=1) %}');
    expect(runHostile('{{ secret }}{{ m }}{{ range(2)|list }}')).toEqual({ kind: 'output', output: '[0, 1]' });
  });
});
