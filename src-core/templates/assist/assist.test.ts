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

/** Labels of the members of data, without the methods of their type. */
function members(before: string, known = knowledge): readonly string[] {
  const completion = completeAt(before, known);
  const items = completion?.kind === 'suggestions' ? completion.items : [];
  return items.filter(({ kind }) => kind === 'member').map(({ label }) => label);
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
    expect(members(before)).toEqual(expected);
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

  it.each<[string, string, string]>([
    ['{{ name.', 'replace', 'text.replace(old, new, count=-1)'],
    ['{{ "a".', 'split', 'text.split(sep=none, maxsplit=-1)'],
    ['{{ user.', 'items', 'dict.items()'],
    ['{{ user.orders.', 'append', 'list.append(item)'],
    ['{{ name.strip().', 'upper', 'text.upper()'],
    ['{{ topic.', 'items', 'dict.items()'],
  ])('offers the methods of the type: %j', (before, label, signature) => {
    const completion = completeAt(before, knowledge);
    const items = completion?.kind === 'suggestions' ? completion.items : [];
    expect(items.find((item) => item.label === label)).toMatchObject({ kind: 'method', entry: { signature } });
  });

  it('offers the filters that fit the type first', () => {
    expect(labels('{{ name | ')[0]).toBe('capitalize');
    expect(labels('{{ user.orders | ')[0]).toBe('batch');
    expect(labels('{{ user | ')[0]).toBe('attr');
    expect(labels('{{ topic | ')[0]).toBe('abs');
    expect(labels('{{ name | ', { ...knowledge, syntax: 'liquid' })[0]).toBe('append');
  });

  it('offers methods only where they are', () => {
    expect(labels('{{ name.')).not.toContain('items');
    expect(labels('{% for o in user.orders %}{{ o.total.')).toEqual([]);
  });

  it('offers after a value only what joins it to another', () => {
    expect(labels('{{ name ')).toEqual(['if', 'else', 'is', 'and', 'or', 'not', 'in']);
    expect(labels('{% for x ')).toEqual(['in']);
    expect(labels('{{ name if ')[0]).toBe('name');
    expect(labels('{% for x in ')[0]).toBe('name');
  });

  it('offers globals only where they stand for something', () => {
    expect(labels('{{ ')).not.toEqual(expect.arrayContaining(['caller']));
    expect(labels('{% macro f() %}{{ ')).toContain('caller');
    expect(labels('{% for x in y %}{% endfor %}{{ ')).not.toContain('loop');
    expect(labels('{% ')).not.toContain('break');
    expect(labels('{% for x in y %}{% ')).toContain('break');
  });

  it('offers nothing in the end of a dict in a dict, and goes on after it', () => {
    expect(labels('{{ {"a": {"b": 1}} | up')).toContain('upper');
    expect(labels('{{ {"a": {"b": 1}} }} up')).toEqual([]);
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
      input: { name: 'name', declaration: { default: 'Ada' } },
    });
    expect(hover('{{ ^topic }}')).toMatchObject({ input: { name: 'topic', declaration: null } });
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

  it.each([
    [
      '{% for d in documents %}{{ ^d }}',
      { from: 'for', statement: 'for d in documents' },
      { value: { title: 'T', meta: { page: 1 } } },
    ],
    ['{% for name in range(3) %}{{ na^me }}', { from: 'for', path: null }, {}],
    ['{% for na^me in range(3) %}', { from: 'for', statement: 'for name in range(3)' }, {}],
    ['{% macro hi(who="x") %}{{ wh^o }}', { from: 'parameter', statement: 'macro hi(who="x")' }, {}],
    ['{% macro hi(who) %}{% endmacro %}{{ h^i(1) }}', { from: 'macro', statement: 'macro hi(who)' }, {}],
    ['{% set t = user.address %}{{ ^t }}', { from: 'set', path: 'user.address' }, { type: 'object' }],
    ['{% set ^t = 1 %}', { from: 'set', statement: 'set t = 1' }, {}],
  ])('tells what the template defines itself, and where: %j', (marked, local, more) => {
    expect(hover(marked)).toMatchObject({ kind: 'local', local, ...more });
  });

  it('tells methods from members of the same name', () => {
    expect(hover('{{ user.ite^ms() }}')).toMatchObject({ entry: { signature: 'dict.items()' } });
    expect(hover('{{ user.ite^ms }}')).toMatchObject({ kind: 'value', path: 'user.items' });
  });

  it.each(['na^me', "{{ 'na^me' }}", '{# na^me #}', '{{ unkno^wn }}'])('says nothing at %j', (marked) => {
    expect(hover(marked)).toBeNull();
  });
});
