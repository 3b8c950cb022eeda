import { CircleStop, Ellipsis, Play } from 'lucide-react';
import { shownNumber } from '../../../src-core/content/version-name.ts';
import { commandById } from '../../../src-core/desktop/commands.ts';
import { DropdownMenu } from '../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../components/overlays/menu-parts.tsx';
import { commandTip, Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import { changeSettings } from '../../live/drafts/edit-content.ts';
import { runCommand } from '../../workbench/commands.ts';
import { useVersionView } from '../history/version/version-view.ts';
import { promptMenu } from '../library/organise/prompt-actions.ts';
import { isActive, useShownRun } from '../runs/run-store.ts';
import { MetadataFields } from './metadata-fields.tsx';
import { ModelPicker } from './run/model-picker.tsx';
import { ChangesChip } from './save/changes-chip.tsx';
import { SaveStatus } from './save-status.tsx';

/** Name, description and tags of a prompt, its model, and the buttons that run and save it. */
export function PromptHeader({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const model = useDraft(handle, (state) => state.content.settings.model);
  return (
    <header className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 border-b px-4 py-2.5">
      <MetadataFields handle={handle} />
      <div className="flex items-center gap-1.5 pt-0.5">
        <SaveStatus handle={handle} />
        <ChangesChip handle={handle} />
        <ModelPicker
          className="w-44"
          value={model}
          onChange={(next) => handle.edit((content) => changeSettings(content, { model: next }))}
        />
        <RunButton promptId={promptId} />
        <SaveButton />
        <MoreActions handle={handle} />
      </div>
    </header>
  );
}

function MoreActions({ handle }: { readonly handle: DraftHandle }) {
  // Renders the menu again when the stored prompt changes.
  useDraft(handle, (state) => state.prompt);
  return (
    <DropdownMenu entries={menuOf(handle)}>
      <Button variant="ghost" size="icon" aria-label="More actions">
        <Ellipsis />
      </Button>
    </DropdownMenu>
  );
}

function RunButton({ promptId }: { readonly promptId: string }) {
  const shown = useShownRun(promptId);
  if (shown !== null && isActive(shown.status)) {
    return (
      <Tip {...commandTip('run.cancel')}>
        <Button className="w-18" onClick={() => runCommand('run.cancel')}>
          <CircleStop /> Cancel
        </Button>
      </Tip>
    );
  }
  return (
    <Tip {...commandTip('run.start')}>
      <Button variant="primary" className="w-18" onClick={() => runCommand('run.start')}>
        <Play /> Run
      </Button>
    </Tip>
  );
}

function SaveButton() {
  return (
    <Tip {...commandTip('prompt.saveVersion')}>
      <Button onClick={() => runCommand('prompt.saveVersion')}>Save version</Button>
    </Tip>
  );
}

function menuOf(handle: DraftHandle): readonly MenuEntry[] {
  const { prompt } = handle.store.getState();
  const { canUndo, canRedo, baseVersion, hash } = prompt.draft;
  return [
    {
      label: 'Undo draft change',
      shortcut: commandById('draft.undo').shortcut,
      disabled: !canUndo,
      onSelect: () => runCommand('draft.undo'),
    },
    {
      label: 'Redo draft change',
      shortcut: commandById('draft.redo').shortcut,
      disabled: !canRedo,
      onSelect: () => runCommand('draft.redo'),
    },
    {
      label: baseVersion === null ? 'Discard draft' : `Go back to version ${shownNumber(baseVersion)}`,
      disabled: baseVersion === null || baseVersion.hash === hash,
      onSelect: () => runCommand('draft.discard'),
    },
    { kind: 'separator' },
    {
      label: useVersionView.getState().blame ? 'Hide blame' : 'Show blame',
      onSelect: () => runCommand('blame.toggle'),
    },
    ...promptMenu(prompt),
  ];
}
