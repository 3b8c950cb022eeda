import type { Uri } from 'monaco-editor/editor/editor.api.js';
import { formatTemplate } from '../../../src-core/templates/assist/format-template.ts';
import { hoverAt } from '../../../src-core/templates/assist/hover.ts';
import type { Monaco } from '../load.ts';
import { createTextModel } from '../text/text-models.ts';
import { rangeOf } from './template-hover.ts';
import { scopeOf, type TemplateScope } from './template-scope.ts';

const promptScheme = 'included-prompt';
/** The scope that asked last for a definition, and opens it. */
let asked: TemplateScope | null = null;

/** Opens an included prompt in its tab when Monaco goes to its definition; a peek is read-only. */
export function openIncludedPrompts(monaco: Monaco): void {
  monaco.editor.onDidCreateEditor((created) => {
    created.onDidChangeModel(({ newModelUrl }) => {
      if (newModelUrl?.scheme === promptScheme) created.updateOptions({ readOnly: true });
    });
  });
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_source, resource) => {
      if (resource.scheme !== promptScheme) return false;
      asked?.openPrompt(resource.path.slice(1));
      return true;
    },
  });
}

/** Goes to an included prompt. */
export function registerNavigation(monaco: Monaco, languageId: string): void {
  monaco.languages.registerDefinitionProvider(languageId, {
    provideDefinition: async (model, position) => {
      const scope = scopeOf(model);
      const hovered = scope === null ? null : hoverAt(model.getValue(), model.getOffsetAt(position), scope.knowledge);
      if (scope === null || hovered?.kind !== 'prompt') return null;
      const source = await scope.readPrompt(hovered.name);
      if (source === null) return null;
      asked = scope;
      const uri = monaco.Uri.from({ scheme: promptScheme, path: `/${hovered.name}` });
      showText(monaco, uri, languageId, source);
      const top = { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 };
      return [{ uri, range: top, originSelectionRange: rangeOf(model, hovered) }];
    },
  });
}

/** Monaco peeks at the definition, for which a model with the text must exist. */
function showText(monaco: Monaco, uri: Uri, languageId: string, text: string): void {
  const known = monaco.editor.getModel(uri);
  if (known === null) createTextModel(monaco, languageId, text, uri.toString());
  else if (known.getValue() !== text) known.setValue(text);
}

/** Even spacing inside the tags of a whole text. */
export function registerFormatting(monaco: Monaco, languageId: string): void {
  monaco.languages.registerDocumentFormattingEditProvider(languageId, {
    displayName: 'PromptDev',
    provideDocumentFormattingEdits: (model) => {
      const syntax = scopeOf(model)?.knowledge.syntax;
      if (syntax === undefined) return [];
      const before = model.getValue();
      const text = formatTemplate(before, syntax);
      return text === before ? [] : [{ range: model.getFullModelRange(), text }];
    },
  });
}
