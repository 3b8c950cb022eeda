import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { type Command, commands } from '../src-core/desktop/commands.ts';
import { menuTemplate } from './menu-template.ts';

const itemsOf = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap((menu) => (Array.isArray(menu.submenu) ? menu.submenu : []));

test('every command with a menu is in the menu bar, with the shortcut of the palette', () => {
  const items = itemsOf(menuTemplate(false, () => {}));
  for (const command of commands.filter((one: Command) => one.menu !== null) as Command[]) {
    const item = items.find(({ id }) => id === command.id);
    expect(item?.label).toBe(command.title);
    expect(item?.accelerator).toBe(command.shortcut?.replace('Mod', 'CommandOrControl'));
  }
});

test('a click asks for the command', () => {
  const chosen: string[] = [];
  const items = itemsOf(menuTemplate(false, (id) => chosen.push(id)));
  const click = items.find(({ id }) => id === 'run.start')?.click as (() => void) | undefined;
  click?.();
  expect(chosen).toEqual(['run.start']);
});

test('macOS gets its application and window menus, and help stays last', () => {
  const mac = menuTemplate(true, () => {});
  expect(mac[0]?.role).toBe('appMenu');
  expect(mac.at(-2)?.role).toBe('windowMenu');
  expect(mac.at(-1)?.role).toBe('help');
  expect(menuTemplate(false, () => {})[0]?.label).toBe('File');
});
