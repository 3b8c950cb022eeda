import { FileText } from 'lucide-react';
import type { Editor, View } from '../../workbench/view.ts';
import { PromptsSide } from '../library/list/prompts-side.tsx';
import { PaletteHits } from '../library/search/palette-hits.tsx';
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
  PaletteHits,
};

/** Tabs that show a prompt. */
export const promptEditor: Editor = { kind: 'prompt', icon: FileText, Component: PromptEditor };
