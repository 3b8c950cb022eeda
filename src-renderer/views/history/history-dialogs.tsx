import { LabelHistoryDialog } from './labels/label-history-dialog.tsx';
import { MoveLabelDialog } from './labels/move-label-dialog.tsx';
import { OrganiseDialogHost } from './organise/organise-dialog-host.tsx';

/** Dialogs about versions, labels and the library that open from every view. */
export function HistoryDialogs() {
  return (
    <>
      <MoveLabelDialog />
      <LabelHistoryDialog />
      <OrganiseDialogHost />
    </>
  );
}
