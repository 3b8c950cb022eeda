import { Diff } from 'lucide-react';
import type { Editor } from '../../workbench/view.ts';
import { DiffTab } from './diff/diff-tab.tsx';

/** Tabs that compare two versions or drafts. */
export const diffEditor: Editor = { kind: 'diff', icon: Diff, Component: DiffTab };
