import { describe, expect, it } from 'vitest';
import { checkContent } from '../../content/templates/check-content.ts';
import { contentSchema } from '../../contract/content.ts';
import { completeAt } from '../assist/complete.ts';
import { hoverAt } from '../assist/hover.ts';
import type { Knowledge } from '../assist/knowledge.ts';
import { parseTemplate, renderTemplate } from '../engine.ts';
import { type Inputs, type RenderOptions, TemplateError } from '../runtime/types.ts';

function render(source: string, inputs: Inputs = {}, options: RenderOptions = {}) {
  const { template, problems } = parseTemplate(source, { syntax: 'nunjucks' });
  if (template === null) throw new TemplateError(problems.at(-1)!);
  return renderTemplate(template, inputs, options);
}

const loaderOf = (sources: Readonly<Record<string, string>>) => ({
  load: (name: string) => (Object.hasOwn(sources, name) ? { source: sources[name]! } : null),
});

describe('errors of nunjucks templates', () => {
  it.each([
    ['a\n{{ name', '2:1', 'The tag is not closed.'],
    ['a\n{% if x %}b', '2:4', 'The "if" is not closed.'],
    ['{% for x in y %}{% if x %}{% endfor %}', '1:30', '"endfor" cannot close the "if".'],
    ['{% endif %}', '1:4', 'There is nothing open that this "endif" could close.'],
    ['\n  {% fro x in y %}', '2:6', 'There is no statement "fro".'],
    ['{% else %}', '1:4', '"else" belongs into an "if", "for" or "switch".'],
    ['{{ !a }}', '1:4', '"!" is here, but a value was expected.'],
    ['a\n  {% if %}b{% endif %}', '2:9', '"%}" is here, but a value was expected.'],
    ['é😀\n{{ f(1, , 2) }}', '2:9', '"," is here, but a value was expected.'],
    ['{{ a +\n b ~\n ) }}', '3:2', '")" is here, but a value was expected.'],
    ['{{ a && b }}', '1:6', '"&&" is here, but "}}" was expected.'],
    ['{{ a[1:2] }}', '1:7', '":" is here, but "," or what closes the bracket was expected.'],
    ['{{ "abc }}', '1:4', 'The quotes are not closed.'],
    ['{# abc', '1:1', 'The comment is not closed.'],
    ['a #} b', '1:3', 'There is no "{#" before this "#}".'],
    ['{{ (a }}', '1:4', '"(" is not closed.'],
    ['{{ [a) }}', '1:6', '")" cannot close "[".'],
    ['{{ {1: 2} }}', '1:5', 'The key of an object is a name or a quoted text.'],
    ['{{ a\n | uper }}', '2:4', 'There is no filter "uper".'],
    ['{{ a\n and b is\n not strng }}', '3:6', 'There is no test "strng".'],
    [
      '{{ a |\n replace(r/b(?=c)/g, "") }}',
      '2:13',
      '"(?=" looks ahead or behind, which a regular expression here cannot.',
    ],
    ['{{ r/a(?<!b)/ }}', '1:7', '"(?<!" looks ahead or behind, which a regular expression here cannot.'],
    ['{{ r/a(?i:b)/ }}', '1:7', '"(?i:" does not exist in regular expressions here.'],
    [
      '{{ r/(a)\\1/ }}',
      '1:9',
      'A regular expression here has no references to its groups, because they need time without end.',
    ],
    [
      '{{ r/(?<x>a)\\k<x>/ }}',
      '1:13',
      'A regular expression here has no references to its groups, because they need time without end.',
    ],
    ['{{ r/a{1001}/ }}', '1:6', 'A regular expression here repeats a part at most 1,000 times by count.'],
    ['{{ r/(?:(a)|b)*/ }}', '1:6', 'A group that a repeated part may leave out cannot be matched here.'],
    ['{{ r/(a*)*/ }}', '1:6', 'A group in a repeated part that may match nothing cannot be matched here.'],
    ['{{ r/[b-a]/ }}', '1:6', 'This is no regular expression (range out of order in character class).'],
    ['{{ r/a/gg }}', '1:8', 'The flags of a regular expression are g, i, m and y, each once, but these are "gg".'],
    [`{{ r/${'a'.repeat(2001)}/ }}`, '1:6', 'A regular expression may have 2,000 characters, but this one has 2,001.'],
    ['{% set a.b = 1 %}', '1:9', 'A name was expected here.'],
    ['{{ --a }}', '1:4', '"--" is no operator.'],
  ])('%j is reported at %s', (source, place, message) => {
    const { template, problems } = parseTemplate(source, { syntax: 'nunjucks' });
    expect(template).toBeNull();
    expect(problems).toMatchObject([{ severity: 'error', message }]);
    expect(`${problems[0]?.start.line}:${problems[0]?.start.column}`).toBe(place);
  });

  it.each([
    ['a\n{{ user.nosuch() }}', '2:4', '"user.nosuch" cannot be called: it is undefined.'],
    ['{{ user.name() }}', '1:4', '"user.name" cannot be called: it is a text.'],
    ['{{ 5 | join }}', '1:4', '"join" needs a list, but got a number.'],
    ['{{ 1 in 5 }}', '1:4', '"in" looks into lists, texts and objects, but got a number.'],
    ['{% include "nosuch" %}', '1:12', 'There is no template "nosuch".'],
    ['{% include 5 %}', '1:12', 'The name of a template is a text, but here it is a number.'],
    ['{% from "part" import nosuch %}', '1:4', 'The imported template has no "nosuch".'],
    ['{% include "circle" %}', '1:4', 'Templates include each other in a circle: "circle" → "circle".'],
    ['{% include "bad" %}', '1:4', 'The "if" is not closed.'],
    [
      '{% block a %}{{ super() }}{% endblock %}',
      '1:4',
      '"super" finds no block "a" in a template that this one extends.',
    ],
  ])('%j fails at %s when it is rendered', (source, place, message) => {
    const includes = { part: 'x', circle: '{% include "circle" %}', bad: '{% if x %}' };
    const attempt = () => render(source, { user: { name: 'Ada' } }, { loader: loaderOf(includes) });
    expect(attempt).toThrow(TemplateError);
    try {
      attempt();
    } catch (thrown) {
      const { problem } = thrown as TemplateError;
      expect(problem.message).toBe(message);
      expect(`${problem.start.line}:${problem.start.column}`).toBe(place);
    }
  });

  it('are those of undefined values in strict mode, but not where a template asks', () => {
    const strict = { strict: true };
    expect(() => render('{{ name }}', {}, strict)).toThrow('"name" is undefined.');
    expect(() => render('{{ user.nmae }}', { user: {} }, strict)).toThrow('An object has no "nmae".');
    expect(() => render('{{ user.a.b }}', { user: {} }, strict)).toThrow('An object has no "a".');
    expect(() => render('{% for x in xs %}{% endfor %}', {}, strict)).toThrow('"xs" is undefined.');
    expect(
      render('{{ name | default("x") }}{% if name %}a{% endif %}{{ name is defined }}{{ name or "y" }}', {}, strict)
        .output,
    ).toBe('xfalsey');
  });

  it('name the limit that is exceeded', () => {
    const limitOf = (source: string, inputs: Inputs = {}) => {
      try {
        render(source, inputs, { limits: { steps: 50_000 } });
        return null;
      } catch (thrown) {
        return (thrown as TemplateError).problem.limit;
      }
    };
    expect(limitOf(' '.repeat(256 * 1024 + 1))).toBe('source');
    expect(limitOf('{{ a }}'.repeat(20_001))).toBe('nodes');
    expect(limitOf(`{{ ${'('.repeat(100)}1${')'.repeat(100)} }}`)).toBe('nesting');
    expect(limitOf(`${'{% if a %}'.repeat(100)}${'{% endif %}'.repeat(100)}`)).toBe('nesting');
    expect(limitOf(`{{ ${'not '.repeat(100)}1 }}`)).toBe('nesting');
    expect(limitOf(`{{ a${'|upper'.repeat(100)} }}`)).toBe('nesting');
    expect(limitOf(`{{ ${'not '.repeat(50_000)}1 }}`)).toBe('nesting');
    expect(limitOf('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}')).toBe('recursion');
    expect(limitOf('{{ range(10001) }}')).toBe('range');
    expect(limitOf('{{ "ab".repeat(1000000) }}')).toBe('string');
    expect(limitOf('{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}')).toBe('steps');
    expect(limitOf('{% set l = [1] %}{% set n = l.push(l) %}{{ l }}')).toBe('dataDepth');
  });
});

