import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { ImportDialog } from './import-dialog.tsx';
import { closeImport, openImport, openImportList, useImport } from './import-store.ts';
import { ImportListDialog } from './list/import-list-dialog.tsx';
import { WindowDrop } from './window-drop.tsx';

/** The commands that import prompts, from wherever the person is, and the files that are dropped on the window. */
export function ImportCommands() {
  const open = useImport((state) => state.open);
  useCommand('import.open', () => openImport('files'));
  useCommand('import.paste', () => openImport('paste'));
  useCommand('import.list', openImportList);
  return (
    <ErrorBoundary what="Importing" shape="corner">
      {open === 'import' && <ImportDialog />}
      {open === 'list' && <ImportListDialog onClose={closeImport} />}
      <WindowDrop />
    </ErrorBoundary>
  );
}
