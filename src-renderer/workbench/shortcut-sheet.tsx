import { type Command, commands, menus } from '../../src-core/desktop/commands.ts';
import { Dialog } from '../components/ui/dialog.tsx';
import { Kbd } from '../components/ui/kbd.tsx';
import { closeDialogs, useDialogs } from './dialogs.ts';

const titles = { file: 'File', edit: 'Edit', view: 'View', go: 'Go', run: 'Run', help: 'Help' } as const;

const listKeys: readonly (readonly [string, string])[] = [
  ['Move in a list, a tab bar or the messages', '↑ ↓ ← →'],
  ['Open', 'Enter'],
  ['Rename', 'F2'],
  ['Move to trash', 'Delete'],
  ['Choose several', 'Shift ↑ ↓, Space'],
  ['Move a message up or down', 'Alt ↑ ↓ on its header'],
  ['Leave the text editor with Tab', 'Ctrl M'],
];

/** All shortcuts on one sheet. */
export function ShortcutSheet() {
  const open = useDialogs((state) => state.open === 'shortcuts');
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && closeDialogs()}
      title="Keyboard shortcuts"
      description="Everything can be done from the keyboard; the command palette finds what has no shortcut."
      className="w-[min(780px,calc(100vw-32px))]"
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the sheet scrolls, so it must be reachable by keyboard */}
      <section aria-label="Shortcuts" tabIndex={0} className="columns-2 gap-8 rounded-md outline-offset-4">
        {menus.map((menu) => (
          <Section
            key={menu}
            title={titles[menu]}
            rows={commands
              .filter((command: Command) => command.menu === menu && command.shortcut !== undefined)
              .map((command: Command) => ({
                title: command.title,
                keys: [command.shortcut, command.alternative].filter((shortcut) => shortcut !== undefined),
              }))}
          />
        ))}
        <section className="mb-4 break-inside-avoid">
          <h3 className="mb-1 text-xs font-medium text-muted">In lists and editors</h3>
          <dl>
            {listKeys.map(([title, keys]) => (
              <div key={title} className="flex justify-between gap-4 py-0.5">
                <dt>{title}</dt>
                <dd className="text-right text-xs text-muted">{keys}</dd>
              </div>
            ))}
          </dl>
        </section>
      </section>
    </Dialog>
  );
}

interface SectionProps {
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly keys: readonly string[] }[];
}

function Section({ title, rows }: SectionProps) {
  if (rows.length === 0) return null;
  return (
    <section className="mb-4 break-inside-avoid">
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.title} className="flex justify-between gap-4 py-0.5">
            <dt>{row.title}</dt>
            <dd className="flex gap-2">
              {row.keys.map((keys, index) => (
                <span key={keys}>
                  {index > 0 && <span className="mr-2 text-xs text-faint">or</span>}
                  <Kbd shortcut={keys} />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
