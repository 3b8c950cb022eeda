import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../runtime/limits.ts';
import type { Bomb } from './bombs/bomb.ts';
import { bombs, jinjaBombsInNunjucks } from './bombs.ts';
import { loaderOf, runHostile, timed } from './hostile.ts';

/** Milliseconds after which a bomb has not been stopped, also on a busy machine; the engine's own limit is 250. */
const allowed = 10_000;

function explode({ template, inputs, includes, syntax }: Bomb) {
  return timed(() => runHostile(template, inputs, { loader: loaderOf(includes ?? {}), ...(syntax && { syntax }) }));
}

describe('exhaustion', () => {
  it('has at least 60 ways to try', () => {
    expect(bombs.length).toBeGreaterThanOrEqual(60);
  });

  it.each([...bombs, ...jinjaBombsInNunjucks])('of $name ends in time with an error or a bounded output', (bomb) => {
    const { outcome, milliseconds } = explode(bomb);
    expect(milliseconds).toBeLessThan(allowed);
    if (outcome.kind === 'output') expect(outcome.output.length).toBeLessThanOrEqual(defaultLimits.output);
    else expect(outcome.error.message.length).toBeLessThan(2_000);
  });

  it('leaves the process healthy', () => {
    const before = process.memoryUsage().rss;
    for (const bomb of bombs.slice(0, 20)) explode(bomb);
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
    expect(runHostile('{{ [1, 2]|join("-") }}')).toEqual({ kind: 'output', output: '1-2' });
  });
});

describe('an error of a limit', () => {
  it.each([
    ['{{ range(10001)|list }}', 'range'],
    ["{{ 'a' * 2000000 }}", 'string'],
    ['{{ [1] * 200000 }}', 'list'],
    ['{{ 2 ** 20000 }}', 'integer'],
    ['{% for i in range(5000) %}{% for j in range(5000) %}{% endfor %}{% endfor %}', 'steps'],
    ["{% set s = 'a' * 1000000 %}{{ s }}{{ s }}{{ s }}", 'output'],
    [`{{ ${'('.repeat(100)}1${')'.repeat(100)} }}`, 'nesting'],
    ['{{ a }}'.repeat(20_001), 'nodes'],
    ['a'.repeat(256 * 1024 + 1), 'source'],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'recursion'],
  ])('names it', (template, limit) => {
    // On a busy machine the clock would win against the step counter.
    const outcome = runHostile(template, {}, limit === 'steps' ? { limits: { steps: 10_000 } } : {});
    expect(outcome).toMatchObject({ kind: 'error', error: { code: 'invalid', problem: { code: 'limit', limit } } });
  });
});
