import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';
import { type Catalogue, catalogueOf } from '../builtins/catalogue.ts';
import { rootOf } from '../template-inputs.ts';
import { filtersFor } from './filters-for.ts';
import type { Knowledge } from './knowledge.ts';
import { type Local, localsAt, resolvePath } from './locals.ts';
import { isPath, methodsOf } from './methods-of.ts';
import { isNaming, type OpenTag, type Place, placeIn, surroundingsAt } from './place-at.ts';
import { shapeOf } from './shapes.ts';
import { documented, plain, type Suggestion } from './suggestion.ts';

/** What to offer; `names` are those of prompts that begin like `word`, for the caller to find. */
export type Completion =
  | { readonly kind: 'prompts'; readonly word: string }
  | { readonly kind: 'suggestions'; readonly word: string; readonly items: readonly Suggestion[] };

/** What can be written at the end of a text; null where there is nothing to offer. */
export function completeAt(before: string, knowledge: Knowledge): Completion | null {
  const { open, statements } = surroundingsAt(before);
  const place = open === null ? null : placeIn(open, knowledge.syntax);
  if (open === null || place === null) return null;
  if (place.kind === 'prompt') return { kind: 'prompts', word: place.word };
  const items = itemsAt(place, open, statements, knowledge);
  return items === null ? null : { kind: 'suggestions', word: place.word, items };
}

function itemsAt(
  place: Exclude<Place, { readonly kind: 'prompt' }>,
  open: OpenTag,
  statements: readonly string[],
  knowledge: Knowledge,
): readonly Suggestion[] | null {
  const catalogue = catalogueOf(knowledge.syntax);
  const locals = localsAt(statements);
  switch (place.kind) {
    case 'filter':
      return filtersFor(open, place.word, knowledge, catalogue, locals);
    case 'test':
      return testsOf(catalogue);
    case 'statement':
      return [...endsOf(statements), ...statementsOf(catalogue, statements)];
    case 'member':
      return membersOf(place.object, knowledge, catalogue, locals);
    case 'expression':
      if (isNaming(open)) return null;
      if (isAfterValue(open.code.slice(0, open.code.length - place.word.length))) {
        return joiningWords(open, knowledge.syntax).map((word) => plain('keyword', word, ''));
      }
      return namesOf(knowledge, catalogue, locals, statements);
  }
}

/** Tests that are names; `==` and its kin cannot stand after `is`. */
const testsOf = ({ tests }: Catalogue): readonly Suggestion[] =>
  [...tests.values()].filter(({ name }) => /^\w+$/.test(name)).map((entry) => documented('test', entry));

const statementsOf = ({ statements }: Catalogue, before: readonly string[]): readonly Suggestion[] =>
  [...statements.values()]
    .filter(({ name }) => isInLoop(before) || (name !== 'break' && name !== 'continue'))
    .map((entry) => {
      const insert = entry.snippet ?? entry.name;
      const namesPrompt = insert.includes("'$1'");
      return {
        ...documented('statement', entry),
        insert,
        isSnippet: entry.snippet !== undefined,
        ...(namesPrompt && { next: 'suggestions' as const }),
      };
    });

/** What closes or divides the innermost open statement, first in the list. */
function endsOf(statements: readonly string[]): readonly Suggestion[] {
  const innermost = openBlocks(statements).at(-1);
  if (innermost === undefined) return [];
  const ends = [plain('keyword', `end${innermost}`, '', `Ends the innermost "${innermost}".`)];
  if (innermost === 'if')
    ends.push(
      plain('keyword', 'else', '', 'Shown when no condition before holds.'),
      plain('keyword', 'elif', '', 'Another condition, asked when none before holds.'),
    );
  if (innermost === 'switch')
    ends.push(
      plain('keyword', 'case', '', 'Shown when the value is this one.'),
      plain('keyword', 'default', '', 'Shown when no case is the value.'),
    );
  if (innermost === 'for') ends.push(plain('keyword', 'else', '', 'Shown when there is no item.'));
  return ends;
}

/** Names of the blocks that are open after statements, the innermost last. */
function openBlocks(statements: readonly string[]): readonly string[] {
  const open: string[] = [];
  for (const code of statements) {
    const name = /^#|^\w+/.exec(code)?.[0] ?? '';
    if (name.startsWith('end')) {
      const index = open.lastIndexOf(name.slice(3));
      if (index >= 0) open.length = index;
    } else if (blocks.test(name) && !isOneLine(name, code)) open.push(name);
  }
  return open;
}

const blocks =
  /^(?:if|for|macro|call|filter|with|block|autoescape|generation|capture|case|unless|tablerow|set|switch)$/;
const isOneLine = (name: string, code: string): boolean => name === 'set' && code.includes('=');
const isInLoop = (statements: readonly string[]): boolean =>
  openBlocks(statements).some((name) => name === 'for' || name === 'tablerow');

