import { useEffect, useMemo, useRef, useState } from 'react';
import type { GivenFile, PlannedItem } from '../../../../src-core/contract/packs.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { DialogFooter } from '../../../components/overlays/dialog.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { toastError } from '../../../components/overlays/toast.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { useSubmit } from '../../../fields/use-submit.ts';
import { useCommand } from '../../../workbench/commands.ts';
import { useList } from '../../library/list-store.ts';
import { type ChosenActions, countImported } from './actions.ts';
import { folderProblem, ImportPlace } from './import-place.tsx';
import { counted, whyNothing } from './import-words.ts';
import { PlanList } from './plan-list.tsx';
import { type PlanRow, planRows } from './plan-rows.ts';
import { PlanTools } from './plan-tools.tsx';
import { runImport } from './run-import.ts';
import { type ImportOptions, usePlan } from './use-plan.ts';

interface PlanStepProps {
  readonly files: readonly GivenFile[];
  /** What of the choice is not among them. */
  readonly notice: string | null;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

const noRows: readonly PlanRow[] = [];
const reasonId = 'import-reason';

/** What importing the files would do, what is to be done with each prompt, and doing it. */
export function PlanStep({ files, notice, onBack, onClose }: PlanStepProps) {
  const [options, setOptions] = useState<ImportOptions>(() => {
    return { project: useList.getState().project ?? 'default', folder: '', formats: {} };
  });
  const [actions, setActions] = useState<ChosenActions>({});
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [showsRefusals, setShowsRefusals] = useState<boolean | null>(null);
  const [state, setState] = useState<PlannedItem['state'] | 'all'>('all');
  const folderError = folderProblem(options.folder);
  const { plan, problem, isStale, again } = usePlan(files, folderError === null ? options : null);
  const submit = useSubmit();
  const rows = useMemo(
    () => (plan === null ? noRows : planRows(plan, { open, showsRefusals, state })),
    [plan, open, showsRefusals, state],
  );
  const imported = useMemo(() => (plan === null ? 0 : countImported(plan.items, actions)), [plan, actions]);
  const isReady = plan !== null && !isStale && problem === null && imported > 0 && !submit.isBusy;
  const reason = reasonOf();

  function reasonOf(): string | null {
    if (submit.isBusy) return 'All of it or nothing is imported.';
    if (folderError !== null) return 'The folder cannot be used like this.';
    if (problem !== null && !isStale) return 'The files cannot be imported like this.';
    if (plan === null) return 'Looking at what is in the files…';
    return isStale ? 'Looking again…' : whyNothing(plan.files, plan.items, imported);
  }

  // The dialog may be closed while it imports, and another one opened.
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const run = async () => {
    if (!isReady) return;
    const done = await submit.run(async () => {
      try {
        await runImport(files, options, plan.items, actions);
      } catch (error) {
        if (!isShown.current) toastError('Nothing was imported', error);
        // Something in the library has changed since the plan was made.
        if (error instanceof AppError && error.code === 'conflict') again();
        throw error;
      }
    });
    if (done && isShown.current) onClose();
  };
  useCommand('run.start', () => void run());

  const mainButton = useRef<HTMLButtonElement>(null);
  const isPlanned = plan !== null;
  // So that Enter imports, and the arrow keys of nothing behind the dialog are pressed.
  useEffect(() => {
    if (isPlanned) mainButton.current?.focus();
  }, [isPlanned]);

  return (
    <>
      <div className="flex shrink-0 flex-col gap-3 px-4 pb-3">
        <ImportPlace options={options} folderError={folderError} onChange={setOptions} disabled={submit.isBusy} />
        {plan !== null && plan.items.length > 0 && (
          <PlanTools items={plan.items} actions={actions} onActions={setActions} state={state} onState={setState} />
        )}
        {notice !== null && <p className="text-sm text-muted">{notice}</p>}
        <DialogProblem problem={submit.problem ?? (isStale ? null : problem)} />
      </div>
      {plan === null ? (
        <div className="min-h-0 overflow-hidden border-t">{problem === null && <SkeletonList rows={6} />}</div>
      ) : (
        <PlanList
          rows={rows}
          actions={actions}
          isStale={isStale || submit.isBusy}
          formats={options.formats}
          onAction={(key, action) => setActions((before) => ({ ...before, [key]: action }))}
          onFormat={(path, format) => setOptions({ ...options, formats: { ...options.formats, [path]: format } })}
          onReport={(path) => setOpen((before) => toggled(before, path))}
          onRefusals={setShowsRefusals}
        />
      )}
      {submit.isBusy && <progress aria-label="Importing" className="h-1 w-full shrink-0 accent-(--accent)" />}
      <DialogFooter>
        <p id={reasonId} role="status" className="mr-auto min-w-0 truncate text-sm text-muted">
          {reason}
        </p>
        <Button variant="ghost" disabled={submit.isBusy} onClick={onBack}>
          Choose others
        </Button>
        <Button onClick={onClose}>{submit.isBusy ? 'Close' : 'Cancel'}</Button>
        <Button
          ref={mainButton}
          variant="primary"
          // The focus stays on it while the plan is made again.
          aria-disabled={!isReady}
          aria-describedby={reason === null ? undefined : reasonId}
          className="aria-disabled:opacity-50"
          onClick={() => void run()}
        >
          {submit.isBusy ? 'Importing…' : imported === 0 ? 'Import' : `Import ${counted(imported, 'prompt')}`}
        </Button>
      </DialogFooter>
    </>
  );
}

function toggled(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}
