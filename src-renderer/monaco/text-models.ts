import type { editor } from 'monaco-editor/editor/editor.api.js';
import type { Monaco } from './load.ts';

/** Texts by uri; they outlive the editors that show them, so that undo and folding survive a switch of tabs. */
const kept = new Map<string, { readonly model: editor.ITextModel; view: editor.ICodeEditorViewState | null }>();

/** The text at a uri, made when there is none. */
export function textModel(monaco: Monaco, uri: string, language: string, text: string): editor.ITextModel {
  const known = kept.get(uri);
  if (known !== undefined && !known.model.isDisposed()) {
    setLanguage(monaco, known.model, language);
    setText(known.model, text);
    return known.model;
  }
  const model = createTextModel(monaco, language, text, uri);
  kept.set(uri, { model, view: null });
  return model;
}

/** A text of its own; whoever makes it disposes of it. */
export function createTextModel(monaco: Monaco, language: string, text: string, uri?: string): editor.ITextModel {
  const model = monaco.editor.createModel(text, language, uri === undefined ? undefined : monaco.Uri.parse(uri));
  hideBracketColours(model);
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  return model;
}

/** Gives a text another language. */
export function setLanguage(monaco: Monaco, model: editor.ITextModel, language: string): void {
  if (model.getLanguageId() === language) return;
  monaco.editor.setModelLanguage(model, language);
  hideBracketColours(model);
}

/** They would cover the colours of the tags; a change of language brings them back. */
function hideBracketColours(model: editor.ITextModel): void {
  model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
}

/** Replaces a text that changed elsewhere, as one step that can be undone. */
export function setText(model: editor.ITextModel, text: string): void {
  // Monaco keeps one kind of line end; that alone is no change.
  if (model.getValue() === withLineFeeds(text)) return;
  model.pushEditOperations(null, [{ range: model.getFullModelRange(), text }], () => null);
}

/** A text as Monaco keeps it. */
export const withLineFeeds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/** Where cursor and scrolling were when the text was last shown. */
export const viewOf = (uri: string): editor.ICodeEditorViewState | null => kept.get(uri)?.view ?? null;

/** Keeps where cursor and scrolling are. */
export function keepView(uri: string, view: editor.ICodeEditorViewState | null): void {
  const known = kept.get(uri);
  if (known !== undefined) known.view = view;
}

/** Lets go of the texts whose uri starts so, and of their undo history. */
export function disposeModels(prefix: string): void {
  for (const [uri, { model }] of kept) {
    if (!uri.startsWith(prefix)) continue;
    model.dispose();
    kept.delete(uri);
  }
}
