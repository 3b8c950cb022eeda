import { describe, expect, it } from 'vitest';
import { completeAt } from './complete.ts';
import { hoverAt } from './hover.ts';
import type { Knowledge } from './knowledge.ts';

const knowledge: Knowledge = {
  syntax: 'jinja',
  inputs: [
    { name: 'name', type: 'string', required: true, description: 'Who it is for.', default: 'Ada' },
    {
      name: 'user',
      type: 'object',
      required: true,
      description: '',
      schema: {
        properties: {
          address: { type: 'object', properties: { city: { type: 'string', description: 'Where.' } } },
          orders: { type: 'array', items: { properties: { total: { type: 'number' } } } },
        },
      },
    },
    { name: 'documents', type: 'object', required: true, description: '' },
  ],
  values: { name: 'Zofia', documents: '[{"title": "T", "meta": {"page": 1}}]' },
  samples: [{ documents: [{ url: 'u' }] }],
  usedPaths: ['topic', 'documents[].score', 'documents[0].text'],
};

/** Labels offered at the end of a text. */
function labels(before: string, known = knowledge): readonly string[] {
  const completion = completeAt(before, known);
  return completion?.kind === 'suggestions' ? completion.items.map(({ label }) => label) : [];
}

/** What is said at the mark `^` of a text. */
const hover = (marked: string) => hoverAt(marked.replace('^', ''), marked.indexOf('^'), knowledge);

describe('completion', () => {
  it.each(['Hi ', '{# a ', "{{ 'a ", '{% raw %}{{ ', '{{ a }} ', '{{ 1.', '{% set na', '{% for x', '{% macro f'])(
    'offers nothing at the end of %j',
    (before) => {
      expect(labels(before)).toEqual([]);
    },
  );

  it('offers inputs first, also those that are used but not declared', () => {
    expect(labels('{{ ').slice(0, 4)).toEqual(['name', 'user', 'documents', 'topic']);
    expect(labels('{% if na')).toContain('name');
    expect(labels('{{ ')).not.toContain('loop');
  });

  it.each<[string, readonly string[]]>([
    ['{{ user.', ['address', 'orders']],
    ['{{ user.address.', ['city']],
    ['{{ user["address"].', ['city']],
    ['{% for o in user.orders %}{{ o.', ['total']],
    ['{% for d in documents %}{{ d.', ['title', 'meta', 'url', 'score', 'text']],
    ['{% for d in documents | sort(attribute="x") if d %}{{ d.meta.', ['page']],
    ['{% set a = user.address %}{{ a.', ['city']],
    ['{% with a = user %}{{ a.address.', ['city']],
    ['{{ documents[0].meta.', ['page']],
    ['{% for d in documents %}{% endfor %}{{ d.', []],
    ['{% for k, v in user.items() %}{{ v.', []],
  ])('follows paths: %j', (before, expected) => {
    expect(labels(before)).toEqual(expected);
  });

  it('offers what the template defines itself', () => {
    const before = "{% macro hi(who) %}{% endmacro %}{% import 'x' as lib %}{% for d in documents %}{% set t = 1 %}{{ ";
    expect(labels(before).slice(0, 4)).toEqual(['hi', 'lib', 'd', 't']);
    expect(labels(before)).toContain('loop');
    expect(labels('{% macro hi(who) %}{{ ')).toContain('who');
    expect(labels('{% if a %}{% set t = 1 %}{% endif %}{{ ')[0]).toBe('t');
  });

  it('offers filters after |, tests after is, members of loop, and statements with what ends them', () => {
    expect(labels('{{ name | up')).toContain('upper');
    expect(labels('{% filter ')).toContain('upper');
    expect(labels('{{ name is not def')).toContain('defined');
    expect(labels('{{ name is ')).not.toContain('==');
    expect(labels('{% for x in y %}{{ loop.')).toContain('index0');
    expect(labels('{% if a %}{% for x in y %}{% ').slice(0, 2)).toEqual(['endfor', 'else']);
    expect(labels('{%- if a %}{%- e').slice(0, 3)).toEqual(['endif', 'else', 'elif']);
    expect(labels('{% set x = 1 %}{% ')[0]).toBe('if');
  });

  it('asks for prompts inside the quotes of an include', () => {
    expect(completeAt("{% include 'sup", knowledge)).toEqual({ kind: 'prompts', word: 'sup' });
    expect(completeAt('{%- from "a/b', knowledge)).toEqual({ kind: 'prompts', word: 'a/b' });
    expect(labels("{% include 'a' ")).toContain('ignore missing');
  });

  it('knows Liquid by its own words', () => {
    const liquid = { ...knowledge, syntax: 'liquid' as const };
    expect(labels('{{ name | ', liquid)).toContain('upcase');
    expect(labels('{% for d in documents %}{{ forloop.', liquid)).toContain('rindex');
    expect(labels('{% assign a = user.address %}{{ a.', liquid)).toEqual(['city']);
    expect(completeAt("{% render 'x", liquid)?.kind).toBe('prompts');
  });
});

describe('hover', () => {
  it('tells an input with type, description, value and default', () => {
    expect(hover('{{ na^me }}')).toMatchObject({
      start: 3,
      end: 7,
      kind: 'value',
      path: 'name',
      type: 'string',
      description: 'Who it is for.',
      value: 'Zofia',
      input: { name: 'name', declared: true, default: 'Ada' },
    });
    expect(hover('{{ ^topic }}')).toMatchObject({ input: { declared: false } });
  });

  it('tells members, filters, tests, statements and prompts apart by where they stand', () => {
    expect(hover('{{ user.address.ci^ty }}')).toMatchObject({ path: 'user.address.city', description: 'Where.' });
    expect(hover('{% for d in documents %}{{ d.tit^le }}')).toMatchObject({ path: 'documents[].title', value: 'T' });
    expect(hover('{{ name | low^er }}')).toMatchObject({ entry: { signature: 'text | lower' } });
    expect(hover('{{ name is low^er }}')).toMatchObject({ entry: { signature: 'text is lower' } });
    expect(hover('{% end^for %}')).toMatchObject({ entry: { name: 'for' } });
    expect(hover('{{ ran^ge(3) }}')).toMatchObject({ entry: { name: 'range' } });
    expect(hover("{% include 'a/b@prod^uction' %}")).toMatchObject({
      kind: 'prompt',
      name: 'a/b@production',
      start: 12,
      end: 26,
    });
  });

  it.each(['na^me', "{{ 'na^me' }}", '{# na^me #}', '{{ unkno^wn }}', '{% for name in range(3) %}{{ na^me }}'])(
    'says nothing at %j',
    (marked) => {
      expect(hover(marked)).toBeNull();
    },
  );
});
