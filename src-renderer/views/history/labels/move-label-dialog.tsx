import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ArrowRight, Lock } from 'lucide-react';
import { useId, useState } from 'react';
import { z } from 'zod';
import { shownNumber, versionName } from '../../../../src-core/content/version-name.ts';
import { labelNameSchema } from '../../../../src-core/contract/label-name.ts';
import type { VersionSummary } from '../../../../src-core/contract/prompts.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { orpc } from '../../../live/api.ts';
import { ContentDiff } from '../diff/content-diff.tsx';
import { useDiffLayout } from '../diff/diff-layout.ts';
import { DiffLayoutSwitches } from '../diff/diff-layout-switches.tsx';
import { RenderedDiff } from '../diff/rendered-diff.tsx';
import { closeLabelDialogs, type LabelMoveRequest, useLabelDialogs } from '../versions/label-dialogs.ts';
import { useVersion } from '../versions/use-content.ts';
import { VersionSelect } from '../versions/version-select.tsx';
import { moveLabel } from './label-actions.ts';

/** Moves a label: which, where to, why; with everything that changes for those who use it. */
export function MoveLabelDialog() {
  const move = useLabelDialogs((state) => state.move);
  return move === null ? null : <Opened key={JSON.stringify(move)} request={move} />;
}

const typedSchema = z.object({ name: z.string(), reason: z.string() });

function Opened({ request }: { readonly request: LabelMoveRequest }) {
  const { promptId } = request;
  const isRollback = request.versionId === null;
  const typed = useDialogText(`label:${promptId}:${isRollback ? 'back' : 'move'}:${request.name}`, {
    schema: typedSchema,
    initial: { name: request.name, reason: '' },
  });
  const { name, reason } = typed.value;
  const [versionId, setVersionId] = useState(request.versionId);
  const reasonError = tooLong('A reason', reason, longest.reason);
  const invalid = name === '' ? null : (labelNameSchema.safeParse(name).error?.issues[0]?.message ?? null);
  const isNamed = name !== '' && invalid === null;
  const preview = useQuery({
    ...orpc.labels.preview.queryOptions({ input: { promptId, name, versionId } }),
    enabled: isNamed,
    placeholderData: keepPreviousData,
  });
  const { from = null, to = null } = (isNamed && preview.data) || {};
  const isSame = !isRollback && from !== null && from.id === to?.id;
  const isProtected = isNamed && preview.data?.protected === true;
  const canMove =
    isNamed && preview.data !== undefined && !preview.isPlaceholderData && !isSame && reasonError === null;
  const action = useSubmit();
  const submit = async () => {
    if (!canMove || action.isBusy) return;
    if (await action.run(() => moveLabel({ promptId, versionId, name }, reason.trim()))) cancel();
  };
  const cancel = () => {
    typed.forget();
    closeLabelDialogs();
  };
  const change = (changes: Partial<typeof typed.value>) => {
    typed.change({ ...typed.value, ...changes });
    action.forget();
  };
  const verb = isRollback ? 'Roll back' : isProtected ? `Yes, move ${name}` : 'Move label';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeLabelDialogs()}
      title={
        isRollback ? `Roll back “${request.name}”` : request.name === '' ? 'Move a label' : `Move “${request.name}”`
      }
      description="Programs that ask for the label get the version it points at. Every move is recorded."
      className="w-[min(960px,calc(100vw-32px))]"
      footer={
        <DialogButtons
          action={verb}
          onAction={() => void submit()}
          disabled={!canMove || action.isBusy}
          onCancel={cancel}
        />
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          {request.name === '' ? (
            <NameField value={name} error={invalid} onChange={(next) => change({ name: next })} />
          ) : (
            <Field label="From" hint={from === null ? 'Not set yet' : from.note}>
              {(control) => (
                <Input
                  {...control}
                  readOnly
                  className="bg-panel text-muted"
                  value={from === null ? '—' : `Version ${shownNumber(from)}`}
                />
              )}
            </Field>
          )}
          {isRollback ? (
            <Field label="Back to" hint={to === null ? 'It was not set before.' : to.note}>
              {(control) => (
                <Input
                  {...control}
                  readOnly
                  className="bg-panel text-muted"
                  value={to === null ? 'Not set' : `Version ${shownNumber(to)}`}
                />
              )}
            </Field>
          ) : (
            <VersionField promptId={promptId} value={versionId} onChange={setVersionId} />
          )}
        </div>
        <Field label="Reason" hint="Optional; kept with the move." error={reasonError}>
          {(control) => (
            <Input {...control} value={reason} onChange={(event) => change({ reason: event.target.value })} />
          )}
        </Field>
        {isSame && <p className="text-muted">It is there already.</p>}
        {isProtected && !isSame && (
          <p className="flex items-center gap-2 rounded-md bg-warning-soft px-3 py-2">
            <Lock aria-hidden="true" className="size-4 shrink-0 text-warning" />“{name}” is protected. Look at what
            changes for everyone who uses it, then confirm.
          </p>
        )}
        {from !== null && to !== null && !isSame && <Changes from={from} to={to} />}
      </form>
      <DialogProblem problem={preview.error?.message ?? action.problem} />
    </Dialog>
  );
}

interface NameFieldProps {
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (name: string) => void;
}

function NameField({ value, error, onChange }: NameFieldProps) {
  const known = useQuery(orpc.labels.names.queryOptions()).data ?? [];
  const listId = useId();
  return (
    <Field label="Label" error={error} hint="One of those in use, or a new one, as in “beta”.">
      {(control) => (
        <>
          <Input
            {...control}
            autoFocus
            list={listId}
            placeholder="staging"
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <datalist id={listId}>
            {known.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface VersionFieldProps {
  readonly promptId: string;
  readonly value: string | null;
  readonly onChange: (versionId: string) => void;
}

function VersionField({ promptId, value, onChange }: VersionFieldProps) {
  const chosen = useVersion(value).data;
  return (
    <Field label="To" hint={chosen?.note}>
      {(control) => <VersionSelect {...control} promptId={promptId} value={value} onChange={onChange} />}
    </Field>
  );
}

interface ChangesProps {
  readonly from: VersionSummary;
  readonly to: VersionSummary;
}

function Changes({ from, to }: ChangesProps) {
  const before = useVersion(from.id).data;
  const after = useVersion(to.id).data;
  const shows = useDiffLayout((layout) => layout.shows);
  if (before === undefined || after === undefined) return null;
  const Difference = shows === 'source' ? ContentDiff : RenderedDiff;
  return (
    <section aria-label="What changes" className="flex flex-col gap-3">
      <header className="flex items-center gap-2">
        <h3 className="font-medium">What changes</h3>
        <Badge>{versionName(from)}</Badge>
        <ArrowRight aria-label="to" className="size-3.5 text-faint" />
        <Badge>{versionName(to)}</Badge>
        <span className="flex-1" />
        <DiffLayoutSwitches />
      </header>
      <Difference before={before.content} after={after.content} />
    </section>
  );
}
