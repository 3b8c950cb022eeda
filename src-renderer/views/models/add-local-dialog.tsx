import { FolderOpen } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { showView } from '../../workbench/layout.ts';
import { importFile, importPath } from './imports.ts';

interface AddLocalDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Adds a GGUF by its path on this machine, or picked in the browser. */
export function AddLocalDialog({ open, onClose }: AddLocalDialogProps) {
  const [path, setPath] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const begin = (add: () => Promise<void>) => {
    showView('models');
    void add();
    setPath('');
    onClose();
  };
  const trimmed = path.trim().replace(/^"(.*)"$/, '$1');
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Add a local model"
      description="A GGUF file runs in a process of its own on this machine. Nothing leaves it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={trimmed === ''} onClick={() => begin(() => importPath(trimmed))}>
            Add model
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed !== '') begin(() => importPath(trimmed));
        }}
      >
        <Field label="Path of the file" hint="The file stays where it is; PromptDev reads it from there.">
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={path}
              onChange={(event) => setPath(event.target.value)}
              placeholder="/home/me/models/mistral-7b-instruct-q4_k_m.gguf"
              className="font-mono text-sm"
            />
          )}
        </Field>
      </form>
      <div className="mt-4 flex items-center gap-3">
        <Button onClick={() => picker.current?.click()}>
          <FolderOpen /> Choose a file…
        </Button>
        <p className="text-sm text-muted">A chosen or dropped file is copied into the data directory.</p>
        <input
          ref={picker}
          type="file"
          accept=".gguf"
          multiple
          className="hidden"
          aria-label="GGUF files"
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            begin(async () => void (await Promise.all(files.map(importFile))));
          }}
        />
      </div>
    </Dialog>
  );
}
