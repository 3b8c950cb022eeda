import { describe, expect, it } from 'vitest';
import { parseTemplate } from './engine.ts';
import { inputsOf } from './template-inputs.ts';

/** The free inputs of a template with the distinct paths of each. */
function inputs(source: string): Record<string, string[]> {
  const { template, problems } = parseTemplate(source);
  if (template === null) throw new Error(problems[0]?.message);
  return Object.fromEntries(
    inputsOf(template).map(({ name, paths }) => [name, [...new Set(paths.map(({ path }) => path))]]),
  );
}

describe('free inputs', () => {
  it('are the names that a template reads and does not set', () => {
    expect(inputs('{{ a }}{% set b = c %}{{ b }}{% if d is defined %}{{ d }}{% endif %}')).toEqual({
      a: ['a'],
      c: ['c'],
      d: ['d'],
    });
  });

  it('come with the paths that are read', () => {
    expect(inputs("{{ user.name }}{{ user['age'] }}{{ items[0].id }}{{ user[key] }}")).toEqual({
      user: ['user.name', 'user.age', 'user'],
      items: ['items[0].id'],
      key: ['key'],
    });
  });

  it('are followed through loops, `set`, `with` and filters', () => {
    const source =
      '{% for doc in docs|sort(attribute="score") %}{{ doc.title }}{% endfor %}{% set u = user.profile %}{{ u.name }}{% with x = u %}{{ x.age }}{% endwith %}';
    expect(inputs(source)).toEqual({
      docs: ['docs', 'docs[].title'],
      user: ['user.profile', 'user.profile.name', 'user.profile.age'],
    });
  });

  it('are not loop variables, macros, their parameters, imports or globals', () => {
    const source =
      '{% import "x" as lib %}{% from "y" import z %}{% macro m(p) %}{{ p }}{{ caller() }}{{ free }}{% endmacro %}' +
      '{% for k, v in d.items() %}{{ loop.index }}{{ k }}{{ v }}{% endfor %}{{ m(1) }}{{ lib.q }}{{ z }}{{ range(3) }}{{ namespace() }}';
    expect(inputs(source)).toEqual({ free: ['free'], d: ['d'] });
  });

  it('are free again after the scope that set them', () => {
    expect(inputs('{% for x in xs %}{% set y = 1 %}{{ y }}{% endfor %}{{ y }}')).toEqual({ xs: ['xs'], y: ['y'] });
    expect(inputs('{{ x }}{% set x = 1 %}{{ x }}')).toEqual({ x: ['x'] });
  });

  it('come with their exact places', () => {
    const { template } = parseTemplate('a\n{{ user.name|upper }} {{ user }}');
    expect(template === null ? null : inputsOf(template)).toEqual([
      {
        name: 'user',
        paths: [
          { path: 'user.name', template: null, start: { line: 2, column: 4 }, end: { line: 2, column: 13 } },
          { path: 'user', template: null, start: { line: 2, column: 26 }, end: { line: 2, column: 30 } },
        ],
      },
    ]);
  });
});
