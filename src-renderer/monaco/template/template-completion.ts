import type { editor, IMarkdownString, languages, Position } from 'monaco-editor/editor/editor.api.js';
import { completeAt } from '../../../src-core/templates/assist/complete.ts';
import type { Suggestion, SuggestionKind } from '../../../src-core/templates/assist/suggestion.ts';
import type { Monaco } from '../load.ts';
import { codeBlock, escaped, exampleOf, inlineCode, shortJson } from './template-docs.ts';
import { type FoundPrompt, scopeOf } from './template-scope.ts';

/** The text around the cursor that decides what an item inserts. */
interface Place {
  readonly range: languages.CompletionItemRanges;
  readonly before: string;
  readonly after: string;
}

const nextCommands: Readonly<Record<NonNullable<Suggestion['next']>, languages.Command>> = {
  suggestions: { id: 'editor.action.triggerSuggest', title: 'Suggest' },
  signature: { id: 'editor.action.triggerParameterHints', title: 'Show parameters' },
};

/** Offers what can be written at the cursor. */
export function registerCompletion(monaco: Monaco, languageId: string): void {
  monaco.languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: ['{', '%', '|', '.', ' ', '"', "'", '/'],
    provideCompletionItems: async (model, position, { triggerCharacter }) => {
      const scope = scopeOf(model);
      const completion = scope === null ? null : completeAt(textBefore(model, position), scope.knowledge);
      if (scope === null || completion === null) return { suggestions: [] };
      const place = placeAt(model, position, completion.word);
      if (completion.kind === 'prompts') {
        const found = await scope.findPrompts(completion.word);
        return { suggestions: found.map((prompt, at) => promptItem(monaco, prompt, at, place)) };
      }
      const { items } = completion;
      // After a blank behind a value the tag mostly ends, so the list does not open by itself.
      if (triggerCharacter === ' ' && items.every(({ kind }) => kind === 'keyword')) return { suggestions: [] };
      return { suggestions: items.map((item, at) => itemOf(monaco, languageId, item, at, place)) };
    },
    resolveCompletionItem: async (item) => {
      const prompt = promptOf.get(item);
      if (prompt === undefined) return item;
      const source = await prompt.read();
      return source === null ? item : { ...item, documentation: { value: codeBlock(source, languageId) } };
    },
  });
}

/** The text as far as a position. */
export function textBefore(model: editor.ITextModel, position: Position): string {
  return model.getValueInRange({
    startLineNumber: 1,
    startColumn: 1,
    endLineNumber: position.lineNumber,
    endColumn: position.column,
  });
}

function placeAt(model: editor.ITextModel, { lineNumber, column }: Position, word: string): Place {
  const line = model.getLineContent(lineNumber);
  const after = line.slice(column - 1);
  const restOfWord = /^\p{XID_Continue}*/u.exec(after)?.[0].length ?? 0;
  const insert = {
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn: column - word.length,
    endColumn: column,
  };
  const replace = { ...insert, endColumn: column + restOfWord };
  return {
    range: { insert, replace },
    before: line.slice(0, column - 1 - word.length),
    after: after.slice(restOfWord),
  };
}

const kindNames = {
  input: 'Variable',
  local: 'Value',
  member: 'Field',
  method: 'Method',
  filter: 'Function',
  test: 'Operator',
  statement: 'Snippet',
  global: 'Function',
  keyword: 'Keyword',
} as const satisfies Record<SuggestionKind, keyof typeof languages.CompletionItemKind>;

function itemOf(
  monaco: Monaco,
  languageId: string,
  suggestion: Suggestion,
  at: number,
  place: Place,
): languages.CompletionItem {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
  const { kind, label, parameters, detail, entry, isSnippet, next } = suggestion;
  return {
    label: { label, detail: parameters, description: kind === 'statement' ? entry?.text.replaceAll('`', '') : detail },
    kind: CompletionItemKind[kindNames[kind]],
    insertText: closesTag(suggestion) ? closed(suggestion.insert, place) : suggestion.insert,
    ...(isSnippet && { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet }),
    ...(next !== undefined && { command: nextCommands[next] }),
    detail: entry?.signature ?? `${label} · ${detail}`,
    documentation: documentationOf(suggestion, languageId),
    sortText: String(at).padStart(4, '0'),
    range: place.range,
  };
}

const closesTag = ({ kind, label }: Suggestion): boolean =>
  kind === 'statement' || (kind === 'keyword' && /^(?:end\w+|else)$/.test(label));

/** Adds a blank after the opening of the tag and, where it is missing, the closing with a blank. */
function closed(insert: string, { before, after }: Place): string {
  const start = /\{%[-+]?$/.test(before) ? ' ' : '';
  if (/^\s+[-+]?%\}/.test(after)) return start + insert;
  return /^[-+]?%\}/.test(after) ? `${start}${insert} ` : `${start}${insert} %}`;
}

function documentationOf({ entry, text, statement, value }: Suggestion, languageId: string): IMarkdownString {
  if (entry !== null) return { value: exampleOf(entry, languageId) };
  const lines = [
    escaped(text),
    ...(statement === undefined ? [] : [codeBlock(`{% ${statement} %}`, languageId)]),
    ...(value === undefined ? [] : [`Value: ${inlineCode(shortJson(value))}`]),
  ];
  return { value: lines.filter((line) => line !== '').join('\n\n') };
}

/** The prompt of an item, whose text is read when the item is selected. */
const promptOf = new WeakMap<languages.CompletionItem, FoundPrompt>();

function promptItem(monaco: Monaco, prompt: FoundPrompt, at: number, place: Place): languages.CompletionItem {
  const { insert } = place.range;
  // The whole name between the quotes, of which the cursor may stand in the middle.
  const rest = /^[^'"\s%}]*/.exec(place.after)?.[0].length ?? 0;
  const replace = { ...insert, endColumn: place.range.replace.endColumn + rest };
  const quote = /['"]$/.exec(place.before)?.[0] ?? "'";
  const isOpen = !place.after.slice(rest).startsWith(quote);
  const item: languages.CompletionItem = {
    label: { label: prompt.name, description: prompt.title === prompt.name ? '' : prompt.title },
    kind: monaco.languages.CompletionItemKind.File,
    insertText: isOpen ? prompt.name + quote : prompt.name,
    detail: prompt.description,
    sortText: String(at).padStart(4, '0'),
    range: isOpen ? insert : { insert: replace, replace },
  };
  promptOf.set(item, prompt);
  return item;
}
