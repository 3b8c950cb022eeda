/** The menus of the menu bar, in order; a command without one is found in the palette only. */
export const menus = ['file', 'edit', 'view', 'go', 'run', 'help'] as const;
export type Menu = (typeof menus)[number];

interface CommandShape {
  readonly id: string;
  readonly title: string;
  readonly menu: Menu | null;
  /** Keys joined with `+`; `Mod` is Command on macOS and Control elsewhere, the last is a `KeyboardEvent.key`. */
  readonly shortcut?: string;
  /** A second shortcut, for keys that browsers reserve or that people expect from other programs. */
  readonly alternative?: string;
  /** Starts a new group in its menu. */
  readonly separated?: true;
}

/** Every command of the product: the palette, tooltips, the shortcut sheet and the native menu are made from this list. */
export const commands = [
  { id: 'prompt.new', title: 'New prompt', menu: 'file', shortcut: 'Mod+N', alternative: 'Alt+N' },
  { id: 'prompt.saveVersion', title: 'Save version', menu: 'file', shortcut: 'Mod+S' },
  { id: 'prompt.duplicate', title: 'Duplicate prompt', menu: 'file' },
  { id: 'import.open', title: 'Import prompts…', menu: 'file', shortcut: 'Mod+Shift+O', separated: true },
  { id: 'import.paste', title: 'Paste to import…', menu: 'file' },
  { id: 'import.list', title: 'Imports…', menu: 'file' },
  { id: 'model.addLocal', title: 'Add local model…', menu: 'file', shortcut: 'Mod+O', separated: true },
  { id: 'model.addEndpoint', title: 'Add endpoint…', menu: 'file' },
  { id: 'tab.close', title: 'Close tab', menu: 'file', shortcut: 'Mod+W', alternative: 'Alt+W', separated: true },
  {
    id: 'tab.reopen',
    title: 'Reopen closed tab',
    menu: 'file',
    shortcut: 'Mod+Shift+T',
    alternative: 'Alt+Shift+T',
  },

  { id: 'draft.undo', title: 'Undo draft change', menu: 'edit', shortcut: 'Mod+Alt+Z', separated: true },
  { id: 'draft.redo', title: 'Redo draft change', menu: 'edit', shortcut: 'Mod+Alt+Shift+Z' },
  { id: 'draft.discard', title: 'Discard draft', menu: 'edit' },
  { id: 'draft.compare', title: 'Compare draft with its version', menu: 'edit', shortcut: 'Mod+Shift+D' },
  { id: 'message.add', title: 'Add message', menu: 'edit', shortcut: 'Mod+Shift+A', separated: true },
  { id: 'message.addPlaceholder', title: 'Add placeholder', menu: 'edit' },
  { id: 'message.format', title: 'Format messages', menu: 'edit', shortcut: 'Alt+Shift+F' },
  { id: 'prompt.search', title: 'Search prompts', menu: 'edit', shortcut: 'Mod+Shift+F', separated: true },

  { id: 'palette.open', title: 'Command palette', menu: 'view', shortcut: 'Mod+K', alternative: 'Mod+Shift+P' },
  { id: 'sidebar.toggle', title: 'Toggle sidebar', menu: 'view', shortcut: 'Mod+B', separated: true },
  { id: 'preview.toggle', title: 'Toggle preview', menu: 'view', shortcut: 'Mod+Shift+V' },
  { id: 'history.show', title: 'Show history', menu: 'view', shortcut: 'Mod+Shift+H' },
  { id: 'draft.steps', title: 'Show draft steps', menu: 'view' },
  { id: 'blame.toggle', title: 'Toggle blame', menu: 'view' },
  { id: 'runPanel.toggle', title: 'Toggle run panel', menu: 'view', shortcut: 'Mod+J' },
  { id: 'runPanel.move', title: 'Move run panel below or beside', menu: 'view' },
  { id: 'theme.toggle', title: 'Toggle light and dark theme', menu: 'view', shortcut: 'Mod+Shift+L', separated: true },
  { id: 'theme.system', title: 'Follow the system theme', menu: 'view' },

  { id: 'go.prompts', title: 'Go to Prompts', menu: 'go', shortcut: 'Mod+1', alternative: 'Alt+1' },
  { id: 'go.compare', title: 'Go to Compare', menu: 'go', shortcut: 'Mod+2', alternative: 'Alt+2' },
  { id: 'go.runs', title: 'Go to Runs', menu: 'go', shortcut: 'Mod+3', alternative: 'Alt+3' },
  { id: 'go.models', title: 'Go to Models', menu: 'go', shortcut: 'Mod+4', alternative: 'Alt+4' },
  { id: 'go.settings', title: 'Settings', menu: 'go', shortcut: 'Mod+,' },
  {
    id: 'tab.next',
    title: 'Next tab',
    menu: 'go',
    shortcut: 'Mod+PageDown',
    alternative: 'Alt+PageDown',
    separated: true,
  },
  { id: 'tab.previous', title: 'Previous tab', menu: 'go', shortcut: 'Mod+PageUp', alternative: 'Alt+PageUp' },
  { id: 'region.next', title: 'Next region', menu: 'go', shortcut: 'F6', separated: true },
  { id: 'region.previous', title: 'Previous region', menu: 'go', shortcut: 'Shift+F6' },
  { id: 'problem.next', title: 'Next problem or conflict', menu: 'go', shortcut: 'F8', separated: true },
  { id: 'problem.previous', title: 'Previous problem or conflict', menu: 'go', shortcut: 'Shift+F8' },

  { id: 'run.start', title: 'Run prompt', menu: 'run', shortcut: 'Mod+Enter' },
  { id: 'run.cancel', title: 'Cancel run', menu: 'run', shortcut: 'Mod+.' },
  { id: 'comparison.new', title: 'New comparison', menu: 'run', shortcut: 'Mod+Shift+E', separated: true },
  { id: 'comparison.start', title: 'Run comparison', menu: 'run', shortcut: 'Mod+Shift+Enter' },
  { id: 'comparison.cancel', title: 'Cancel comparison', menu: 'run', shortcut: 'Mod+Shift+.' },
  { id: 'comparison.rerunFailed', title: 'Re-run failed cells', menu: 'run' },

  { id: 'help.shortcuts', title: 'Keyboard shortcuts', menu: 'help', shortcut: 'Mod+Shift+/', alternative: 'F1' },
  { id: 'help.welcome', title: 'Welcome', menu: 'help' },
  { id: 'help.about', title: 'About PromptDev', menu: 'help', separated: true },
  { id: 'window.reload', title: 'Reload window', menu: 'help', shortcut: 'Mod+R' },
] as const satisfies readonly CommandShape[];

export type CommandId = (typeof commands)[number]['id'];
/** One command, as the palette, the menu and tooltips show it. */
export interface Command extends CommandShape {
  readonly id: CommandId;
}

const byId: ReadonlyMap<string, Command> = new Map(commands.map((command) => [command.id, command]));

/** The command with that id. */
export function commandById(id: CommandId): Command {
  return byId.get(id) as Command;
}

/** Whether a string that came from outside names a command. */
export function isCommandId(id: string): id is CommandId {
  return byId.has(id);
}