describe('regular expressions of nunjucks templates', () => {
  const limitOf = (source: string, text: string) => {
    try {
      render(source, { text });
      return null;
    } catch (thrown) {
      return (thrown as TemplateError).problem.limit ?? (thrown as TemplateError).problem.message;
    }
  };

  it('take time in proportion to the text, or end at a limit', () => {
    // A busy machine may reach its time before its steps.
    const work = /^(?:steps|milliseconds)$/;
    expect(limitOf('{{ r/(x+x+)+y/.test(text) }}', 'x'.repeat(500_000))).toBeNull();
    expect(limitOf('{{ r/^(?:a|a)*$/.test(text) }}', `${'a'.repeat(20_000)}!`)).toBeNull();
    expect(limitOf('{{ text.replace(r/a.*z|a/g, "") }}', 'a'.repeat(100_000))).toMatch(work);
    expect(limitOf('{{ text.replace(r/(a?){50}a{50}/g, "") }}', 'a'.repeat(500_000))).toMatch(work);
    expect(limitOf('{{ text.match(r/(?:[ab]{0,90}){10}z/) }}', 'ab'.repeat(100_000))).toBeNull();
    expect(limitOf('{{ text.replace(r/a/g, text) }}', 'a'.repeat(10_000))).toBe('string');
    expect(limitOf('{{ text.split(r/b?/) }}', 'a'.repeat(200_000))).toMatch(/list|steps|milliseconds/);
  });

  it('may be texts, which are as linear', () => {
    expect(render('{{ "a1b2".match("[0-9]") }} {{ "ab".search("b$") }}').output).toBe('1 1');
    expect(limitOf('{{ "a".match(text) }}', '(a)\\1')).toContain('"match" got the regular expression "(a)\\1"');
    expect(limitOf('{{ "a".match(text) }}', '(')).toContain('This is no regular expression');
  });

  it('say that they cannot tell ends of lines apart in a text that has several', () => {
    expect(render('{{ text.replace(r/^|$/gm, "|") }}', { text: 'a\r\nb' }).output).toBe('|a|\r|\n|b|');
    expect(limitOf('{{ text.match(r/^b\\r$/m) }}', 'a\r\nb')).toContain('tells ends of lines apart');
  });

  it('are refused in the diagnostics of the prompt, in conditions too', () => {
    const content = contentSchema.parse({
      syntax: 'nunjucks',
      messages: [{ role: 'user', content: 'a\n{% if r/(?!a)b/.test("b") %}x{% endif %}' }],
    });
    expect(checkContent(content)).toMatchObject([
      {
        severity: 'error',
        start: { line: 2, column: 9 },
        end: { line: 2, column: 12 },
        message: expect.stringContaining('looks ahead'),
      },
    ]);
  });
});

