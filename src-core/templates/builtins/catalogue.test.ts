import { Liquid } from 'liquidjs/dist/liquid.browser.mjs';
import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from '../engine.ts';
import { removedLiquidFilters } from '../liquid/filters.ts';
import { liquidStatementNames } from '../liquid/liquid.ts';
import { nunjucksFilters } from '../nunjucks/filters/registry.ts';
import { nunjucksTests } from '../nunjucks/filters/tests.ts';
import { nunjucksGlobals } from '../nunjucks/globals.ts';
import { listMethods } from '../nunjucks/methods/list.ts';
import { objectMethods } from '../nunjucks/methods/object.ts';
import { textMethods } from '../nunjucks/methods/text.ts';
import { statementNames as nunjucksStatements } from '../nunjucks/syntax/parse.ts';
import type { Template } from '../runtime/types.ts';
import { statementNames } from '../syntax/parse-statements.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { filters } from './filters/registry.ts';
import { tests } from './filters/tests.ts';
import { globalNames } from './globals.ts';
import { dictMethodNames } from './methods/dict.ts';
import { listMethodNames } from './methods/list.ts';
import { stringMethodNames } from './methods/string.ts';

const sorted = (names: Iterable<string>) => [...names].sort();
const jinja = catalogueOf('jinja');
const liquid = catalogueOf('liquid');
const nunjucks = catalogueOf('nunjucks');
const partsOf = ({ filters: named, tests: asked, statements, globals, loop, methods }: Catalogue) => [
  named,
  asked,
  statements,
  globals,
  loop,
  ...Object.values(methods),
];

describe('the catalogue', () => {
  it('has every filter, test, global and statement of the engine, and none besides', () => {
    expect(sorted(jinja.filters.keys())).toEqual(sorted(filters().keys()));
    expect(sorted(jinja.tests.keys())).toEqual(sorted(tests.keys()));
    expect(sorted(jinja.globals.keys())).toEqual(sorted(globalNames));
    // The lexer reads `raw` before there are statements.
    expect(sorted(jinja.statements.keys())).toEqual(sorted([...statementNames(), 'raw']));
  });

  it('has every method of texts, lists and dicts', () => {
    const { string, list, dict } = jinja.methods;
    expect(sorted(string.keys())).toEqual(sorted(stringMethodNames()));
    expect(sorted(list.keys())).toEqual(sorted(listMethodNames()));
    expect(sorted(dict.keys())).toEqual(sorted(dictMethodNames()));
  });

  it('has every filter and tag that Liquid templates may use', () => {
    const allowed = Object.keys(new Liquid().filters).filter((name) => !removedLiquidFilters.includes(name));
    expect(sorted(liquid.filters.keys())).toEqual(sorted(allowed));
    expect(sorted(liquid.statements.keys())).toEqual(sorted(liquidStatementNames()));
  });

  it('has every filter, test, global, statement and method of nunjucks', () => {
    expect(sorted(nunjucks.filters.keys())).toEqual(sorted(nunjucksFilters.keys()));
    expect(sorted(nunjucks.tests.keys())).toEqual(sorted(nunjucksTests.keys()));
    expect(sorted(nunjucks.globals.keys())).toEqual(sorted([...nunjucksGlobals.keys(), 'loop', 'super', 'caller']));
    expect(sorted(nunjucks.statements.keys())).toEqual(sorted(nunjucksStatements));
    expect(sorted(nunjucks.methods.string.keys())).toEqual(sorted(textMethods.keys()));
    expect(sorted(nunjucks.methods.list.keys())).toEqual(sorted(listMethods.keys()));
    expect(sorted(nunjucks.methods.dict.keys())).toEqual(sorted(objectMethods.keys()));
  });

  it.each(['jinja', 'liquid', 'nunjucks'] as const)('says in %s what its examples really render', (syntax) => {
    const entries = partsOf(catalogueOf(syntax)).flatMap((part) => [...part.values()]);
    const shown = entries.filter(({ result }) => result !== null);
    const rendered = shown.map(({ name, example }) => {
      const { template, problems } = parseTemplate(example, { syntax });
      expect(problems, name).toEqual([]);
      return [name, renderTemplate(template as Template, {}).output];
    });
    expect(rendered).toEqual(shown.map(({ name, result }) => [name, result]));
  });

  it('keeps every sentence to one line with a full stop', () => {
    const entries = [jinja, liquid, nunjucks].flatMap(partsOf).flatMap((part) => [...part.values()]);
    expect(entries.filter(({ text }) => !/^[^\n]{5,140}\.$/.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
