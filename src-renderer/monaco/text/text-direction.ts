import type { editor } from 'monaco-editor/editor/editor.api.js';
import { hasRightToLeft, runsRightToLeft } from '../../../src-core/content/text/direction.ts';
import type { Monaco } from '../load.ts';

/** Lets each line of a text run in the direction of its first letter; only what changed is looked at again. */
export function followDirections(monaco: Monaco, model: editor.ITextModel): void {
  const { RTL } = monaco.editor.TextDirection;
  const options: editor.IModelDecorationOptions = { isWholeLine: true, textDirection: RTL };
  const mark = (first: number, last: number): void => {
    const before = model
      .getLinesDecorations(first, last)
      .filter((decoration) => decoration.options.textDirection === RTL)
      .map(({ id }) => id);
    const after: editor.IModelDeltaDecoration[] = [];
    for (let line = first; line <= last; line += 1) {
      if (!runsRightToLeft(model.getLineContent(line))) continue;
      const range = {
        startLineNumber: line,
        startColumn: 1,
        endLineNumber: line,
        endColumn: model.getLineMaxColumn(line),
      };
      after.push({ range, options });
    }
    if (before.length + after.length > 0) model.deltaDecorations(before, after);
  };
  if (hasRightToLeft(model.getValue())) mark(1, model.getLineCount());
  model.onDidChangeContent(({ changes, isFlush }) => {
    if (isFlush) return mark(1, model.getLineCount());
    for (const { range, text } of changes) {
      const lines = text.split('\n').length - 1;
      mark(range.startLineNumber, Math.min(model.getLineCount(), range.startLineNumber + lines));
    }
  });
}
