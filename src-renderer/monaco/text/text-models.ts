import type { editor } from 'monaco-editor/editor/editor.api.js';
import type { Monaco } from '../load.ts';
import { followDirections } from './text-direction.ts';

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

/** A model that the caller disposes of. */
export function createTextModel(monaco: Monaco, language: string, text: string, uri?: string): editor.ITextModel {
  const model = monaco.editor.createModel(text, language, uri === undefined ? undefined : monaco.Uri.parse(uri));
  hideBracketColours(model);
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  followDirections(monaco, model);
  return model;
}

/** Gives a text another language. */
function setLanguage(monaco: Monaco, model: editor.ITextModel, language: string): void {
  if (model.getLanguageId() === language) return;
  monaco.editor.setModelLanguage(model, language);
  hideBracketColours(model);
}

/** Bracket colours would cover those of the tags; changing the language turns them on again. */
export function hideBracketColours(model: editor.ITextModel): void {
  model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
}

/** Replaces a text as one undo step, changing only what differs so that the cursor stays. */
export function setText(model: editor.ITextModel, text: string): void {
  const after = withLineFeeds(text);
  // Monaco normalises line ends, which is no change.
  if (model.getValue() === after) return;
  model.pushStackElement();
  model.pushEditOperations(null, editsBetween(model, after), () => null);
  model.pushStackElement();
}

/** Line by line when there are as many as before, as after a rename; else from the first to the last difference. */
function editsBetween(model: editor.ITextModel, text: string): editor.IIdentifiedSingleEditOperation[] {
  const before = model.getLinesContent();
  const after = text.split('\n');
  if (before.length !== after.length) return editAt(model, 0, model.getValue(), text);
  return before.flatMap((line, at) =>
    editAt(model, model.getOffsetAt({ lineNumber: at + 1, column: 1 }), line, after[at] ?? ''),
  );
}

/** What turns one text, which begins at an offset, into another one. */
function editAt(model: editor.ITextModel, offset: number, before: string, after: string) {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  // Monaco does not split surrogate pairs.
  if (/[\ud800-\udbff]/.test(before[start - 1] ?? '')) start -= 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  if (/[\udc00-\udfff]/.test(before.at(-same) ?? '') && same > 0) same -= 1;
  const from = model.getPositionAt(offset + start);
  const to = model.getPositionAt(offset + before.length - same);
  const range = {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
  return [{ range, text: after.slice(start, after.length - same) }];
}

/** Takes the last change of a text back or does it again, when the text is as expected. */
export function stepText(uri: string, step: 'undo' | 'redo', expected: string): void {
  const model = kept.get(uri)?.model;
  if (model === undefined || model.isDisposed() || model.getValue() !== withLineFeeds(expected)) return;
  void model[step]();
}

/** The text with Monaco's line ends. */
export function withLineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** Where cursor and scrolling were when the text was last shown. */
export function viewOf(uri: string): editor.ICodeEditorViewState | null {
  return kept.get(uri)?.view ?? null;
}

/** Keeps where cursor and scrolling are. */
export function keepView(uri: string, view: editor.ICodeEditorViewState | null): void {
  const known = kept.get(uri);
  if (known !== undefined) known.view = view;
}

/** Disposes of the texts whose uri starts so, with their undo history. */
export function disposeModels(prefix: string): void {
  for (const [uri, { model }] of kept) {
    if (!uri.startsWith(prefix)) continue;
    model.dispose();
    kept.delete(uri);
  }
}
