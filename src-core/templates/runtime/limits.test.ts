import { describe, expect, it } from 'vitest';
import { timed } from '../corpus/hostile.ts';
import { parseTemplate, renderTemplate, TemplateError } from '../engine.ts';
import { defaultLimits, type LimitName, type Limits, lowerLimits } from './limits.ts';
import type { Inputs } from './types.ts';

/** The limit that a template exceeds, or null. */
function exceeded(source: string, inputs: Inputs = {}, limits: Partial<Limits> = {}): LimitName | null {
  const { template, problems } = parseTemplate(source);
  if (template === null) return problems.at(-1)?.limit ?? null;
  try {
    renderTemplate(template, inputs, { limits, loader: { load: (name) => ({ source: `{% include "${name}x" %}` }) } });
    return null;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown.problem.limit ?? null;
    throw thrown;
  }
}

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('limits', () => {
  it.each<readonly [LimitName, string, Inputs?]>([
    ['source', ' '.repeat(256 * 1024 + 1)],
    ['nodes', '{{ a }}'.repeat(20_001)],
    ['nesting', `{{ ${'('.repeat(70)}1${')'.repeat(70)} }}`],
    ['nesting', `${'{% if a %}'.repeat(70)}${'{% endif %}'.repeat(70)}`],
    ['nesting', `{{ ${'not '.repeat(70)}1 }}`],
    ['nesting', `{{ a${'|upper'.repeat(300)} }}`],
    ['includeDepth', '{% include "a" %}'],
    ['recursion', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'],
    ['dataDepth', '{{ deep }}', { deep: nested(200) }],
    ['dataDepth', '{% set l = [] %}{% do l.append(l) %}{{ l }}'],
    ['range', '{{ range(10001) }}'],
    ['string', '{{ "a" * 2000000 }}'],
    ['string', '{{ "a"|center(10 ** 9) }}'],
    ['string', '{{ "%999999999d" % 1 }}'],
    ['string', '{{ "{:>99999999}".format(1) }}'],
    ['string', "{{ ('a' * 1000)|replace('a', 'b' * 2000) }}"],
    ['string', '{{ "\\t".expandtabs(10 ** 9) }}'],
    ['list', '{{ [0] * 200000 }}'],
    ['integer', '{{ 10 ** 1000000 }}'],
    ['integer', '{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}'],
    ['output', "{% set s = 'a' * 1000000 %}{{ s }}{{ s }}{{ s }}"],
  ])('%s is named when it is exceeded', (...row) => {
    const [limit, source, inputs] = row as unknown as readonly [LimitName, string, Inputs?];
    expect(exceeded(source, inputs)).toBe(limit);
  });

  it('stop a template that counts too many steps or takes too long', () => {
    const busy = '{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}';
    expect(exceeded(busy, {}, { steps: 10_000 })).toBe('steps');
    expect(exceeded(busy, {}, { milliseconds: 0 })).toBe('milliseconds');
  });

  it('let real prompts of their size through', () => {
    const chain = Array.from({ length: 5_000 }, () => 'a').join(' ~ ');
    expect(exceeded(`{{ ${chain} }}`, { a: 'x' })).toBeNull();
    expect(exceeded('{{ deep }}', { deep: nested(100) })).toBeNull();
  });

  it('can be lowered, not raised', () => {
    expect(lowerLimits({ range: 5, steps: 10 ** 9 })).toEqual({ ...defaultLimits, range: 5 });
    expect(exceeded('{{ range(6) }}', {}, { range: 5 })).toBe('range');
  });

  it.each([
    ["'1' * 500000 ~ 'x'", 'float'],
    ["'1' * 500000 ~ 'x'", 'int'],
    ["'1_' * 250000", 'float'],
    ["'1' ~ ':' * 500000 ~ 'x'", 'yaml'],
    ["'1' ~ '.:' * 250000 ~ 'x'", 'yaml'],
    ["'!--' * 200000", 'wordwrap'],
    ["'a-' * 200000", 'wordwrap(3)'],
    ["')' * 500000 ~ 'x)'", 'urlize'],
    ["'www.' ~ 'a.' * 200000 ~ '!'", 'urlize'],
    ["('www.' ~ 'a.' * 2000 ~ '! ') * 100", 'urlize'],
    ["('a@' * 2000 ~ ' ') * 100", 'urlize'],
    ["('x@' ~ 'a.' * 2000 ~ '! ') * 100", 'urlize'],
    ["'<!' * 60000 ~ '<!-- -->' ~ '-- -->' * 60000", 'striptags'],
    ["'<' * 500000", 'striptags'],
    ["'&' * 500000 ~ ';'", 'striptags'],
    ["'%(' * 250000", 'format'],
    ["'- ' * 250000", 'title'],
    ["'a ' * 250000", 'truncate(100000)'],
    ["' ' * 500000 ~ 'x'", 'trim'],
    ["' \\n' * 250000", 'indent'],
    ["'a' * 500000 ~ ' '", 'pprint'],
    ["('a' * 70 ~ ' ') * 7000", 'pprint'],
  ])('hold for %s | %s, whose patterns would be slow in a careless engine', (text, filter) => {
    // Far more than the 250 ms that it may take, for a busy machine; a careless engine takes minutes.
    expect(timed(() => exceeded(`{{ (${text})|${filter} }}`)).milliseconds).toBeLessThan(10_000);
  });

  it('hold for searches that are quadratic in other engines', () => {
    const source = `{% set text = 'a' * 1000000 %}{% set part = 'b' + 'a' * 200000 %}{{ part in text }}{{ text.count(part) }}{{ text.rfind(part) }}`;
    const { outcome, milliseconds } = timed(() => exceeded(source));
    expect(['milliseconds', null]).toContain(outcome);
    expect(milliseconds).toBeLessThan(10_000);
  });

  it('hold for what stays in memory of many templates', () => {
    const first = parseTemplate('{{ a }}');
    expect(parseTemplate('{{ a }}')).toBe(first);
    for (let index = 0; index < 5; index += 1) parseTemplate(index + 'x'.repeat(250_000));
    expect(parseTemplate('{{ a }}')).not.toBe(first);
  });
});
