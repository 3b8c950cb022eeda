import { useEffect } from 'react';
import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { showView } from '../../workbench/layout.ts';
import { updateSettings } from '../../workbench/settings-store.ts';
import { HistoryDialogs } from '../history/history-dialogs.tsx';
import { ImportCommands } from '../import/import-commands.tsx';
import { OrganiseDialogHost } from '../library/organise/organise-dialog-host.tsx';
import { createPrompt } from '../library/organise/prompt-actions.ts';
import { openSample } from './first-start.ts';
import { followClosedTabs } from './lifecycle.ts';

/** What can be done with prompts from every view. */
export function PromptCommands() {
  useEffect(followClosedTabs, []);
  useCommand('prompt.new', () => void createPrompt());
  useCommand('prompt.search', () => {
    showView('prompts');
    // The field is there after the next render.
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-prompt-search]')?.select());
  });
  useCommand('help.welcome', () => {
    void updateSettings({ welcomeSeen: false });
    void openSample();
  });
  return (
    <>
      <HistoryDialogs />
      <ImportCommands />
      <ErrorBoundary what="The dialog about the library" shape="corner">
        <OrganiseDialogHost />
      </ErrorBoundary>
    </>
  );
}
