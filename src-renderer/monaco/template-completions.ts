import type { editor, IMarkdownString, languages, Position } from 'monaco-editor/editor/editor.api.js';
import type { InputDeclaration } from '../../src-core/contract/content.ts';
import type { Monaco } from './load.ts';
import { type Docs, filterDocs, globalDocs, statementDocs, testDocs } from './template-docs.ts';

/** What completion and hover know of the prompt that a text belongs to. */
export interface TemplateScope {
  readonly inputs: readonly InputDeclaration[];
  /** Names of prompts that can be included, by their first letters. */
  readonly findPrompts: (words: string) => Promise<readonly string[]>;
}

const scopes = new WeakMap<editor.ITextModel, () => TemplateScope>();

/** Says which prompt a text belongs to. */
export function setScope(model: editor.ITextModel, scope: () => TemplateScope): void {
  scopes.set(model, scope);
}

/** Completion and hover for a template syntax. */
export function registerCompletions(monaco: Monaco, languageId: string): void {
  const kinds = monaco.languages.CompletionItemKind;
  const fromDocs = (docs: Docs, kind: languages.CompletionItemKind, range: languages.CompletionItem['range']) =>
    Object.entries(docs).map(([label, [signature, documentation]]) => ({
      label,
      kind,
      range,
      insertText: label,
      detail: signature,
      documentation,
    }));

  monaco.languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: ['{', '%', '|', '.', ' ', '"', "'"],
    provideCompletionItems: async (model, position) => {
      const place = placeAt(model, position);
      const scope = scopes.get(model)?.();
      if (place === null || scope === undefined) return { suggestions: [] };
      const range = rangeOfWord(model, position);
      switch (place.kind) {
        case 'include': {
          const start = position.column - place.typed.length;
          const names = await scope.findPrompts(place.typed);
          const replaced = { ...range, startColumn: start, endColumn: position.column };
          return {
            suggestions: names.map((name) => ({ label: name, kind: kinds.File, insertText: name, range: replaced })),
          };
        }
        case 'filter':
          return { suggestions: fromDocs(filterDocs, kinds.Function, range) };
        case 'test':
          return { suggestions: fromDocs(testDocs, kinds.Operator, range) };
        case 'path':
          return {
            suggestions: membersOf(scope.inputs, place.path).map((label) => ({
              label,
              kind: kinds.Field,
              insertText: label,
              range,
            })),
          };
        case 'statement':
          return { suggestions: fromDocs(statementDocs, kinds.Keyword, range) };
        case 'expression':
          return {
            suggestions: [
              ...scope.inputs.map((input) => ({
                label: input.name,
                kind: kinds.Variable,
                insertText: input.name,
                range,
                detail: input.type,
                documentation: input.description,
                sortText: `0${input.name}`,
              })),
              ...fromDocs(globalDocs, kinds.Function, range),
            ],
          };
      }
    },
  });

  monaco.languages.registerHoverProvider(languageId, {
    provideHover: (model, position) => {
      const word = model.getWordAtPosition(position);
      if (word === null || placeAt(model, position) === null) return null;
      const lines = describe(word.word, scopes.get(model)?.().inputs ?? []);
      return lines === null ? null : { contents: lines };
    },
  });
}

type Place =
  | { readonly kind: 'statement' | 'expression' | 'filter' | 'test' }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'include'; readonly typed: string };

/** What can stand at a position; null outside of tags. */
function placeAt(model: editor.ITextModel, position: Position): Place | null {
  const before = model.getValueInRange({
    startLineNumber: Math.max(1, position.lineNumber - 20),
    startColumn: 1,
    endLineNumber: position.lineNumber,
    endColumn: position.column,
  });
  const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'));
  if (open < 0) return null;
  const inside = before.slice(open);
  if (/[}%]\}/.test(inside.slice(2))) return null;
  const include = /^\{%[-+]?\s*(?:include|extends|import|from|render)\s+["']([^"']*)$/.exec(inside);
  if (include !== null) return { kind: 'include', typed: include[1] ?? '' };
  // Inside of another string there is nothing to complete.
  if (/^(?:[^"']|"[^"]*"|'[^']*')*["'][^"']*$/.test(inside)) return null;
  if (/\|\s*\w*$/.test(inside)) return { kind: 'filter' };
  if (/\bis\s+(?:not\s+)?\w*$/.test(inside)) return { kind: 'test' };
  const path = /([A-Za-z_]\w*(?:\.\w+)*)\.\w*$/.exec(inside)?.[1];
  if (path !== undefined) return { kind: 'path', path: path.split('.') };
  if (/^\{%[-+]?\s*\w*$/.test(inside)) return { kind: 'statement' };
  return { kind: 'expression' };
}

function rangeOfWord(model: editor.ITextModel, position: Position) {
  const word = model.getWordUntilPosition(position);
  return {
    startLineNumber: position.lineNumber,
    endLineNumber: position.lineNumber,
    startColumn: word.startColumn,
    endColumn: word.endColumn,
  };
}

const loopMembers = [
  'index',
  'index0',
  'revindex',
  'revindex0',
  'first',
  'last',
  'length',
  'depth',
  'previtem',
  'nextitem',
];

/** Property names below an input, as its JSON Schema or its default value tell them. */
function membersOf(inputs: readonly InputDeclaration[], path: readonly string[]): readonly string[] {
  if (path[0] === 'loop') return loopMembers;
  const input = inputs.find((candidate) => candidate.name === path[0]);
  if (input === undefined) return [];
  let schema: unknown = input.schema;
  let value: unknown = input.default;
  for (const name of path.slice(1)) {
    schema = member(member(schema, 'properties'), name);
    value = member(value, name);
  }
  const properties = member(schema, 'properties');
  return [...new Set([...keysOf(properties), ...keysOf(value)])];
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

function describe(word: string, inputs: readonly InputDeclaration[]): IMarkdownString[] | null {
  const input = inputs.find((candidate) => candidate.name === word);
  if (input !== undefined) {
    return [
      { value: `**${input.name}** · ${input.type}${input.required ? '' : ' · optional'}` },
      { value: input.description },
    ];
  }
  const docs = filterDocs[word] ?? statementDocs[word] ?? testDocs[word] ?? globalDocs[word];
  return docs === undefined ? null : [{ value: `\`${docs[0]}\`` }, { value: docs[1] }];
}
