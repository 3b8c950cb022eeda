import { useEffect, useState } from 'react';
import { useCommand } from '../../workbench/commands.ts';
import { onFilesOpened } from '../../workbench/desktop.ts';
import { AddEndpointDialog } from './endpoints/add-endpoint-dialog.tsx';
import { AddLocalDialog } from './local/add-local-dialog.tsx';
import { importOpened } from './local/imports.ts';

/** The commands that add models, from wherever the person is, and the files that the desktop brings. */
export function ModelCommands() {
  const [dialog, setDialog] = useState<'local' | 'endpoint' | null>(null);
  useCommand('model.addLocal', () => setDialog('local'));
  useCommand('model.addEndpoint', () => setDialog('endpoint'));
  useEffect(() => onFilesOpened(importOpened), []);
  const close = () => setDialog(null);
  return (
    <>
      <AddLocalDialog open={dialog === 'local'} onClose={close} />
      {dialog === 'endpoint' && <AddEndpointDialog onClose={close} />}
    </>
  );
}
