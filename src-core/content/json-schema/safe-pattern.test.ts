import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePattern, PatternFault } from './safe-pattern.ts';

const test = (pattern: string, text: string) => compilePattern(pattern)(text, () => {});

it.each<[string, readonly string[], readonly string[]]>([
  ['^[a-z]+(-[a-z]+)*$', ['a', 'ab-cd-e'], ['', '-a', 'a--b', 'A']],
  ['^\\d{4}-\\d{2}-\\d{2}$', ['2024-03-05'], ['2024-3-05', '2024-03-05x']],
  ['^(\\d{3}-){2}\\d{4}$', ['123-456-7890'], ['123-4567890']],
  ['b{2,3}', ['abb', 'bbbbb'], ['ab', '']],
  ['^(?:cat|dog|)s?$', ['cats', 'dog', 's', ''], ['catdog']],
  ['^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', ['a.b@c.org'], ['a@b', 'a b@c.org']],
  ['^(?<year>\\d+)$', ['2024'], ['x']],
  ['\\bword\\b', ['a word.', 'word'], ['words', 'sword']],
  ['^\\p{Lu}\\P{L}$', ['Ä1'], ['ä1', 'ÄA']],
  ['^.$', ['a', '😀', '\u00e9'], ['', 'ab', '\n']],
  ['^[\\]\\-a]+\\/\\.$', [']-a/.'], ['b/.']],
  ['^\\u0041\\x42\\u{43}[\\u{1F600}-\\u{1F64F}]?$', ['ABC', 'ABC😀'], ['ABD']],
  ['^a*?b+?$', ['b', 'aabb'], ['a']],
  ['^\\w+\\-\\w+$', ['a-b'], ['ab']],
  ['', ['', 'x'], []],
])('%s fits %j and not %j', (pattern, fitting, others) => {
  expect(fitting.filter((text) => !test(pattern, text))).toEqual([]);
  expect(others.filter((text) => test(pattern, text))).toEqual([]);
});

it('agrees with the regular expressions of the platform', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '\\b', '^', '$', 'ä', '\\s');
  const repeat = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?');
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, repeat).map(([part, times]) => (/[\^$b]$/.test(part) && part !== 'b' ? part : part + times)),
      fc.tuple(tie('pattern'), tie('pattern')).map(([first, second]) => first + second),
      fc.tuple(tie('pattern'), tie('pattern')).map(([first, second]) => `(?:${first}|${second})`),
      fc.tuple(tie('pattern'), repeat).map(([part, times]) => `(${part})${times}`),
    ),
  }));
  const text = fc.array(fc.constantFrom('a', 'b', 'ä', ' ', '1', '-'), { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, text, (source, subject) => test(source, subject) === new RegExp(source, 'u').test(subject)),
    { numRuns: 3_000 },
  );
});

it.each(['(a+)+$', '^(a?){50}a{50}$', '^(a|a)*$', '^(a*)*b$', '(.*)*(.*)*(.*)*x', '^(a*){8}$', '(?:){1000000000}b'])(
  'takes time in proportion to the text for %s',
  (pattern) => {
    let steps = 0;
    compilePattern(pattern)(`${'a'.repeat(2_000)}!`, (more) => {
      steps += more;
    });
    expect(steps).toBeLessThan(600_000);
  },
);

it.each([
  ['(', 'it is not a regular expression'],
  ['(a)\\1', 'it has a back reference'],
  ['^(?=.*\\d).+$', 'it looks ahead or behind'],
  ['(?<!a)b', 'it looks ahead or behind'],
  ['(?:){1000000000}(', 'it is not a regular expression'],
  ['a'.repeat(5_001), 'it is too long'],
  ['((a{100}){100}){100}', 'it is too long when its counted repeats are written out'],
])('refuses %s', (pattern, reason) => {
  expect(() => compilePattern(pattern)).toThrow(new PatternFault(reason));
});
