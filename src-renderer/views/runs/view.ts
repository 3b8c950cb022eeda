import { History } from 'lucide-react';
import type { Editor, View } from '../../workbench/view.ts';
import { RunEditor } from './run-editor.tsx';
import { RunsSide } from './runs-side.tsx';

/** The history of everything that was run. */
export const runsView: View = { id: 'runs', title: 'Runs', icon: History, command: 'go.runs', Side: RunsSide };

export const runEditor: Editor = { kind: 'run', icon: History, Component: RunEditor };
