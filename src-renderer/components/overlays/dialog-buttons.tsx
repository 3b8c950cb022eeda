import { Button } from '../ui/button.tsx';

interface DialogButtonsProps {
  readonly action: string;
  readonly onAction: () => void;
  readonly disabled: boolean;
  readonly onCancel: () => void;
  readonly cancel?: string;
  /** Puts the focus on the main button, for a dialog without fields. */
  readonly autoFocus?: boolean;
}

/** The two buttons of a dialog's footer: leave, or do what the dialog is for. */
export function DialogButtons({
  action,
  onAction,
  disabled,
  onCancel,
  cancel = 'Cancel',
  autoFocus,
}: DialogButtonsProps) {
  return (
    <>
      <Button onClick={onCancel}>{cancel}</Button>
      <Button variant="primary" autoFocus={autoFocus} disabled={disabled} onClick={onAction}>
        {action}
      </Button>
    </>
  );
}
