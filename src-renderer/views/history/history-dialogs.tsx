import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { OrganiseDialogHost } from '../library/organise/organise-dialog-host.tsx';
import { LabelHistoryDialog } from './labels/label-history-dialog.tsx';
import { MoveLabelDialog } from './labels/move-label-dialog.tsx';
import { useVersionView } from './version/version-view.ts';

/** Dialogs about versions, labels and the library that open from every view. */
export function HistoryDialogs() {
  useCommand('blame.toggle', () => useVersionView.setState(({ blame }) => ({ blame: !blame })));
  return (
    <>
      <ErrorBoundary what="The dialog about labels" shape="corner">
        <MoveLabelDialog />
        <LabelHistoryDialog />
      </ErrorBoundary>
      <ErrorBoundary what="The dialog about the library" shape="corner">
        <OrganiseDialogHost />
      </ErrorBoundary>
    </>
  );
}
