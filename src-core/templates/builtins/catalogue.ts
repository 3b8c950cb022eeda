import type { Syntax } from '../../contract/content.ts';
import type { CatalogueEntry } from './catalogue/entry.ts';
import { jinjaFilters } from './catalogue/filters.ts';
import { jinjaGlobals, loopMembers } from './catalogue/globals.ts';
import { forloopMembers, liquidFilters, liquidStatements } from './catalogue/liquid.ts';
import { jinjaMethods, type MethodOwner } from './catalogue/methods.ts';
import {
  nunjucksFilterEntries,
  nunjucksGlobalEntries,
  nunjucksLoopEntries,
  nunjucksStatementEntries,
  nunjucksTestEntries,
} from './catalogue/nunjucks.ts';
import { nunjucksMethods } from './catalogue/nunjucks-methods.ts';
import { jinjaStatements } from './catalogue/statements.ts';
import { jinjaTests } from './catalogue/tests.ts';

/** Everything that a syntax offers, by name and in the order in which it is best listed. */
export interface Catalogue {
  readonly filters: ReadonlyMap<string, CatalogueEntry>;
  readonly tests: ReadonlyMap<string, CatalogueEntry>;
  readonly statements: ReadonlyMap<string, CatalogueEntry>;
  readonly globals: ReadonlyMap<string, CatalogueEntry>;
  /** Members of the variable that tells where a loop is. */
  readonly loop: ReadonlyMap<string, CatalogueEntry>;
  /** The name of that variable. */
  readonly loopName: string;
  /** Methods by the type that has them; Liquid has none. */
  readonly methods: Readonly<Record<MethodOwner, ReadonlyMap<string, CatalogueEntry>>>;
}

const byName = (entries: readonly CatalogueEntry[]): ReadonlyMap<string, CatalogueEntry> =>
  new Map(entries.map((entry) => [entry.name, entry]));

const catalogues: Readonly<Record<Syntax, Catalogue>> = {
  jinja: {
    filters: byName(jinjaFilters),
    tests: byName(jinjaTests),
    statements: byName(jinjaStatements),
    globals: byName(jinjaGlobals),
    loop: byName(loopMembers),
    loopName: 'loop',
    methods: jinjaMethods,
  },
  liquid: {
    filters: byName(liquidFilters),
    tests: new Map(),
    statements: byName(liquidStatements),
    globals: new Map(),
    loop: byName(forloopMembers),
    loopName: 'forloop',
    methods: { string: new Map(), list: new Map(), dict: new Map() },
  },
  nunjucks: {
    filters: byName(nunjucksFilterEntries),
    tests: byName(nunjucksTestEntries),
    statements: byName(nunjucksStatementEntries),
    globals: byName(nunjucksGlobalEntries),
    loop: byName(nunjucksLoopEntries),
    loopName: 'loop',
    methods: nunjucksMethods,
  },
};

/** The filters, tests, statements, globals and loop members of a syntax, with their docs. */
export function catalogueOf(syntax: Syntax): Catalogue {
  return catalogues[syntax];
}
