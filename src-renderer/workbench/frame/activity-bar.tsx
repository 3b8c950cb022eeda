import { Settings } from 'lucide-react';
import type { CommandId } from '../../../src-core/desktop/commands.ts';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { shortcutOf } from '../../components/shortcut-of.ts';
import { cn } from '../../components/ui/cn.ts';
import { runCommand } from '../commands.ts';
import { useLayout } from '../layout.ts';
import { useTabs } from '../tabs.ts';
import type { View } from '../view.ts';
import { useViews } from './parts.tsx';

/** The column of icons that choose what the side bar lists. */
export function ActivityBar() {
  const views = useViews();
  const { view, sidebar } = useLayout();
  const settingsShown = useTabs((state) => state.active?.startsWith('settings:') ?? false);
  return (
    <nav
      aria-label="Views"
      data-region="activity"
      className="flex w-12 shrink-0 flex-col items-center gap-1 border-r bg-panel py-2"
      onKeyDown={moveWithArrows}
    >
      {views.map(({ id, title, icon, command }) => (
        <ActivityButton key={id} title={title} icon={icon} command={command} active={sidebar && view === id} />
      ))}
      <div className="flex-1" />
      <ActivityButton title="Settings" icon={Settings} command="go.settings" active={settingsShown} />
    </nav>
  );
}

interface ActivityButtonProps extends Pick<View, 'title' | 'icon'> {
  readonly command: CommandId;
  readonly active: boolean;
}

function ActivityButton({ title, icon: Icon, command, active }: ActivityButtonProps) {
  return (
    <Tip label={title} shortcut={shortcutOf(command)} side="right">
      <button
        type="button"
        aria-label={title}
        aria-current={active ? 'page' : undefined}
        onClick={() => runCommand(command)}
        className={cn(
          'relative flex size-9 items-center justify-center rounded-md text-faint transition-colors hover:bg-hover hover:text-foreground',
          active && 'bg-active text-foreground',
        )}
      >
        <Icon className="size-4.5 stroke-[1.75]" />
      </button>
    </Tip>
  );
}

function moveWithArrows(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(index + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
