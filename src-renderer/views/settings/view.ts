import { Settings } from 'lucide-react';
import type { Editor } from '../../workbench/view.ts';
import { SettingsEditor } from './settings-editor.tsx';

/** The tab with the person's preferences. */
export const settingsEditor: Editor = { kind: 'settings', icon: Settings, Component: SettingsEditor };
