import { Columns3 } from 'lucide-react';
import type { Editor, View } from '../../workbench/view.ts';
import { DraftEditor } from './builder/draft-editor.tsx';
import { CompareCommands } from './compare-commands.tsx';
import { CompareSide } from './compare-side.tsx';
import { ComparisonEditor } from './comparison-editor.tsx';

/** Prompts × models × inputs, side by side. */
export const compareView: View = {
  id: 'compare',
  title: 'Compare',
  icon: Columns3,
  command: 'go.compare',
  Side: CompareSide,
  Commands: CompareCommands,
};

export const comparisonEditor: Editor = { kind: 'comparison', icon: Columns3, Component: ComparisonEditor };
export const comparisonDraftEditor: Editor = { kind: 'comparison-draft', icon: Columns3, Component: DraftEditor };
