import type { CatalogueEntry } from '../catalogue/entry.ts';
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import type { Knowledge } from './knowledge.ts';
import { type Local, localsAt, resolvePath } from './locals.ts';
import { placeIn, surroundingsAt } from './place-at.ts';
import { shapeOf } from './shapes.ts';

export type SuggestionKind = 'input' | 'local' | 'member' | 'filter' | 'test' | 'statement' | 'global' | 'keyword';

/** One thing that can be written at a place. */
export interface Suggestion {
  readonly kind: SuggestionKind;
  readonly label: string;
  /** What is put in. */
  readonly insert: string;
  /** Whether `insert` has places to fill in, as `$1` and `${2:name}`. */
  readonly isSnippet: boolean;
  /** In short: a type or a signature. */
  readonly detail: string;
  readonly text: string;
  readonly example: string | null;
}

/** What to offer; `names` are those of prompts that begin like `word`, for the caller to find. */
export type Completion =
  | { readonly kind: 'prompts'; readonly word: string }
  | { readonly kind: 'suggestions'; readonly word: string; readonly items: readonly Suggestion[] };

/** What can be written at the end of a text; null where there is nothing to offer. */
export function completeAt(before: string, knowledge: Knowledge): Completion | null {
  const { open, statements } = surroundingsAt(before);
  const place = open === null ? null : placeIn(open);
  if (open === null || place === null) return null;
  const catalogue = catalogueOf(knowledge.syntax);
  const locals = localsAt(statements);
  const { word } = place;
  switch (place.kind) {
    case 'prompt':
      return { kind: 'prompts', word };
    case 'filter':
      return {
        kind: 'suggestions',
        word,
        items: [...catalogue.filters.values()].map((entry) => documented('filter', entry)),
      };
    case 'test':
      return { kind: 'suggestions', word, items: testsOf(catalogue) };
    case 'statement':
      return { kind: 'suggestions', word, items: [...endsOf(statements), ...statementsOf(catalogue)] };
    case 'member':
      return { kind: 'suggestions', word, items: membersOf(place.object, knowledge, catalogue, locals) };
    case 'expression':
      if (isNaming(open)) return null;
      return { kind: 'suggestions', word, items: namesOf(open, knowledge, catalogue, locals, statements) };
  }
}

/** Whether a new name is being given, for which there is nothing to offer. */
const isNaming = ({ kind, code }: { readonly kind: string; readonly code: string }): boolean =>
  kind === '{%' &&
  /^\s*(?:(?:set|assign|capture|macro|block|with|for|tablerow)\s+[\w, ]*|(?:import|from)\b[^'"]*['"][^'"]*['"].*)$/.test(
    code,
  ) &&
  !/\bin\s/.test(code);

function documented(kind: SuggestionKind, entry: CatalogueEntry, insert = entry.name): Suggestion {
  const { name, signature, text, example } = entry;
  return { kind, label: name, insert, isSnippet: false, detail: signature, text, example };
}

const plain = (kind: SuggestionKind, label: string, detail: string, text = ''): Suggestion => ({
  kind,
  label,
  insert: label,
  isSnippet: false,
  detail,
  text,
  example: null,
});

/** Tests that are names; `==` and its kin cannot stand after `is`. */
const testsOf = ({ tests }: Catalogue): readonly Suggestion[] =>
  [...tests.values()].filter(({ name }) => /^\w+$/.test(name)).map((entry) => documented('test', entry));

const statementsOf = ({ statements }: Catalogue): readonly Suggestion[] =>
  [...statements.values()].map((entry) => ({
    ...documented('statement', entry, entry.snippet ?? entry.name),
    isSnippet: entry.snippet !== undefined,
  }));

/** What closes or divides the innermost open statement, first in the list. */
function endsOf(statements: readonly string[]): readonly Suggestion[] {
  const open: string[] = [];
  for (const code of statements) {
    const name = /^#|^\w+/.exec(code)?.[0] ?? '';
    if (name.startsWith('end')) {
      const index = open.lastIndexOf(name.slice(3));
      if (index >= 0) open.length = index;
    } else if (blocks.test(name) && !isOneLine(name, code)) open.push(name);
  }
  const innermost = open.at(-1);
  if (innermost === undefined) return [];
  const ends = [plain('keyword', `end${innermost}`, `{% end${innermost} %}`, `Ends the innermost "${innermost}".`)];
  if (innermost === 'if')
    ends.push(plain('keyword', 'else', '{% else %}'), plain('keyword', 'elif', '{% elif condition %}'));
  if (innermost === 'for') ends.push(plain('keyword', 'else', '{% else %}', 'Shown when there is no item.'));
  return ends;
}

const blocks = /^(?:if|for|macro|call|filter|with|block|autoescape|generation|capture|case|unless|tablerow|set)$/;
const isOneLine = (name: string, code: string): boolean => name === 'set' && code.includes('=');

function membersOf(
  object: string,
  knowledge: Knowledge,
  catalogue: Catalogue,
  locals: ReadonlyMap<string, Local>,
): readonly Suggestion[] {
  if (object === catalogue.loopName) return [...catalogue.loop.values()].map((entry) => documented('member', entry));
  const path = resolvePath(object, (name) => locals.get(name));
  if (path === null) return [];
  return shapeOf(path, knowledge).members.map((name) => {
    const shape = shapeOf(`${path}.${name}`, knowledge);
    return plain('member', name, shape.type ?? '', shape.description);
  });
}

function namesOf(
  open: { readonly kind: string; readonly code: string },
  knowledge: Knowledge,
  catalogue: Catalogue,
  locals: ReadonlyMap<string, Local>,
  statements: readonly string[],
): readonly Suggestion[] {
  const own = [...locals.values()].map(({ name, from, path }) => plain('local', name, path ?? describeLocal[from]));
  const declared = knowledge.inputs
    .filter(({ name }) => !locals.has(name))
    .map(({ name, type, description }) => plain('input', name, type, description));
  const known = new Set([...locals.keys(), ...knowledge.inputs.map(({ name }) => name)]);
  const used = new Set(knowledge.usedPaths.map((path) => /^\w+/.exec(path)?.[0] ?? ''));
  const undeclared = [...used]
    .filter((name) => name !== '' && !known.has(name))
    .map((name) => plain('input', name, 'used, not declared'));
  const inLoop = statements.some((code) => /^(?:for|tablerow)\b/.test(code));
  const globals = [...catalogue.globals.values()]
    .filter(({ name }) => name !== 'loop' || inLoop)
    .map((entry) => documented('global', entry));
  const words = keywordsIn(open, knowledge.syntax === 'liquid').map((word) => plain('keyword', word, ''));
  return [...own, ...declared, ...undeclared, ...globals, ...words];
}

const describeLocal: Readonly<Record<Local['from'], string>> = {
  for: 'item of the loop',
  set: 'set above',
  macro: 'macro',
  parameter: 'parameter',
  with: 'from `with`',
  import: 'imported',
};

function keywordsIn(
  { kind, code }: { readonly kind: string; readonly code: string },
  isLiquid: boolean,
): readonly string[] {
  const common = isLiquid
    ? ['and', 'or', 'contains', 'true', 'false', 'nil']
    : ['and', 'or', 'not', 'is', 'in', 'if', 'else', 'true', 'false', 'none'];
  return kind === '{%' && /^\s*include\b.*['"]\s+\w*$/.test(code)
    ? ['ignore missing', 'with context', 'without context']
    : common;
}
