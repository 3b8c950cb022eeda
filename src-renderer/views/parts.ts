import type { Parts } from '../workbench/frame/parts.tsx';
import { compareView, comparisonDraftEditor, comparisonEditor } from './compare/view.ts';
import { promptEditor, promptsView } from './editor/view.ts';
import { diffEditor, mergeEditor, versionEditor } from './history/view.ts';
import { endpointEditor, modelEditor, modelsView } from './models/view.ts';
import { runEditor, runsView } from './runs/view.ts';
import { settingsEditor } from './settings/view.ts';

/** Every view and every editor of the product. */
export const parts: Parts = {
  views: [promptsView, compareView, runsView, modelsView],
  editors: [
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
  ],
};
