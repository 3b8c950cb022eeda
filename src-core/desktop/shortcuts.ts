import { type Command, commands } from './commands.ts';

/** What a shortcut needs to know of a `KeyboardEvent`. */
export interface KeyStroke {
  readonly key: string;
  /** Physical key, as in `Digit1`; used where the layout or a modifier changes `key`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Shortcut {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

const parse = (shortcut: string): Shortcut => {
  const parts = shortcut.split('+');
  return {
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
    key: parts.at(-1) ?? '',
  };
};

const codeOf = (key: string): string | null => {
  if (/^[A-Z]$/.test(key)) return `Key${key}`;
  if (/^[0-9]$/.test(key)) return `Digit${key}`;
  return { '.': 'Period', ',': 'Comma', '/': 'Slash' }[key] ?? null;
};

const matches = (shortcut: string, stroke: KeyStroke, mac: boolean): boolean => {
  const wanted = parse(shortcut);
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  if (mod !== wanted.mod || other || stroke.altKey !== wanted.alt || stroke.shiftKey !== wanted.shift) return false;
  if (stroke.key.toLowerCase() === wanted.key.toLowerCase()) return true;
  // Alt and Shift turn "n" into "˜" or "/" into "?": then the physical key decides.
  return (wanted.alt || wanted.shift || /^[0-9]$/.test(wanted.key)) && stroke.code === codeOf(wanted.key);
};

/** The command that a key stroke asks for, or null. */
export function commandForStroke(stroke: KeyStroke, mac: boolean): Command | null {
  return (
    commands.find((command: Command) =>
      [command.shortcut, command.alternative].some((shortcut) => shortcut && matches(shortcut, stroke, mac)),
    ) ?? null
  );
}

const macSymbols: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};
const otherNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', PageUp: 'PgUp', PageDown: 'PgDn' };

/** The keys as they are printed on the person's keyboard, as in `['⌘', 'S']` or `['Ctrl', 'S']`. */
export function shortcutKeys(shortcut: string, mac: boolean): readonly string[] {
  return shortcut.split('+').map((key) => (mac ? macSymbols : otherNames)[key] ?? key);
}

/** The shortcut in the notation of Electron's menus, as in `CommandOrControl+S`. */
export function toAccelerator(shortcut: string): string {
  return shortcut.replace('Mod', 'CommandOrControl');
}
