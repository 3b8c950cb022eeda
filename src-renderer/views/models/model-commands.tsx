import { useState } from 'react';
import { useCommand } from '../../workbench/commands.ts';
import { AddEndpointDialog } from './add-endpoint-dialog.tsx';
import { AddLocalDialog } from './add-local-dialog.tsx';

/** The commands that add models, from wherever the person is. */
export function ModelCommands() {
  const [dialog, setDialog] = useState<'local' | 'endpoint' | null>(null);
  useCommand('model.addLocal', () => setDialog('local'));
  useCommand('model.addEndpoint', () => setDialog('endpoint'));
  const close = () => setDialog(null);
  return (
    <>
      <AddLocalDialog open={dialog === 'local'} onClose={close} />
      {dialog === 'endpoint' && <AddEndpointDialog onClose={close} />}
    </>
  );
}
