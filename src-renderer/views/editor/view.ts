import { FileText } from 'lucide-react';
import type { Editor, View } from '../../workbench/view.ts';
import { PromptsSide } from '../library/prompts-side.tsx';
import { PromptCommands } from './prompt-commands.tsx';
import { PromptEditor } from './prompt-editor.tsx';

/** The library of prompts. */
export const promptsView: View = {
  id: 'prompts',
  title: 'Prompts',
  icon: FileText,
  command: 'go.prompts',
  Side: PromptsSide,
  Commands: PromptCommands,
};

/** Tabs that show a prompt. */
export const promptEditor: Editor = { kind: 'prompt', icon: FileText, Component: PromptEditor };
