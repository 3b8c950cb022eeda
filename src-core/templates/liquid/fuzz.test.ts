import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loaderOf, snapshotGlobals } from '../corpus/hostile.ts';
import { TemplateError } from '../runtime/types.ts';
import { inputsOf } from '../template-inputs.ts';
import { parseLiquid, renderLiquid } from './liquid.ts';

const name = fc.constantFrom(
  'a',
  'items',
  'user',
  'text',
  'forloop',
  'constructor',
  '__proto__',
  'empty',
  'blank',
  'missing',
);
const literal = fc.constantFrom('1', '2.5', '-3', '"text"', "''", 'true', 'nil', '(1..3)', '(1..a)');
const filter = fc.constantFrom(
  ...[
    'upcase',
    'size',
    'first',
    'last',
    'join: ","',
    'split: ""',
    'append: a',
    'plus: 1',
    'divided_by: 0',
    'default: "d"',
    'date: "%Y"',
    'json',
    'sort',
    'map: "a"',
  ],
  ...[
    'where: "a"',
    'uniq',
    'concat: items',
    'slice: 1, 2',
    'truncate: 4',
    'replace: "a", "b"',
    'strip_html',
    'round: 2',
    'times: text',
    'reverse',
    'sum',
    'nosuch',
    'toString',
  ],
);
const value = fc
  .tuple(fc.oneof(name, literal), fc.array(name, { maxLength: 2 }), fc.array(filter, { maxLength: 3 }))
  .map(([root, path, filters]) => [[root, ...path].join('.'), ...filters].join(' | '));

const { block } = fc.letrec<{ block: string }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 8 }),
    value.map((shown) => `{{ ${shown} }}`),
    value.map((shown) => `{{- ${shown} -}}`),
    fc.constantFrom(
      "{% include 'part' %}",
      "{% render 'part', a: 1 %}",
      "{% include 'self' %}",
      "{% layout 'part' %}",
      '{% break %}',
      '{% increment a %}',
      '{% cycle 1, 2 %}',
    ),
    fc.tuple(tie('block'), tie('block')).map(([first, second]) => first + second),
    fc
      .tuple(value, tie('block'))
      .map(([when, body]) => `{% if ${when} == a %}${body}{% elsif a contains "x" %}y{% endif %}`),
    fc
      .tuple(name, name, tie('block'))
      .map(([item, list, body]) => `{% for ${item} in ${list} limit: 3 reversed %}${body}{% endfor %}`),
    fc.tuple(name, value).map(([target, assigned]) => `{% assign ${target} = ${assigned} %}`),
    fc.tuple(name, tie('block')).map(([target, body]) => `{% capture ${target} %}${body}{% endcapture %}`),
    fc.tuple(name, tie('block')).map(([list, body]) => `{% tablerow a in ${list} cols: 2 %}${body}{% endtablerow %}`),
    fc
      .tuple(value, tie('block'))
      .map(([subject, body]) => `{% case ${subject} %}{% when 1, "x" %}${body}{% else %}z{% endcase %}`),
  ),
}));
const broken = fc
  .tuple(
    block,
    fc.nat(),
    fc.nat(9),
    fc.constantFrom('', '{{', '%}', '{%', '|', "'", '.', '(', '\ud800', '{% endfor %}'),
  )
  .map(([source, at, length, insert]) => {
    const start = source.length === 0 ? 0 : at % source.length;
    return source.slice(0, start) + insert + source.slice(start + length);
  });

it('any template ends, throws only typed errors and changes no global', { timeout: 60_000 }, () => {
  const inputs = { items: [1, 'two', null, { a: 1 }], user: { name: 'Ada', a: [1] }, text: '<b>x</b>', a: 3 };
  const loader = loaderOf({ part: '{{ a }}{{ items }}', self: "{% include 'self' %}" });
  const before = snapshotGlobals();
  fc.assert(
    fc.property(fc.oneof(block, broken), (source) => {
      const { template, problems } = parseLiquid(source);
      expect(problems).toHaveLength(template === null ? 1 : 0);
      if (template === null) return;
      inputsOf(template);
      try {
        const { output, sourceMap } = renderLiquid(template, inputs, { loader });
        expect(output).not.toMatch(/\[native code\]|\[object \w+\]/);
        expect(sourceMap.at(-1)?.end ?? 0).toBe(output.length);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 2_500 },
  );
  expect(snapshotGlobals()).toEqual(before);
});
