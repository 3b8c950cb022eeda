import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from '../../engine.ts';
import { TemplateError } from '../../runtime/types.ts';

const run = (template: string, inputs: Record<string, string>) => {
  const { template: parsed, problems } = parseTemplate(template, { syntax: 'nunjucks' });
  if (parsed === null) throw new TemplateError(problems.at(-1)!);
  return renderTemplate(parsed, inputs).output;
};

/** Patterns of everything that is written down in JavaScript's, valid and not. */
const pattern = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      ...[
        'a',
        'b',
        'K',
        'ſ',
        'ß',
        'é',
        '😀',
        '\\d',
        '\\w',
        '\\s',
        '\\W',
        '\\S',
        '.',
        '\\b',
        '\\B',
        '^',
        '$',
        '\\n',
        '\\u0061',
        '\\x62',
      ],
      ...[
        '[ab]',
        '[^a]',
        '[\\w-b]',
        '[a-c😀]',
        '[^\\s]',
        '[]',
        '[^]',
        '\\.',
        '\\-',
        '{',
        ']',
        '\\c',
        '\\cJ',
        '\\0',
        '\\8',
        '[\\b]',
        '\\/',
      ],
    ),
    tie('node').map((inner) => `(${inner})`),
    tie('node').map((inner) => `(?:${inner})`),
    tie('node').map((inner) => `(?<n${inner.length}>${inner})`),
  ),
  node: fc
    .array(
      fc
        .tuple(
          tie('atom'),
          fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{1,2}', '{0,2}?', '{1,}', '|'),
        )
        .map(([atom, sign]) => (sign === '|' ? `${atom}|` : atom + sign)),
      { minLength: 0, maxLength: 4 },
    )
    .map((parts) => parts.join('')),
})).node;
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'K',
      'k',
      's',
      'ſ',
      'ß',
      'é',
      'É',
      '😀',
      ' ',
      '\n',
      '1',
      '_',
      '.',
      '/',
      '\b',
      '{',
      '\u2028',
      '\r',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));
const flags = fc.constantFrom('', 'g', 'i', 'm', 'gi', 'gm', 'gim', 'y', 'gy');

const templateOf = (body: string, marks: string) =>
  `{{ text.replace(r/${body}/${marks}, "<$&|$1|$2|$\`>") | dump }} {{ text.split(r/${body}/${marks}) | dump }} {{ text.search(r/${body}/${marks}) }} ` +
  `{{ text.match(r/${body}/${marks}) | dump }} {% set x = r/${body}/${marks} %}{{ x.test(text) }} {{ x.test(text) }} {{ x.lastIndex }} {{ x }} {{ text.match(x).index }}`;

const native = (body: string, marks: string, given: string): string => {
  const make = () => new RegExp(body, marks);
  const x = make();
  const tests = [x.test(given), x.test(given), x.lastIndex, String(x)];
  const dump = (value: unknown) => JSON.stringify(value);
  const all = [
    dump(given.replace(make(), '<$&|$1|$2|$`>')),
    // Nunjucks' own JSON of a group that took no part is null.
    dump(given.split(make())),
    given.search(make()),
    dump(given.match(make())),
    ...tests,
    given.match(x)?.index ?? '',
  ];
  return all.join(' ');
};

describe('regular expressions', () => {
  it('match as in JavaScript, or are refused with a sentence', () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, flags, text, (body, marks, given) => {
        fc.pre(!body.endsWith('\\') && !body.includes('//'));
        const source = body.replaceAll(/(?<!\\)\//g, '\\/');
        let valid = true;
        try {
          new RegExp(source, marks);
        } catch {
          valid = false;
        }
        let ours: string;
        try {
          ours = run(templateOf(source, marks), { text: given });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(TemplateError);
          if (valid) expect((thrown as TemplateError).problem.message).toMatch(/cannot be matched|references/);
          return;
        }
        expect(valid).toBe(true);
        expect(ours).toBe(native(source, marks, given));
        matched += 1;
      }),
      { numRuns: Number(process.env.REGEX_RUNS ?? 3_000) },
    );
    expect(matched).toBeGreaterThan(1_000);
  });
});
