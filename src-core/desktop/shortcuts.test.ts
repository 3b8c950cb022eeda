import { expect, test } from 'vitest';
import { type Command, commandById, commands, isCommandId } from './commands.ts';
import { commandForStroke, type KeyStroke, shortcutKeys, toAccelerator } from './shortcuts.ts';

const stroke = (change: Partial<KeyStroke>): KeyStroke => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

test('no two commands share an id or a shortcut', () => {
  const ids = commands.map((command) => command.id);
  expect(new Set(ids).size).toBe(ids.length);
  const shortcuts = commands.flatMap((command: Command) =>
    [command.shortcut, command.alternative].filter((shortcut) => shortcut !== undefined),
  );
  expect(new Set(shortcuts).size).toBe(shortcuts.length);
});

test('Mod is Control here and Command on macOS', () => {
  expect(commandForStroke(stroke({ key: 's', ctrlKey: true }), false)?.id).toBe('prompt.saveVersion');
  expect(commandForStroke(stroke({ key: 's', metaKey: true }), true)?.id).toBe('prompt.saveVersion');
  expect(commandForStroke(stroke({ key: 's', ctrlKey: true }), true)).toBeNull();
  expect(commandForStroke(stroke({ key: 's' }), false)).toBeNull();
});

test('a stroke with more modifiers is another command', () => {
  expect(commandForStroke(stroke({ key: 'Enter', ctrlKey: true }), false)?.id).toBe('run.start');
  expect(commandForStroke(stroke({ key: 'Enter', ctrlKey: true, shiftKey: true }), false)?.id).toBe('comparison.start');
});

test('the physical key decides where Alt or Shift changes the character', () => {
  expect(commandForStroke(stroke({ key: '˜', code: 'KeyN', altKey: true }), true)?.id).toBe('prompt.new');
  expect(commandForStroke(stroke({ key: '>', code: 'Period', ctrlKey: true, shiftKey: true }), false)?.id).toBe(
    'comparison.cancel',
  );
});

test('shortcuts are shown in the words of the platform', () => {
  expect(shortcutKeys('Mod+Shift+P', true)).toEqual(['⌘', '⇧', 'P']);
  expect(shortcutKeys('Mod+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P']);
  expect(toAccelerator('Mod+Shift+P')).toBe('CommandOrControl+Shift+P');
});

test('a command is found by its id and a foreign id is refused', () => {
  expect(commandById('prompt.new').title).toBe('New prompt');
  expect(isCommandId('prompt.new')).toBe(true);
  expect(isCommandId('__proto__')).toBe(false);
});
