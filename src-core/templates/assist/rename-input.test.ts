import { describe, expect, it } from 'vitest';
import { contentSchema, type Syntax } from '../../contract/content.ts';
import { textOf } from '../../contract/message-texts.ts';
import type { Json } from '../../contract/shared.ts';
import { parseTemplate, renderTemplate } from '../engine.ts';
import type { Template } from '../runtime/types.ts';
import { renameInput, renameKey } from './rename-input.ts';

const contentOf = (sources: readonly string[], syntax: Syntax = 'jinja') =>
  contentSchema.parse({
    syntax,
    messages: sources.map((content) => ({ role: 'user', content })),
    inputs: [{ name: 'name', type: 'string' }],
    samples: [{ name: 's', inputs: { other: 1, name: 'Ada' } }],
  });

const renamed = (source: string, syntax: Syntax = 'jinja') =>
  textOf(renameInput(contentOf([source], syntax), 'name', 'who').messages[0]!);

const render = (source: string, inputs: Readonly<Record<string, Json>>, syntax: Syntax = 'jinja') =>
  renderTemplate(parseTemplate(source, { syntax }).template as Template, inputs).output;

describe('renaming an input', () => {
  it('changes the declaration, the samples and every message', () => {
    const content = renameInput(contentOf(['Hi {{ name }}', '{{ name }} and {{ x.name }}']), 'name', 'who');
    expect(content.messages.map((message) => message.content)).toEqual(['Hi {{ who }}', '{{ who }} and {{ x.name }}']);
    expect(content.inputs.map((input) => input.name)).toEqual(['who']);
    expect(Object.entries(content.samples[0]?.inputs ?? {})).toEqual([
      ['other', 1],
      ['who', 'Ada'],
    ]);
  });

  it.each<[string, string]>([
    ['name {{ name | upper }} {# name #}', 'name {{ who | upper }} {# name #}'],
    ['{{ name.first["name"] ~ f(name=name) ~ "name" }}', '{{ who.first["name"] ~ f(name=who) ~ "name" }}'],
    ['{{ [name, {"name": name}][name:] }}', '{{ [who, {"name": who}][who:] }}'],
    [
      '{% if name is defined and not name %}{{ x is eq(name) }}{% endif %}',
      '{% if who is defined and not who %}{{ x is eq(who) }}{% endif %}',
    ],
    [
      '{% for name in name %}{{ name }}{% else %}{{ name }}{% endfor %}',
      '{% for name in who %}{{ name }}{% else %}{{ who }}{% endfor %}',
    ],
    [
      '{% for k, name in x if name %}{{ name }}{% endfor %}{{ name }}',
      '{% for k, name in x if name %}{{ name }}{% endfor %}{{ who }}',
    ],
    [
      '{% macro m(name, b=name) %}{{ name }}{% endmacro %}{{ m(name) }}',
      '{% macro m(name, b=name) %}{{ name }}{% endmacro %}{{ m(who) }}',
    ],
    [
      '{% with name = name %}{{ name }}{% endwith %}{{ name }}',
      '{% with name = who %}{{ name }}{% endwith %}{{ who }}',
    ],
    ['{% set name = name | trim %}{{ name }}', '{% set name = who | trim %}{{ name }}'],
    ['{% set u = name %}{{ u.x }}', '{% set u = who %}{{ u.x }}'],
    [
      "{% include name %}{% import 'x' as name %}{{ name.m() }}",
      "{% include who %}{% import 'x' as name %}{{ name.m() }}",
    ],
    ['{{ name }}\r\n{{ name }}\r\n', '{{ who }}\r\n{{ who }}\r\n'],
    [
      '{% filter replace(name, "x") %}{{ name }}{% endfilter %}',
      '{% filter replace(who, "x") %}{{ who }}{% endfilter %}',
    ],
    ['{% raw %}{{ name }}{% endraw %}', '{% raw %}{{ name }}{% endraw %}'],
  ])('turns %j into %j', (before, after) => {
    expect(renamed(before)).toBe(after);
  });

  it.each([
    "{% if not name %}{% set name = 'you' %}{% endif %}Hi {{ name }}",
    "{% if x %}{% set name = name ~ '!' %}{% else %}-{% endif %}{% for i in [1, 2] %}{{ name }}{% endfor %}",
    "{% if x %}{% set name = 'a' %}{% else %}{% set name = 'b' %}{% endif %}{{ name }}",
  ])('keeps one name for what is the input or set: %j', (source) => {
    const after = renamed(source);
    for (const value of ['Ada', '']) {
      for (const x of [true, false]) {
        expect(render(after, { who: value, x })).toBe(render(source, { name: value, x }));
      }
    }
  });

  it('renames in Liquid, also inside of tags', () => {
    const source =
      '{{ name | upcase }}{% if name == "name" %}{{ x.name }}{% endif %}\n{% for i in name.list %}{{ i.name }}{% endfor %}';
    expect(renamed(source, 'liquid')).toBe(
      '{{ who | upcase }}{% if who == "name" %}{{ x.name }}{% endif %}\n{% for i in who.list %}{{ i.name }}{% endfor %}',
    );
    expect(() => renamed('{{ name }}{% assign name = 1 %}{{ name }}', 'liquid')).not.toThrow(TypeError);
  });

  it('renames in nunjucks, but not keys, members, macro arguments and raw text', () => {
    const source =
      '{{ name | upper }}{{ x.name }}{% if name === "name" %}{{ {name: name} | dump }}{% endif %}{% raw %}{{ name }}{% endraw %}' +
      '{% macro m(name) %}{{ name }}{% endmacro %}{{ m(name=name) }}{% switch name %}{% case name %}{% endswitch %}';
    expect(renamed(source, 'nunjucks')).toBe(
      '{{ who | upper }}{{ x.name }}{% if who === "name" %}{{ {name: who} | dump }}{% endif %}{% raw %}{{ name }}{% endraw %}' +
        '{% macro m(name) %}{{ name }}{% endmacro %}{{ m(name=who) }}{% switch who %}{% case who %}{% endswitch %}',
    );
    expect(() => renameInput(contentOf(['{{ name }}'], 'nunjucks'), 'name', 'cycler')).toThrow('means something else');
    expect(() => renameInput(contentOf(['{{ name }}{{ who }}'], 'nunjucks'), 'name', 'who')).toThrow('already');
    expect(renameInput(contentOf(['{{ name }}'], 'nunjucks'), 'name', 'dict').messages[0]?.content).toBe('{{ dict }}');
  });

  it.each([
    ['2nd', 'An input name starts with'],
    ['range', '"range" means something else'],
    ['true', '"true" means something else'],
  ])('refuses the name %j', (to, message) => {
    expect(() => renameInput(contentOf(['{{ name }}']), 'name', to)).toThrow(message);
  });

  it('refuses a name that is taken, and a message that cannot be parsed', () => {
    const taken = contentOf(['{% for who in x %}{{ name }}{% endfor %}']);
    expect(() => renameInput(taken, 'name', 'who')).toThrow('Message 1 uses the name "who" already');
    expect(() => renameInput(contentOf(['ok', '{{ name ']), 'name', 'who')).toThrow('Message 2 has an error');
  });

  it('renames what samples give in another spelling of the name', () => {
    expect(renameKey({ a: 1, 'pre\u0301nom': 2 }, 'pr\u00e9nom', 'x')).toEqual({ a: 1, x: 2 });
    expect(renameKey({ ＡＢＣ: 1, ABC: 2 }, 'ABC', 'x')).toEqual({ ＡＢＣ: 1, x: 2 });
  });

  it('keeps the order of a record', () => {
    expect(Object.keys(renameKey({ a: 1, b: 2, c: 3 }, 'b', 'x'))).toEqual(['a', 'x', 'c']);
  });
});

it('renames what media and placeholders read, and every text of every part', () => {
  const content = contentSchema.parse({
    messages: [
      { placeholder: 'name' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '{{ name }}' },
          { type: 'image', input: 'name' },
          { type: 'tool_call', name: 'name', arguments: '{"name": {{ name }}}' },
        ],
      },
    ],
  });
  expect(renameInput(content, 'name', 'who').messages).toEqual([
    { placeholder: 'who' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: '{{ who }}' },
        { type: 'image', input: 'who' },
        { type: 'tool_call', id: '', name: 'name', arguments: '{"name": {{ who }}}' },
      ],
    },
  ]);
  const taken = contentSchema.parse({ messages: [{ placeholder: 'who' }, { role: 'user', content: '{{ name }}' }] });
  expect(() => renameInput(taken, 'name', 'who')).toThrow('Message 1 uses the name "who" already');
});
