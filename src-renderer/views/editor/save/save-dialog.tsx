import { GitBranch } from 'lucide-react';
import { useId } from 'react';
import { z } from 'zod';
import { create } from 'zustand';
import { changeSize } from '../../../../src-core/content/diff/diff-content.ts';
import { describeChanges, summariseChanges } from '../../../../src-core/content/diff/summarise-changes.ts';
import { hashContent } from '../../../../src-core/content/hash-content.ts';
import { shownNumber } from '../../../../src-core/content/version-name.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Kbd } from '../../../components/ui/kbd.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { useCommand } from '../../../workbench/commands.ts';
import { openDraftDiff } from '../../../workbench/navigation/open-history.ts';
import { ChangeCount } from '../../history/diff/change-count.tsx';
import { type DraftChanges, useDraftChanges } from '../../history/versions/use-draft-changes.ts';
import { saveVersion } from '../draft/version-actions.ts';

/** The prompt whose draft is about to be saved as a version. */
const useSaving = create<{ readonly promptId: string | null }>(() => ({ promptId: null }));

/** Opens the dialog that saves a version; when nothing changed, a toast says so. */
export function askToSave(handle: DraftHandle): void {
  const { prompt, content } = handle.store.getState();
  const { baseVersion } = prompt.draft;
  if (baseVersion !== null && baseVersion.hash === hashContent(content)) {
    toast(`No change since version ${shownNumber(baseVersion)}`, { description: 'There is nothing new to save.' });
    return;
  }
  useSaving.setState({ promptId: prompt.id });
}

const close = (): void => useSaving.setState({ promptId: null });

/** The dialog that saves a version, with what changed and a note. */
export function SaveDialog({ handle }: { readonly handle: DraftHandle }) {
  const id = useDraft(handle, (state) => state.prompt.id);
  const open = useSaving((state) => state.promptId === id);
  if (!open) return null;
  return <Opened handle={handle} />;
}

const shownChanges = 8;
const noteText = { schema: z.string(), initial: '' };

function Opened({ handle }: { readonly handle: DraftHandle }) {
  const prompt = useDraft(handle, (state) => state.prompt);
  const changes = useDraftChanges(handle);
  const { value: note, change, forget } = useDialogText(`note:${prompt.id}`, noteText);
  const noteId = useId();
  const submit = useSubmit();
  const save = async () => {
    if (!submit.isBusy && (await submit.run(() => saveVersion(handle, note.trim())))) cancel();
  };
  const cancel = () => {
    forget();
    close();
  };
  // Pressing the shortcut again saves at once.
  useCommand('prompt.saveVersion', () => void save());
  const { baseVersion } = prompt.draft;
  const latest = prompt.latestVersion ?? 0;
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title={`Save version ${latest + 1}`}
      description={
        baseVersion === null
          ? 'The first version of this prompt. It never changes; the draft goes on.'
          : `What changed since version ${shownNumber(baseVersion)} is kept for good; the draft goes on.`
      }
      footer={
        <>
          <span className="mr-auto flex items-center gap-1 text-xs text-muted">
            <Kbd shortcut="Mod+S" /> saves
          </span>
          <DialogButtons
            action="Save version"
            onAction={() => void save()}
            disabled={submit.isBusy}
            onCancel={cancel}
          />
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="flex flex-col gap-1">
          <label htmlFor={noteId} className="font-medium">
            Note
          </label>
          <Textarea
            id={noteId}
            autoFocus
            rows={2}
            value={note}
            placeholder={changes.diff === null ? 'First version' : summariseChanges(changes.diff)}
            onChange={(event) => {
              change(event.target.value);
              submit.forget();
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              void save();
            }}
          />
          <p className="text-xs text-muted">Left empty, the note is what stands there now.</p>
        </div>
        {baseVersion !== null && baseVersion.number < latest && (
          <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
            <GitBranch aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning" />
            This draft started from version {shownNumber(baseVersion)}, not from the latest one. The new version is a
            branch beside version {shownNumber({ number: latest, confirmed: prompt.latestConfirmed })}; History can
            merge the two.
          </p>
        )}
        <Changes changes={changes} onShow={() => void openDraftDiff(handle).then(close)} />
      </form>
      <DialogProblem problem={submit.problem} />
    </Dialog>
  );
}

function Changes({
  changes: { diff, count },
  onShow,
}: {
  readonly changes: DraftChanges;
  readonly onShow: () => void;
}) {
  if (diff === null || count === 0) return null;
  const phrases = describeChanges(diff);
  return (
    <section aria-label="What changed" className="rounded-lg border">
      <header className="flex h-8 items-center gap-2 border-b bg-panel px-3">
        <h3 className="text-sm font-medium">
          {count} {count === 1 ? 'change' : 'changes'}
        </h3>
        <ChangeCount {...changeSize(diff)} />
        <Button variant="link" className="ml-auto text-sm" onClick={onShow}>
          Show
        </Button>
      </header>
      <ul className="flex flex-col gap-0.5 px-3 py-2 text-sm text-muted">
        {phrases.slice(0, shownChanges).map((phrase) => (
          <li key={phrase} className="truncate first-letter:uppercase">
            {phrase}
          </li>
        ))}
        {phrases.length > shownChanges && <li>and {phrases.length - shownChanges} more</li>}
      </ul>
    </section>
  );
}
