import type { MenuItemConstructorOptions } from 'electron';
import { type Command, type CommandId, commands, type Menu, menus } from '../src-core/desktop/commands.ts';
import { toAccelerator } from '../src-core/desktop/shortcuts.ts';

const titles: Readonly<Record<Menu, string>> = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  go: 'Go',
  run: 'Run',
  help: 'Help',
};

/** Items of the platform in each menu. */
const before: Partial<Record<Menu, readonly MenuItemConstructorOptions[]>> = {
  edit: [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ],
};

const after = (menu: Menu, mac: boolean): readonly MenuItemConstructorOptions[] => {
  if (menu === 'file' && !mac) return [{ type: 'separator' }, { role: 'quit' }];
  if (menu !== 'view') return [];
  return [
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
};

/** The native menu bar: the same commands as the palette, and the platform's own. `choose` is called with the chosen command. */
export function menuTemplate(mac: boolean, choose: (id: CommandId) => void): MenuItemConstructorOptions[] {
  const item = (command: Command): MenuItemConstructorOptions[] => [
    ...(command.separated ? [{ type: 'separator' as const }] : []),
    {
      id: command.id,
      label: command.title,
      // Only shown: the window handles the keys itself, as in a browser.
      ...(command.shortcut && { accelerator: toAccelerator(command.shortcut), registerAccelerator: false }),
      click: () => choose(command.id),
    },
  ];
  const ours = menus.map((menu): MenuItemConstructorOptions => {
    const items = commands.filter((command: Command) => command.menu === menu).flatMap(item);
    const submenu = [...(before[menu] ?? []), ...items, ...after(menu, mac)];
    return { label: titles[menu], submenu, ...(menu === 'help' && { role: 'help' as const }) };
  });
  return mac ? [{ role: 'appMenu' }, ...ours.slice(0, -1), { role: 'windowMenu' }, ...ours.slice(-1)] : ours;
}
