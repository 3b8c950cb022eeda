import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Syntax } from '../../contract/content.ts';
import { parseJsonInputs, parseTemplate, renderTemplate } from '../engine.ts';
import { compositionRows } from '../nunjucks/corpus/composition.ts';
import { expressionRows } from '../nunjucks/corpus/expressions.ts';
import { promptRows } from '../nunjucks/corpus/prompts.ts';
import { sharedInputs } from '../nunjucks/corpus/row.ts';
import { statementRows } from '../nunjucks/corpus/statements.ts';
import { type Inputs, TemplateError } from '../runtime/types.ts';
import { formatTemplate } from './format-template.ts';

interface Row {
  readonly template: string;
  readonly vars: Inputs;
  readonly includes?: Readonly<Record<string, string>>;
}

const rows = ['expressions', 'filters', 'methods', 'statements', 'prompts'].flatMap((name) =>
  readFileSync(new URL(`../corpus/golden/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => parseJsonInputs(line) as unknown as Row),
);

function outcome(source: string, inputs: Inputs, includes: Row['includes'] = {}, syntax: Syntax = 'jinja'): string {
  const { template, problems } = parseTemplate(source, { syntax });
  if (template === null) return `error ${problems[0]?.message}`;
  try {
    const loader = {
      load: (name: string) => (Object.hasOwn(includes, name) ? { source: includes[name] ?? '' } : null),
    };
    return renderTemplate(template, inputs, { loader, now: 0 }).output;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return `error ${thrown.problem.message}`;
    throw thrown;
  }
}

describe('formatting a template', () => {
  it.each<[string, string]>([
    ['{{name|upper}}', '{{ name | upper }}'],
    ['{{-  a.b [ 0 ]|join( ", " )-}}', '{{- a.b [0] | join(", ") -}}'],
    ['{%if a==1 and not(b)%}x{%-endif%}', '{% if a == 1 and not (b) %}x{%- endif %}'],
    ['{%set a=b+-1%}{{f(a = 1,b=2)}}', '{% set a = b + -1 %}{{ f(a=1, b=2) }}'],
    ["{{ {'a':1,'b' : x[1:2]} }}", "{{ {'a': 1, 'b': x[1:2]} }}"],
    ["{{'a|b'~c**2}}", "{{ 'a|b' ~ c**2 }}"],
    ['{{\n  a|upper\n}}', '{{\n  a | upper\n}}'],
    ['{% raw %}{{a}}{% endraw %}{#{{a}}#}', '{% raw %}{{a}}{% endraw %}{#{{a}}#}'],
    ['{{a}} {{ broken', '{{a}} {{ broken'],
    ['{{a}}\r\n', '{{ a }}\r\n'],
  ])('turns %j into %j', (before, after) => {
    expect(formatTemplate(before, 'jinja')).toBe(after);
  });

  it.each<[string, string]>([
    ['{{name|upcase}}', '{{ name | upcase }}'],
    ['{%-if a-%}{{ "|" |append:"}}"}}{%endif%}', '{%- if a -%}{{ "|" | append:"}}" }}{% endif %}'],
    [
      '{% raw %}{{a}}{% endraw %}{%comment%}{{a}}{%endcomment%}',
      '{% raw %}{{a}}{% endraw %}{%comment%}{{a}}{%endcomment%}',
    ],
    ['{% liquid\n echo a\n%}{%# note%}', '{% liquid\n echo a\n%}{%# note%}'],
  ])('turns the Liquid %j into %j', (before, after) => {
    expect(formatTemplate(before, 'liquid')).toBe(after);
    const inputs = { name: 'x', a: 1 };
    expect(outcome(after, inputs, {}, 'liquid')).toBe(outcome(before, inputs, {}, 'liquid'));
  });

  it.each<[string, string]>([
    ['{{name|upper}}', '{{ name | upper }}'],
    ['{%-if a===1 and not(b)%}x{%endif-%}', '{%- if a === 1 and not (b) %}x{% endif -%}'],
    ['{{ {a:1,"b" : x.y} }}{{f(a = 1,b=2)}}', '{{ {a: 1, "b": x.y} }}{{ f(a=1, b=2) }}'],
    [
      '{% verbatim %}{{a}}{% endverbatim %}{#{{a}}#}{% raw %}{{b}}{% endraw %}{{c}}',
      '{% verbatim %}{{a}}{% endverbatim %}{#{{a}}#}{% raw %}{{b}}{% endraw %}{{ c }}',
    ],
    ['{{a}} {{ broken', '{{a}} {{ broken'],
    ['{{a}}\r\n', '{{ a }}\r\n'],
  ])('turns the nunjucks %j into %j', (before, after) => {
    expect(formatTemplate(before, 'nunjucks')).toBe(after);
  });

  it('never changes what a nunjucks template renders', () => {
    const all = [...expressionRows, ...statementRows, ...promptRows, ...compositionRows];
    expect(all.length).toBeGreaterThan(500);
    for (const { template, inputs: values, includes } of all) {
      const formatted = formatTemplate(template, 'nunjucks');
      const given = { ...sharedInputs, ...values };
      expect(outcome(formatted, given, includes, 'nunjucks'), template).toBe(
        outcome(template, given, includes, 'nunjucks'),
      );
      expect(formatTemplate(formatted, 'nunjucks')).toBe(formatted);
    }
  });

  it('never changes what a template renders, and finds nothing to do in what it formatted', () => {
    expect(rows.length).toBeGreaterThan(600);
    for (const { template, vars, includes } of rows) {
      if (/lipsum|random/.test(template)) continue;
      const formatted = formatTemplate(template, 'jinja');
      expect(outcome(formatted, vars, includes), template).toBe(outcome(template, vars, includes));
      expect(formatTemplate(formatted, 'jinja')).toBe(formatted);
    }
  });

  it('leaves the meaning alone whatever the blanks were', () => {
    const blank = fc.constantFrom('', ' ', '  ', '\n');
    const part = fc.constantFrom(
      'a',
      '1',
      '"x"',
      '-',
      '+',
      '*',
      '~',
      '|upper',
      '(',
      ')',
      '[',
      ']',
      '==',
      ' not ',
      ' and ',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(blank, part, blank), { maxLength: 8 }), (parts) => {
        const source = `{{ ${parts.flat().join('')} }}`;
        const formatted = formatTemplate(source, 'jinja');
        expect(outcome(formatted, { a: 'q' })).toBe(outcome(source, { a: 'q' }));
      }),
      { numRuns: 500 },
    );
  });
});
