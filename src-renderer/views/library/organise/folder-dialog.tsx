import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { promptNameSchema } from '../../../../src-core/contract/shared.ts';
import { formatNumber } from '../../../components/format.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { Checkbox } from '../../../fields/checkbox.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { orpc } from '../../../live/api.ts';
import { type MoveProgress, moveFolder } from './folder-actions.ts';
import { closeOrganiseDialog } from './organise-dialogs.ts';
import { UsageList } from './usage-list.tsx';

interface FolderDialogProps {
  readonly folder: string;
  /** Null means that of every project. */
  readonly project: string | null;
}

const textSchema = z.string();

/** Asks for another path of a folder; shows what the move changes and its progress. */
export function FolderDialog({ folder, project }: FolderDialogProps) {
  const typed = useDialogText(`folder:${project ?? ''}:${folder}`, { schema: textSchema, initial: folder });
  const path = typed.value;
  const [rewrite, setRewrite] = useState(true);
  const [progress, setProgress] = useState<MoveProgress | null>(null);
  const running = useRef<AbortController | null>(null);
  const action = useSubmit();
  const place = { folder, ...(project !== null && { project }) };
  const folders = useQuery(orpc.library.folders.queryOptions({ input: project === null ? {} : { project } })).data;
  const usages = useQuery(orpc.library.folderUsedBy.queryOptions({ input: place })).data;
  const countIn = (at: string) => folders?.find((other) => other.folder === at)?.prompts;
  const to = path.trim().replace(/\/+$/, '');
  const error = to === '' ? null : (promptNameSchema.safeParse(to).error?.issues[0]?.message ?? null);
  const canMove = progress === null && error === null && to !== folder && usages !== undefined;
  const drafts = usages?.filter(({ inDraft }) => inDraft).length ?? 0;

  const move = async () => {
    if (!canMove) return;
    running.current = new AbortController();
    setProgress({ done: 0, total: 0 });
    const request = {
      from: folder,
      to,
      ...(project !== null && { project }),
      rewriteIncludes: rewrite && drafts > 0,
    };
    const { signal } = running.current;
    let isMoved = false;
    await action.run(async () => {
      isMoved = await moveFolder(request, signal, setProgress);
    });
    if (isMoved) cancel();
    else setProgress(null);
  };
  const leave = () => {
    running.current?.abort();
    if (progress === null) closeOrganiseDialog();
  };

  const cancel = () => {
    typed.forget();
    closeOrganiseDialog();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && leave()}
      title={`Rename or move ${folder}`}
      description={`Every prompt in it gets a new name, also in archive and trash${project === null ? ', in all projects' : ''}.`}
      footer={
        <DialogButtons
          action="Move folder"
          onAction={() => void move()}
          disabled={!canMove}
          onCancel={progress === null ? cancel : leave}
        />
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void move();
        }}
      >
        <Field label="Path" error={error} hint={hintFor(to, folder, countIn(folder), countIn(to))}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              className="font-mono text-sm"
              disabled={progress !== null}
              value={path}
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                typed.change(event.target.value);
                action.forget();
              }}
            />
          )}
        </Field>
        {drafts > 0 && progress === null && (
          <label htmlFor="rewrite-folder" className="flex items-start gap-2">
            <Checkbox
              id="rewrite-folder"
              className="mt-0.5"
              checked={rewrite}
              onCheckedChange={(checked) => setRewrite(checked === true)}
            />
            <span>
              Rewrite the includes in {drafts === 1 ? 'one draft' : `${formatNumber(drafts)} drafts`}
              <span className="block text-xs text-muted">
                Each is one step that can be undone. Saved versions never change: they go on asking for the old names.
              </span>
            </span>
          </label>
        )}
        {progress === null && usages !== undefined && usages.length > 0 && (
          <section aria-label="Used by" className="max-h-48 overflow-y-auto rounded-lg border p-1">
            <UsageList usages={usages.slice(0, shownUsages)} />
            {usages.length > shownUsages && (
              <p className="px-2 py-1 text-xs text-muted">and {formatNumber(usages.length - shownUsages)} more</p>
            )}
          </section>
        )}
        {progress !== null && <Running {...progress} />}
      </form>
      <DialogProblem problem={action.problem} />
    </Dialog>
  );
}

const shownUsages = 100;

function Running({ done, total }: MoveProgress) {
  return (
    <div className="flex items-center gap-3 text-sm">
      <progress aria-label="Moving" className="h-1.5 flex-1" max={total || 1} value={total === 0 ? undefined : done} />
      <span className="tabular text-muted">
        {total === 0 ? 'Looking for includes…' : `${formatNumber(done)} of ${formatNumber(total)}`}
      </span>
    </div>
  );
}

function hintFor(to: string, folder: string, count: number | undefined, there: number | undefined): string {
  if (count === undefined) return 'With “/” between folders; empty is the top level.';
  const prompts = count === 1 ? 'One prompt moves' : `${formatNumber(count)} prompts move`;
  if (to === folder) return `${count === 1 ? 'One prompt is' : `${formatNumber(count)} prompts are`} in it.`;
  if (to === '') return `${prompts} to the top level.`;
  return there === undefined
    ? `${prompts} to a new folder.`
    : `${prompts} to a folder that has ${formatNumber(there)}.`;
}
