import { formatNumber } from '../../components/format.ts';
import { Dialog, DialogFooter } from '../../components/overlays/dialog.tsx';
import { Button } from '../../components/ui/button.tsx';
import { chosenFiles } from './choose/chosen-files.ts';
import { ChooseStep } from './choose-step.tsx';
import { chooseAgain, closeImport, type ImportStep, takeFiles, useImport } from './import-store.ts';
import { counted } from './plan/import-words.ts';
import { PlanStep } from './plan/plan-step.tsx';

/** Imports prompts of other tools: what to import, then what that would do, then doing it. */
export function ImportDialog() {
  const step = useImport((state) => state.step);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeImport()}
      title="Import prompts"
      description={descriptionOf(step)}
      isFilled
      className="top-[8vh] max-h-[min(760px,84vh)] w-[min(960px,calc(100vw-32px))]"
    >
      {/* A file that was copied in a file manager can be pasted anywhere in the dialog. */}
      <div className="contents" onPaste={takePastedFiles}>
        {step.kind === 'choose' && <ChooseStep problem={step.problem} />}
        {step.kind === 'reading' && <ReadingStep {...step} />}
        {step.kind === 'plan' && (
          <PlanStep files={step.files} notice={step.notice} onBack={() => chooseAgain()} onClose={closeImport} />
        )}
      </div>
    </Dialog>
  );
}

function descriptionOf(step: ImportStep): string {
  switch (step.kind) {
    case 'choose':
      return 'From files that other tools have saved. You see what would happen before anything is changed.';
    case 'reading':
      return 'The files are read. Nothing is changed yet.';
    case 'plan':
      return `${step.files.length === 1 ? step.files[0]!.path : counted(step.files.length, 'file')}. Nothing is changed before you import.`;
  }
}

function takePastedFiles(event: React.ClipboardEvent): void {
  const { files, types } = event.clipboardData;
  // What a table is copied as has a picture beside its text; the text is meant.
  if (files.length === 0 || types.includes('text/plain')) return;
  event.preventDefault();
  const pasted = [...files];
  void takeFiles(() => chosenFiles(pasted));
}

function ReadingStep({ done, total }: Extract<ImportStep, { kind: 'reading' }>) {
  return (
    <>
      <div className="flex flex-col gap-2 px-4 pt-1 pb-5">
        <progress
          aria-label="Reading files"
          className="h-1.5 w-full accent-(--accent)"
          {...(total !== null && { max: total, value: done })}
        />
        <p role="status" className="tabular text-sm text-muted">
          {total === null ? 'Looking for files…' : `${formatNumber(done)} of ${counted(total, 'file')}`}
        </p>
      </div>
      <DialogFooter>
        <FocusedCancel />
      </DialogFooter>
    </>
  );
}

/** Takes the focus from what the step before had. */
function FocusedCancel() {
  return (
    <Button autoFocus data-initial-focus onClick={closeImport}>
      Cancel
    </Button>
  );
}
