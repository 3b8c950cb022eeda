import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from '../../engine.ts';
import type { Inputs, RenderOptions } from '../types.ts';

/** The output in stretches: text, where it comes from, and the input that it shows. */
function stretches(source: string, inputs: Inputs = {}, options: RenderOptions = {}) {
  const { template, problems } = parseTemplate(source, { name: 'main' });
  if (template === null) throw new Error(problems[0]?.message);
  const { output, sourceMap } = renderTemplate(template, inputs, options);
  return sourceMap.map((span) => [
    output.slice(span.start, span.end),
    `${span.template}:${span.line}:${span.column}`,
    span.input,
  ]);
}

describe('the source map', () => {
  it('covers the whole output without gaps', () => {
    const { template } = parseTemplate(
      'a{{ x }}{% for i in xs %}{{ i }},{% endfor %}b{% set y %}q{{ x }}{% endset %}{{ y }}{{ y|upper }}',
    );
    const { output, sourceMap } = renderTemplate(template!, { x: 1, xs: [1, 2] });
    expect(sourceMap.map(({ start }) => start)).toEqual([0, ...sourceMap.slice(0, -1).map(({ end }) => end)]);
    expect(sourceMap.at(-1)?.end).toBe(output.length);
  });

  it('stays small when a text of many stretches is written over and over', () => {
    const { template } = parseTemplate(
      '{% set y %}{% for i in range(5000) %}{{ "a" }}b{% endfor %}{% endset %}{% for i in range(100) %}{{ y }}{% endfor %}',
    );
    const { output, sourceMap } = renderTemplate(template!, {});
    expect(output).toBe('ab'.repeat(500_000));
    expect(sourceMap.length).toBeLessThan(150_000);
    expect(sourceMap.at(-1)?.end).toBe(output.length);
  });

  it('takes text and inputs back to their places', () => {
    expect(stretches('Hi {{ user.name|upper }}!\n{{ 1 + 1 }}', { user: { name: 'Ada' } })).toEqual([
      ['Hi ', 'main:1:1', null],
      ['ADA', 'main:1:7', 'user.name'],
      ['!\n', 'main:1:25', null],
      ['2', 'main:2:4', null],
    ]);
  });

  it('shows the items of an input in a loop', () => {
    expect(
      stretches('{% for d in docs %}{{ d.title }}{% endfor %}', { docs: [{ title: 'A' }, { title: 'B' }] }),
    ).toEqual([['AB', 'main:1:23', 'docs[].title']]);
  });

  it('looks into includes, macros, blocks and set blocks', () => {
    const loader = {
      load: (name: string) => ({ source: name === 'part' ? 'p{{ x }}' : '{% block b %}{% endblock %}' }),
    };
    expect(stretches('{% include "part" %}', { x: 1 }, { loader })).toEqual([
      ['p', 'part:1:1', null],
      ['1', 'part:1:5', 'x'],
    ]);
    expect(stretches('{% macro m() %}m{{ x }}{% endmacro %}{{ m() }}', { x: 1 })).toEqual([
      ['m', 'main:1:16', null],
      ['1', 'main:1:20', 'x'],
    ]);
    expect(stretches('{% extends "base" %}{% block b %}{{ x }}{% endblock %}', { x: 1 }, { loader })).toEqual([
      ['1', 'main:1:37', 'x'],
    ]);
  });

  it('is not made when nobody wants it', () => {
    expect(stretches('{{ x }}', { x: 1 }, { sourceMap: false })).toEqual([]);
  });
});
