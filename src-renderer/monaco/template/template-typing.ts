import type { editor, Selection } from 'monaco-editor/editor/editor.api.js';
import { alsoDeleted, overtypeAt } from '../../../src-core/templates/assist/overtype.ts';
import { textBefore } from './template-completion.ts';

/** Keys that type the end of a tag. */
const endKeys: readonly string[] = ['%', '}', '#'];

/**
 * The end of a tag is inserted with its beginning: typing the end moves over it, and deleting the beginning deletes it.
 */
export function goOverEnds(shown: editor.ICodeEditor): void {
  shown.onKeyDown((event) => {
    const { key, ctrlKey, metaKey } = event.browserEvent;
    const model = shown.getModel();
    const [selection, ...others] = shown.getSelections() ?? [];
    if (key !== 'Backspace' && !endKeys.includes(key)) return;
    if (ctrlKey || metaKey || model === null || selection === undefined) return;
    if (others.length > 0 || !selection.isEmpty()) return;
    const { lineNumber, column } = selection.getPosition();
    const line = model.getLineContent(lineNumber);
    const after = line.slice(column - 1);
    if (key === 'Backspace') return removeAfter(shown, selection, alsoDeleted(line.slice(0, column - 1), after));
    const over = overtypeAt(textBefore(model, selection.getPosition()), after, key);
    if (over === null) return;
    event.preventDefault();
    event.stopPropagation();
    removeAfter(shown, selection, over.remove);
    shown.setPosition({ lineNumber, column: column + over.step });
  });
}

function removeAfter(shown: editor.ICodeEditor, { startLineNumber, startColumn }: Selection, count: number): void {
  if (count === 0) return;
  const range = { startLineNumber, startColumn, endLineNumber: startLineNumber, endColumn: startColumn + count };
  shown.executeEdits('end of tag', [{ range, text: '' }]);
}
