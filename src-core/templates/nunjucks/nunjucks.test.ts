import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from '../engine.ts';
import { TemplateError } from '../runtime/types.ts';
import { compositionRows } from './corpus/composition.ts';
import { expressionRows } from './corpus/expressions.ts';
import { filterRows } from './corpus/filters.ts';
import { patternRows } from './corpus/patterns.ts';
import { promptRows } from './corpus/prompts.ts';
import { type Row, sharedInputs } from './corpus/row.ts';
import { statementRows } from './corpus/statements.ts';
import { renderedByNunjucks } from './testing/oracle.ts';

function ours({ template: source, inputs, includes = {} }: Row): string | null {
  const { template, problems } = parseTemplate(source, { syntax: 'nunjucks' });
  if (template === null) {
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    return null;
  }
  const loader = {
    load: (name: string) => (Object.hasOwn(includes, name) ? { source: includes[name] ?? '' } : null),
  };
  try {
    return renderTemplate(template, { ...sharedInputs, ...inputs }, { loader }).output;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return null;
    throw thrown;
  }
}

const corpus = {
  expressions: expressionRows,
  filters: filterRows,
  statements: statementRows,
  composition: compositionRows,
  prompts: promptRows,
  patterns: patternRows,
};

describe('against real nunjucks 3.2.4', () => {
  it('compares at least 400 templates, most of which render', () => {
    const all = Object.values(corpus).flat();
    expect(new Set(all.map(({ template }) => template)).size).toBeGreaterThanOrEqual(400);
    expect(all.filter((row) => ours(row) !== null).length).toBeGreaterThan(0.75 * all.length);
  });

  it.each(Object.entries(corpus))('renders the same %s, or fails where it does', (_, rows) => {
    const differing = rows.flatMap((row) => {
      const [expected, actual] = [renderedByNunjucks(row), ours(row)];
      return expected === actual ? [] : [{ template: row.template, expected, actual }];
    });
    expect(differing).toEqual([]);
  });
});
