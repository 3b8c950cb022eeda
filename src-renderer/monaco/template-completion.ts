import type { editor, IMarkdownString, languages, Position } from 'monaco-editor/editor/editor.api.js';
import { completeAt, type Suggestion, type SuggestionKind } from '../../src-core/templates/assist/complete.ts';
import type { Monaco } from './load.ts';
import { scopeOf } from './template-scope.ts';

/** Offers what can be written at the cursor. */
export function registerCompletion(monaco: Monaco, languageId: string): void {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
  const kinds: Readonly<Record<SuggestionKind, languages.CompletionItemKind>> = {
    input: CompletionItemKind.Variable,
    local: CompletionItemKind.Variable,
    member: CompletionItemKind.Field,
    filter: CompletionItemKind.Function,
    test: CompletionItemKind.Operator,
    statement: CompletionItemKind.Snippet,
    global: CompletionItemKind.Function,
    keyword: CompletionItemKind.Keyword,
  };
  const item = (suggestion: Suggestion, at: number, range: languages.CompletionItem['range']) => ({
    label: { label: suggestion.label, description: shortened(suggestion.detail) },
    kind: kinds[suggestion.kind],
    insertText: suggestion.insert,
    ...(suggestion.isSnippet && { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet }),
    detail: suggestion.detail,
    documentation: documentationOf(suggestion),
    sortText: String(at).padStart(4, '0'),
    range,
  });

  monaco.languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: ['{', '%', '|', '.', ' ', '"', "'", '/'],
    provideCompletionItems: async (model, position) => {
      const scope = scopeOf(model);
      const completion = scope === null ? null : completeAt(textBefore(model, position), scope.knowledge);
      if (scope === null || completion === null) return { suggestions: [] };
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: position.column - completion.word.length,
        endColumn: position.column,
      };
      if (completion.kind === 'suggestions') {
        return { suggestions: completion.items.map((suggestion, at) => item(suggestion, at, range)) };
      }
      const names = await scope.findPrompts(completion.word);
      const suggestions = names.map((name) => ({
        label: name,
        kind: CompletionItemKind.File,
        insertText: name,
        range,
      }));
      return { suggestions };
    },
  });
}

const textBefore = (model: editor.ITextModel, position: Position): string =>
  model.getValueInRange({
    startLineNumber: 1,
    startColumn: 1,
    endLineNumber: position.lineNumber,
    endColumn: position.column,
  });

const shortened = (detail: string): string => (detail.length > 36 ? `${detail.slice(0, 35)}…` : detail);

function documentationOf({ text, example }: Suggestion): IMarkdownString {
  return { value: example === null ? text : `${text}\n\n${codeBlock(example)}` };
}

/** A piece of a template as Markdown; no fence inside of it ends the block. */
export const codeBlock = (code: string, language = 'text'): string => `~~~~~~${language}\n${code}\n~~~~~~`;
