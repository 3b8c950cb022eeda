import type { editor, languages } from 'monaco-editor/editor/editor.api.js';
import type { ProblemFix } from '../../../src-core/content/templates/content-problem.ts';
import type { CodeMarker } from '../code-editor.tsx';
import type { Monaco } from '../load.ts';
import { scopeOf } from './template-scope.ts';

const owner = 'promptdev';
const fixCommand = 'promptdev.applyFix';
const shown = new WeakMap<editor.ITextModel, readonly CodeMarker[]>();

/** Marks problems in a text; those that know a remedy offer it as a quick fix. */
export function showMarkers(monaco: Monaco, model: editor.ITextModel, markers: readonly CodeMarker[]): void {
  shown.set(model, markers);
  monaco.editor.setModelMarkers(
    model,
    owner,
    markers.map((marker) => toMarkerData(monaco, marker)),
  );
}

/** The part of Monaco that shows a problem under its line. */
interface MarkerController extends editor.IEditorContribution {
  showAtMarker(marker: editor.IMarker): void;
  close(focusEditor: boolean): void;
}

const controllerOf = (shown: editor.ICodeEditor) =>
  shown.getContribution<MarkerController>('editor.contrib.markerController');

/** Goes to the problem that begins at a place and shows it under its line, and no other one. */
export function showProblem(
  monaco: Monaco,
  shownIn: editor.ICodeEditor,
  { line, column }: { readonly line: number; readonly column: number },
): void {
  const position = { lineNumber: line, column };
  shownIn.setPosition(position);
  shownIn.revealPositionInCenterIfOutsideViewport(position);
  shownIn.focus();
  const marker = monaco.editor
    .getModelMarkers({ owner, resource: shownIn.getModel()?.uri })
    .find(({ startLineNumber, startColumn }) => startLineNumber === line && startColumn === column);
  for (const other of monaco.editor.getEditors()) if (other !== shownIn) controllerOf(other)?.close(false);
  if (marker !== undefined) controllerOf(shownIn)?.showAtMarker(marker);
}

function toMarkerData(monaco: Monaco, marker: CodeMarker): editor.IMarkerData {
  return {
    severity: marker.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message: marker.message,
    startLineNumber: marker.start.line,
    startColumn: marker.start.column,
    endLineNumber: marker.end.line,
    endColumn: marker.end.column,
  };
}

/** Carries out a fix that changes more than the text. */
export function registerFixCommand(monaco: Monaco): void {
  monaco.editor.registerCommand(fixCommand, (_accessor, model: editor.ITextModel, fix: ProblemFix) =>
    scopeOf(model)?.applyFix(fix),
  );
}

/** Offers the remedies of the problems under the cursor. */
export function registerFixes(monaco: Monaco, languageId: string): void {
  monaco.languages.registerCodeActionProvider(
    languageId,
    {
      provideCodeActions: (model, range) => {
        const here = (shown.get(model) ?? []).filter((marker) => touches(marker, range));
        return { actions: here.flatMap((marker) => actionsOf(monaco, model, marker)), dispose: () => {} };
      },
    },
    { providedCodeActionKinds: ['quickfix'] },
  );
}

function touches({ start, end }: CodeMarker, range: Parameters<languages.CodeActionProvider['provideCodeActions']>[1]) {
  const startsAfter =
    start.line > range.endLineNumber || (start.line === range.endLineNumber && start.column > range.endColumn);
  const endsBefore =
    end.line < range.startLineNumber || (end.line === range.startLineNumber && end.column < range.startColumn);
  return !startsAfter && !endsBefore;
}

function actionsOf(monaco: Monaco, model: editor.ITextModel, marker: CodeMarker): languages.CodeAction[] {
  const diagnostics = [toMarkerData(monaco, marker)];
  const replacements = (marker.replacements ?? []).map(({ text, start, end }, at) => {
    const range = {
      startLineNumber: start.line,
      startColumn: start.column,
      endLineNumber: end.line,
      endColumn: end.column,
    };
    return {
      title: `Change to "${text}"`,
      kind: 'quickfix',
      isPreferred: at === 0 && (marker.fix === undefined || marker.fix.kind === 'replace'),
      diagnostics,
      edit: { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit: { range, text } }] },
    };
  });
  const { fix } = marker;
  if (fix === undefined || fix.kind === 'replace') return replacements;
  const title = fix.kind === 'declare' ? `Declare input "${fix.name}"` : `Remove declaration of "${fix.name}"`;
  const command = { id: fixCommand, title, arguments: [model, fix] };
  return [{ title, kind: 'quickfix', isPreferred: true, diagnostics, command }, ...replacements];
}