function membersOf(
  object: string,
  knowledge: Knowledge,
  catalogue: Catalogue,
  locals: ReadonlyMap<string, Local>,
): readonly Suggestion[] {
  if (object === catalogue.loopName) {
    return [...catalogue.loop.values()].map((entry) => documented('member', entry));
  }
  const path = isPath(object) ? resolvePath(object, (name) => locals.get(name)) : null;
  const data = path === null ? [] : shapeOf(path, knowledge).members;
  const members = data.map((name) => {
    const shape = shapeOf(`${path}.${name}`, knowledge);
    return plain('member', name, shape.type ?? '', shape.description, shape.value);
  });
  return [...members, ...methodsOf(object, path, knowledge).map(methodSuggestion)];
}

function methodSuggestion(entry: CatalogueEntry): Suggestion {
  const takesNothing = entry.signature.endsWith('()');
  return {
    ...documented('method', entry, /^\w+/.exec(entry.signature)?.[0]),
    insert: takesNothing ? `${entry.name}()` : `${entry.name}($1)$0`,
    isSnippet: !takesNothing,
    ...(!takesNothing && { next: 'signature' as const }),
  };
}

function namesOf(
  knowledge: Knowledge,
  catalogue: Catalogue,
  locals: ReadonlyMap<string, Local>,
  statements: readonly string[],
): readonly Suggestion[] {
  const own = [...locals.values()].map(({ name, from, path, statement }) => ({
    ...plain('local', name, path ?? localKinds[from]),
    ...(from === 'macro' && { parameters: /\(.*\)/.exec(statement)?.[0] ?? '' }),
    statement,
  }));
  const declared = knowledge.inputs
    .filter(({ name }) => !locals.has(name))
    .map(({ name, type, description }) => plain('input', name, type, description, shapeOf(name, knowledge).value));
  const known = new Set([...locals.keys(), ...knowledge.inputs.map(({ name }) => name)]);
  const used = new Set(knowledge.usedPaths.map((path) => rootOf(path)));
  const undeclared = [...used]
    .filter((name) => name !== '' && !known.has(name))
    .map((name) => plain('input', name, 'not declared', 'The messages use it, but no input of that name is declared.'));
  const globals = [...catalogue.globals.values()]
    .filter(({ name }) => hasMeaning(name, openBlocks(statements), statements))
    .map((entry) => documented('global', entry));
  const words = beginningWords[knowledge.syntax].map((word) => plain('keyword', word, ''));
  // In a loop its variable comes first, because it is wanted more often than the globals.
  const inLoop = globals.filter(({ label }) => label === catalogue.loopName);
  return [
    ...own,
    ...declared,
    ...undeclared,
    ...inLoop,
    ...globals.filter((entry) => !inLoop.includes(entry)),
    ...words,
  ];
}

/** Whether a global is defined at a place. */
function hasMeaning(name: string, open: readonly string[], statements: readonly string[]): boolean {
  switch (name) {
    case 'loop':
      return open.includes('for');
    case 'caller':
    case 'varargs':
    case 'kwargs':
      return open.includes('macro');
    case 'super':
      return open.includes('block');
    case 'self':
      return statements.some((code) => code.startsWith('block'));
    case 'raise_exception':
    case 'strftime_now':
      // Chat templates of models have these names, prompts do not.
      return false;
    default:
      return true;
  }
}

/** Short words for the kinds of names that a template defines. */
export const localKinds: Readonly<Record<Local['from'], string>> = {
  for: 'item of the loop',
  set: 'set above',
  macro: 'macro',
  parameter: 'parameter',
  with: 'from `with`',
  import: 'imported',
};

/** Words that can begin a value. */
const beginningWords: Readonly<Record<Knowledge['syntax'], readonly string[]>> = {
  jinja: ['not', 'true', 'false', 'none'],
  liquid: ['true', 'false', 'nil', 'empty', 'blank'],
  nunjucks: ['not', 'true', 'false', 'null', 'undefined'],
};

/** Whether a value is complete at the end of code, so that only what joins it to another can follow. */
const isAfterValue = (head: string): boolean =>
  /[\w)\]}"']\s+$/.test(head) &&
  !/(?:^|[^\w.])(?:and|or|not|in|is|if|elif|elsif|else|unless|when|case|contains|set|assign|do|print|echo|filter|call|with|import|include|extends|from|render|cycle|for|return)\s+$/.test(
    head,
  );

/** Words that join a value to what follows. */
function joiningWords({ kind, code }: OpenTag, syntax: Knowledge['syntax']): readonly string[] {
  if (kind === '{%' && /^\s*include\b/.test(code))
    return syntax === 'nunjucks' ? ['ignore missing'] : ['ignore missing', 'with context', 'without context'];
  if (kind === '{%' && /^\s*for\b(?!.*\sin\s)/s.test(code)) return ['in'];
  if (syntax === 'liquid') return ['and', 'or', 'contains'];
  return syntax === 'jinja' && kind === '{%' && /^\s*for\b/.test(code)
    ? ['if', 'recursive', 'is', 'and', 'or', 'not', 'in', 'else']
    : ['if', 'else', 'is', 'and', 'or', 'not', 'in'];
}
