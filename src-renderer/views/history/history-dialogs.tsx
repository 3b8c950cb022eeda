import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { LabelHistoryDialog } from './labels/label-history-dialog.tsx';
import { MoveLabelDialog } from './labels/move-label-dialog.tsx';
import { useVersionView } from './version/version-view.ts';

/** Dialogs about labels that open from every view. */
export function HistoryDialogs() {
  useCommand('blame.toggle', () => useVersionView.setState(({ blame }) => ({ blame: !blame })));
  return (
    <ErrorBoundary what="The dialog about labels" shape="corner">
      <MoveLabelDialog />
      <LabelHistoryDialog />
    </ErrorBoundary>
  );
}