describe('tools for nunjucks templates', () => {
  it('say where each stretch of the output comes from and which inputs were read', () => {
    const { output, usedInputs, sourceMap } = render(
      'Hi {{ user.name }}!\n{% for d in docs %}{{ d.title | upper }}{% endfor %}',
      {
        user: { name: 'Ada' },
        docs: [{ title: 'a' }],
        unused: 1,
      },
    );
    expect(output).toBe('Hi Ada!\nA');
    expect(usedInputs).toEqual(['user', 'docs']);
    expect(
      sourceMap.map(({ start, end, line, column, input }) => [output.slice(start, end), line, column, input]),
    ).toEqual([
      ['Hi ', 1, 1, null],
      ['Ada', 1, 7, 'user.name'],
      ['!\n', 1, 19, null],
      ['A', 2, 23, 'docs[].title'],
    ]);
  });

  it('warn of inputs that are not declared or not used, with a fix', () => {
    const content = contentSchema.parse({
      syntax: 'nunjucks',
      messages: [{ role: 'user', content: '{{ name }}{% for d in docs %}{{ d.title }}{% endfor %}' }],
      inputs: [{ name: 'nmae', type: 'string' }],
    });
    expect(checkContent(content)).toMatchObject([
      { code: 'undeclared', input: 'name', start: { line: 1, column: 4 } },
      { code: 'undeclared', input: 'docs', fix: { kind: 'declare', name: 'docs' } },
      { code: 'unused', input: 'nmae', fix: { kind: 'remove', name: 'nmae' } },
    ]);
  });

  it('complete and explain by the words of nunjucks', () => {
    const knowledge: Knowledge = {
      syntax: 'nunjucks',
      inputs: [],
      values: { user: { name: 'Ada' } },
      samples: [],
      usedPaths: ['user.name'],
    };
    const labels = (before: string) => {
      const found = completeAt(before, knowledge);
      return found?.kind === 'suggestions' ? found.items.map(({ label }) => label) : found?.kind;
    };
    expect(labels('{{ user | ')).toContain('dump');
    expect(labels('{{ user | ')).not.toContain('tojson');
    expect(labels('{% ')).toEqual(expect.arrayContaining(['switch', 'verbatim', 'asyncEach']));
    expect(labels('{{ user.')).toContain('name');
    expect(labels('{{ user.name.')).toEqual(expect.arrayContaining(['toUpperCase', 'split']));
    expect(labels('{% for u in x %}{{ loop.')).toEqual([
      'index',
      'index0',
      'revindex',
      'revindex0',
      'first',
      'last',
      'length',
    ]);
    expect(labels("{% include '")).toBe('prompts');
    expect(labels('{% switch user.name %}{% ')).toEqual(expect.arrayContaining(['endswitch', 'case', 'default']));
    expect(labels('{% asyncEach item in list %}{{ ')).toContain('item');
    expect(labels('{% asyncEach item in list %}{% endeach %}{{ ')).not.toContain('item');
    expect(hoverAt('{{ x | dump }}', 9, knowledge)).toMatchObject({ kind: 'entry', entry: { name: 'dump' } });
  });

  it('read numbers as JavaScript does, and line breaks as one character', () => {
    expect(render('{{ a }} {{ b }} {{ c + 1 }}', { a: 1e21, b: 12345678901234567000, c: 2 }).output).toBe(
      '1e+21 12345678901234567000 3',
    );
    expect(render('a\r\nb{{ x }}\rc', { x: 1 }).output).toBe('a\nb1\nc');
  });
});
