import { compareView, comparisonDraftEditor, comparisonEditor } from '../../views/compare/view.ts';
import { promptEditor, promptsView } from '../../views/editor/view.ts';
import { diffEditor, mergeEditor, versionEditor } from '../../views/history/view.ts';
import { endpointEditor, modelEditor, modelsView } from '../../views/models/view.ts';
import { runEditor, runsView } from '../../views/runs/view.ts';
import { settingsEditor } from '../../views/settings/view.ts';
import type { Editor, View } from '../view.ts';

/** The activity bar, from top to bottom. */
export const views: readonly View[] = [promptsView, compareView, runsView, modelsView];

const editors: readonly Editor[] = [
  promptEditor,
  diffEditor,
  versionEditor,
  mergeEditor,
  comparisonEditor,
  comparisonDraftEditor,
  modelEditor,
  endpointEditor,
  runEditor,
  settingsEditor,
];
const byKind = new Map(editors.map((editor) => [editor.kind, editor]));

/** The editor for tabs of a kind; undefined when a tab of an older version of PromptDev asks for one that is gone. */
export function editorFor(kind: string): Editor | undefined {
  return byKind.get(kind);
}
