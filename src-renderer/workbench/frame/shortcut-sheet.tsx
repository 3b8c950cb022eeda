import { type Command, commands, menus } from '../../../src-core/desktop/commands.ts';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { isMac } from '../../components/platform.ts';
import { Kbd } from '../../components/ui/kbd.tsx';
import { closeDialogs, useDialogs } from '../dialogs.ts';

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

const mod = isMac ? '⌘' : 'Ctrl';

/** What the text editor does by itself; it is no command of the workbench. */
const templateKeys: readonly (readonly [string, string])[] = [
  ['Complete, with documentation', 'Ctrl Space'],
  ['Tell what stands at the cursor', 'Shift F1'],
  ['Show the parameters of a call', `${mod} Shift Space`],
  ['Rename an input everywhere', 'F2'],
  ['Open an included prompt', `F12, ${mod} click`],
  ['Mend a problem', `${mod} .`],
  ['Make a comment', `${mod} /`],
  ['Fold and unfold', isMac ? '⌥ ⌘ [ ]' : 'Ctrl Shift [ ]'],
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
        <KeySection title="In a template" keys={templateKeys} />
        <KeySection title="In lists and editors" keys={listKeys} />
      </section>
    </Dialog>
  );
}

interface KeySectionProps {
  readonly title: string;
  readonly keys: readonly (readonly [title: string, keys: string])[];
}

/** Keys that are no commands. */
function KeySection({ title, keys }: KeySectionProps) {
  return (
    <section className="mb-4 break-inside-avoid">
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <dl>
        {keys.map(([what, pressed]) => (
          <div key={what} className="flex items-baseline justify-between gap-4 py-0.5">
            <dt>{what}</dt>
            <dd className="text-right text-xs text-muted">{pressed}</dd>
          </div>
        ))}
      </dl>
    </section>
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
          <div key={row.title} className="flex items-baseline justify-between gap-4 py-0.5">
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
