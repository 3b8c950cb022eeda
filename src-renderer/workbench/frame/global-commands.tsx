import { Fragment } from 'react';
import type { CommandId } from '../../../src-core/desktop/commands.ts';
import { currentTheme } from '../../components/theme.ts';
import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { currentSettings } from '../../live/settings.ts';
import { useCommand } from '../commands.ts';
import { useDialogs } from '../dialogs.ts';
import { showView, toggleSidebar } from '../layout.ts';
import { stepRegion } from '../regions.ts';
import { updateSettings } from '../settings-store.ts';
import { closeTab, openTab, reopenTab, stepTab, useTabs } from '../tabs.ts';
import { useViews } from './parts.tsx';

/** Commands that work wherever the focus is. */
export function GlobalCommands() {
  const views = useViews();
  useCommand('palette.open', () => useDialogs.setState({ open: 'palette' }));
  useCommand('help.shortcuts', () => useDialogs.setState({ open: 'shortcuts' }));
  useCommand('sidebar.toggle', toggleSidebar);
  useCommand('theme.toggle', () => updateSettings({ theme: currentTheme() === 'dark' ? 'light' : 'dark' }));
  useCommand('theme.system', () => updateSettings({ theme: 'system' }), currentSettings().theme !== 'system');
  useCommand('tab.close', closeActiveTab);
  useCommand('tab.reopen', reopenTab);
  useCommand('tab.next', () => stepTab(1));
  useCommand('tab.previous', () => stepTab(-1));
  useCommand('region.next', () => stepRegion(1));
  useCommand('region.previous', () => stepRegion(-1));
  useCommand('go.settings', openSettings);
  useCommand('help.about', openSettings);
  useCommand('window.reload', () => location.reload());
  return views.map((view) => (
    <Fragment key={view.id}>
      <GoToView id={view.id} command={view.command} />
      {view.Commands && (
        <ErrorBoundary what={`A dialog of ${view.title}`} shape="corner">
          <view.Commands />
        </ErrorBoundary>
      )}
    </Fragment>
  ));
}

function GoToView({ id, command }: { readonly id: string; readonly command: CommandId }) {
  useCommand(command, () => {
    showView(id);
    // The list is there after the next render.
    requestAnimationFrame(() => {
      const side = document.querySelector<HTMLElement>('[data-region="side"]');
      (side?.querySelector<HTMLElement>('input, [tabindex="0"]') ?? side)?.focus();
    });
  });
  return null;
}

function closeActiveTab(): void {
  const { active } = useTabs.getState();
  if (active !== null) closeTab(active);
}

function openSettings(): void {
  openTab({ kind: 'settings', id: 'settings', title: 'Settings' });
}
