import { Diff, GitCommitVertical, GitMerge } from 'lucide-react';
import type { Editor } from '../../workbench/view.ts';
import { DiffTab } from './diff/diff-tab.tsx';
import { MergeTab } from './merge/merge-tab.tsx';
import { VersionTab } from './version/version-tab.tsx';

/** Tabs that compare two versions or drafts. */
export const diffEditor: Editor = { kind: 'diff', icon: Diff, Component: DiffTab };

/** Tabs that show a version, read-only. */
export const versionEditor: Editor = { kind: 'version', icon: GitCommitVertical, Component: VersionTab };

/** Tabs in which a version is merged into a draft. */
export const mergeEditor: Editor = { kind: 'merge', icon: GitMerge, Component: MergeTab };
