import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { projectNameSchema } from '../../../../src-core/contract/shared.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { Checkbox } from '../../../fields/checkbox.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { orpc } from '../../../live/api.ts';
import { FolderDialog } from './folder-dialog.tsx';
import { closeOrganiseDialog, type NamedPrompt, type OrganiseDialog, useOrganiseDialog } from './organise-dialogs.ts';
import { UsageList } from './usage-list.tsx';

/** Dialogs about the library that open from every view. */
export function OrganiseDialogHost() {
  const dialog = useOrganiseDialog((state) => state.dialog);
  if (dialog === null) return null;
  switch (dialog.kind) {
    case 'usages':
      return <UsagesDialog prompt={dialog.prompt} />;
    case 'rename':
      return <RenameDialog dialog={dialog} />;
    case 'folder':
      return <FolderDialog key={dialog.folder} folder={dialog.folder} project={dialog.project} />;
    case 'newProject':
      return <ProjectDialog key="new" title="New project" initial="" action="Create project" dialog={dialog} />;
    case 'renameProject':
      return (
        <ProjectDialog
          key={dialog.from}
          title={`Rename “${dialog.from}”`}
          initial={dialog.from}
          action="Rename project"
          dialog={dialog}
        />
      );
  }
}

const onOpenChange = (open: boolean) => !open && closeOrganiseDialog();

function UsagesDialog({ prompt }: { readonly prompt: NamedPrompt }) {
  const usages = useQuery(orpc.library.whereUsed.queryOptions({ input: { id: prompt.id } }));
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={`Where ${prompt.name} is used`}
      description="Prompts whose draft or latest version includes it."
    >
      {usages.data === undefined ? (
        usages.error === null ? (
          <SkeletonList rows={3} />
        ) : (
          <p role="alert" className="text-danger">
            <ForeignText text={usages.error.message} />
          </p>
        )
      ) : usages.data.length === 0 ? (
        <p className="text-muted">
          No prompt includes it. Write <code className="font-mono">{`{% include "${prompt.name}" %}`}</code> in another
          prompt to use it there.
        </p>
      ) : (
        <UsageList usages={usages.data} />
      )}
    </Dialog>
  );
}

function RenameDialog({ dialog }: { readonly dialog: Extract<OrganiseDialog, { kind: 'rename' }> }) {
  const { prompt, name, usages, action, done } = dialog;
  const submit = useSubmit();
  const [rewrite, setRewrite] = useState(true);
  const drafts = usages.filter(({ inDraft }) => inDraft).length;
  const rename = async () => {
    if (!(await submit.run(() => action(rewrite)))) return;
    useOrganiseDialog.setState({ dialog: null });
    done(true);
  };
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={`Rename ${prompt.name}`}
      description={`It becomes ${name}. ${usages.length === 1 ? 'One prompt includes' : `${usages.length} prompts include`} it by its name:`}
      footer={
        <DialogButtons
          action="Rename"
          onAction={() => void rename()}
          disabled={submit.isBusy}
          onCancel={closeOrganiseDialog}
          cancel="Keep the name"
          autoFocus
        />
      }
    >
      <UsageList usages={usages} />
      <label htmlFor="rewrite-includes" className="mt-3 flex items-start gap-2">
        <Checkbox
          id="rewrite-includes"
          className="mt-0.5"
          checked={rewrite}
          onCheckedChange={(checked) => setRewrite(checked === true)}
        />
        <span>
          Rewrite the includes in {drafts === 1 ? 'one draft' : `${drafts} drafts`}
          <span className="block text-xs text-muted">
            Each is one step that can be undone. Saved versions never change: they go on asking for {prompt.name}.
          </span>
        </span>
      </label>
      <DialogProblem problem={submit.problem} />
    </Dialog>
  );
}

const textSchema = z.string();

interface ProjectDialogProps {
  readonly title: string;
  readonly initial: string;
  readonly action: string;
  readonly dialog: Extract<OrganiseDialog, { kind: 'newProject' | 'renameProject' }>;
}

function ProjectDialog({ title, initial, action, dialog }: ProjectDialogProps) {
  const typed = useDialogText(`project:${initial}`, { schema: textSchema, initial });
  const name = typed.value;
  const error = name === '' ? null : (projectNameSchema.safeParse(name).error?.issues[0]?.message ?? null);
  const isReady = name.trim() !== '' && error === null && name.trim() !== initial;
  const making = useSubmit();
  const submit = async () => {
    if (!isReady || making.isBusy || !(await making.run(() => dialog.action(name.trim())))) return;
    typed.forget();
    useOrganiseDialog.setState({ dialog: null });
    dialog.done(name.trim());
  };
  const cancel = () => {
    typed.forget();
    closeOrganiseDialog();
  };
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={title}
      description="A project groups prompts; a name has to be unique only inside of its project."
      footer={
        <DialogButtons
          action={action}
          onAction={() => void submit()}
          disabled={!isReady || making.isBusy}
          onCancel={cancel}
        />
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label="Name" error={error}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={name}
              onChange={(event) => {
                typed.change(event.target.value);
                making.forget();
              }}
            />
          )}
        </Field>
      </form>
      <DialogProblem problem={making.problem} />
    </Dialog>
  );
}
