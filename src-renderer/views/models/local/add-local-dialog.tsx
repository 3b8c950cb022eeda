import { FolderOpen } from 'lucide-react';
import { z } from 'zod';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { runsInElectron } from '../../../live/ports.ts';
import { desktop } from '../../../workbench/desktop.ts';
import { showView } from '../../../workbench/layout.ts';
import { dismissImport, FailedImport, importFile, importPath } from './imports.ts';

interface AddLocalDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

const desktopNote = runsInElectron
  ? 'The file is used where it is.'
  : 'A chosen or dropped file is copied into the data directory.';

const pathText = { schema: z.string(), initial: '' };

/** Adds a GGUF by its path on this machine, or picked in the browser. */
export function AddLocalDialog({ open, onClose }: AddLocalDialogProps) {
  const { value: path, change: setPath, forget } = useDialogText('add-local', pathText);
  const submit = useSubmit();
  const trimmed = path.trim().replace(/^"(.*)"$/, '$1');
  const begin = (add: () => Promise<void>) => {
    showView('models');
    void add();
    cancel();
  };
  const cancel = () => {
    forget();
    submit.forget();
    onClose();
  };
  const choose = async () => {
    const picked = await desktop.pickFile('Choose a GGUF model', [{ name: 'GGUF models', extensions: ['gguf'] }]);
    if (picked === null) return;
    // The list of imports shows why a chosen file is refused.
    begin(() => (picked.kind === 'path' ? importPath(picked.path).catch(() => {}) : importFile(picked.file)));
  };
  const addPath = async () => {
    if (trimmed === '' || submit.isBusy) return;
    showView('models');
    const add = () =>
      importPath(trimmed).catch((error: unknown) => {
        // The dialog shows the error, so the list need not.
        if (error instanceof FailedImport) dismissImport(error.importId);
        throw error;
      });
    if (await submit.run(add)) cancel();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Add a local model"
      description="A GGUF file runs on this machine, in a process of its own."
      footer={
        <DialogButtons
          action="Add model"
          onAction={() => void addPath()}
          disabled={trimmed === '' || submit.isBusy}
          onCancel={cancel}
        />
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void addPath();
        }}
      >
        <Field label="Path of the file" hint="The file stays where it is; PromptDev reads it from there.">
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={path}
              onChange={(event) => {
                setPath(event.target.value);
                submit.forget();
              }}
              placeholder="/home/me/models/mistral-7b-instruct-q4_k_m.gguf"
              className="font-mono text-sm"
            />
          )}
        </Field>
      </form>
      <div className="mt-4 flex items-center gap-3">
        <Button onClick={choose}>
          <FolderOpen /> Choose a file…
        </Button>
        <p className="text-sm text-muted">{desktopNote}</p>
      </div>
      <DialogProblem problem={submit.problem} />
    </Dialog>
  );
}
