import { LabelHistoryDialog } from './labels/label-history-dialog.tsx';
import { MoveLabelDialog } from './labels/move-label-dialog.tsx';

/** Dialogs about versions that open from every view. */
export function HistoryDialogs() {
  return (
    <>
      <MoveLabelDialog />
      <LabelHistoryDialog />
    </>
  );
}
