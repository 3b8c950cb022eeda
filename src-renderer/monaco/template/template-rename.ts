import type { editor, IPosition } from 'monaco-editor/editor/editor.api.js';
import { hoverAt } from '../../../src-core/templates/assist/hover.ts';
import type { Monaco } from '../load.ts';
import { rangeOf } from './template-hover.ts';
import { scopeOf } from './template-scope.ts';

/** The part of Monaco that shows a sentence beside the cursor. */
interface MessageController extends editor.IEditorContribution {
  showMessage(message: string, position: IPosition): void;
}

/** Renames an input everywhere in its prompt. */
export function registerRename(monaco: Monaco, languageId: string): void {
  monaco.languages.registerRenameProvider(languageId, {
    resolveRenameLocation: (model, position) => {
      const found = nameAt(model, model.getOffsetAt(position));
      if (found.kind === 'input') return { text: found.name, range: rangeOf(model, found) };
      const nowhere = { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 };
      return { text: '', range: nowhere, rejectReason: found.reason };
    },
    provideRenameEdits: (model, position, to) => {
      const found = nameAt(model, model.getOffsetAt(position));
      if (found.kind === 'none') return { edits: [], rejectReason: found.reason };
      try {
        // Changes the whole prompt; the text in this editor follows.
        scopeOf(model)?.renameInput(found.name, to);
      } catch (error) {
        // Monaco would write a returned reason to the console only.
        showMessage(monaco, model, error instanceof Error ? error.message : String(error), position);
      }
      return { edits: [] };
    },
  });
}

type Found =
  | { readonly kind: 'input'; readonly name: string; readonly start: number; readonly end: number }
  | { readonly kind: 'none'; readonly reason: string };

function nameAt(model: editor.ITextModel, offset: number): Found {
  const scope = scopeOf(model);
  const hovered = scope === null ? null : hoverAt(model.getValue(), offset, scope.knowledge);
  if (hovered?.kind === 'value' && hovered.input !== null) {
    return { kind: 'input', start: hovered.start, end: hovered.end, name: hovered.input.name };
  }
  if (hovered?.kind !== 'local') return { kind: 'none', reason: 'Only inputs can be renamed; there is none here.' };
  return { kind: 'none', reason: `"${hovered.local.name}" is no input; the template itself defines it.` };
}

function showMessage(monaco: Monaco, model: editor.ITextModel, message: string, position: IPosition): void {
  const shown = monaco.editor.getEditors().find((candidate) => candidate.getModel() === model);
  shown?.getContribution<MessageController>('editor.contrib.messageController')?.showMessage(message, position);
}
