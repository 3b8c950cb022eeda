import { type ReactNode, useEffect, useState } from 'react';
import { create } from 'zustand';
import { Button } from '../ui/button.tsx';
import { Dialog } from './dialog.tsx';

export interface Question {
  readonly title: string;
  /** What will happen, in one sentence. */
  readonly description: ReactNode;
  /** The verb on the button, as in "Delete". */
  readonly action: string;
  readonly danger?: boolean;
}

interface Pending {
  readonly question: Question;
  readonly answer: (yes: boolean) => void;
}

const usePending = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** Asks before something that cannot be undone; resolves to the answer. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    usePending.getState().pending?.answer(false);
    usePending.setState({ pending: { question, answer: resolve } });
  });
}

/** Shows what `confirm` asks; stands once in the application. */
export function ConfirmHost() {
  const pending = usePending((state) => state.pending);
  // The last question stays while the dialog closes.
  const [shown, setShown] = useState<Question | null>(null);
  useEffect(() => {
    if (pending !== null) setShown(pending.question);
  }, [pending]);

  const close = (yes: boolean) => {
    pending?.answer(yes);
    usePending.setState({ pending: null });
  };
  const question = pending?.question ?? shown;
  if (question === null) return null;
  return (
    <Dialog
      open={pending !== null}
      onOpenChange={(open) => !open && close(false)}
      title={question.title}
      description={question.description}
      className="w-[min(420px,calc(100vw-32px))]"
      footer={
        <>
          {/* Cancel has the focus, so that pressing Enter out of habit does nothing that cannot be undone. */}
          <Button onClick={() => close(false)} {...(question.danger && { 'data-initial-focus': true })}>
            Cancel
          </Button>
          <Button
            variant={question.danger ? 'danger' : 'primary'}
            onClick={() => close(true)}
            {...(!question.danger && { 'data-initial-focus': true })}
          >
            {question.action}
          </Button>
        </>
      }
    />
  );
}
