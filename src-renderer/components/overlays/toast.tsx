import { Toaster as Sonner, toast as sonner } from 'sonner';
import { AppError } from '../../../src-core/scope/errors.ts';
import { useTheme } from '../theme.ts';
import { markTexts } from '../ui/foreign-text.tsx';

/** Where toasts appear; stands once in the application. */
export function Toaster() {
  const theme = useTheme();
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      offset={{ bottom: 36, right: 16 }}
      gap={8}
      style={{ fontFamily: 'var(--font-sans)' }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-80 items-center gap-2 rounded-lg border border-border-strong bg-raised px-3 py-2.5 text-sm text-foreground shadow-popup',
          title: 'font-medium',
          description: 'text-muted',
          content: 'min-w-0 flex-1',
          error: 'border-danger',
          actionButton: 'ml-auto shrink-0 rounded-md px-2 h-6 font-medium text-accent-text hover:bg-hover',
        },
      }}
    />
  );
}

export interface ToastOptions {
  readonly description?: string;
  /** Undoes the action. */
  readonly undo?: () => void;
  /** The next step, where the action cannot be undone. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** The result of an action that is not visible where it was done. */
export function toast(message: string, { description, undo, action }: ToastOptions = {}): void {
  const offered = undo === undefined ? action : { label: 'Undo', run: undo };
  sonner(markTexts(message), {
    description: markTexts(description),
    ...(offered && { action: { label: offered.label, onClick: offered.run }, duration: 8_000 }),
  });
}

/** Titles of failures that are shown because the host was away. */
const awayTitles = new Set<string>();

/** A failed action, with the sentence of its error; it goes when the same action succeeds. */
export function toastError(title: string, error: unknown): void {
  if (error instanceof AppError && error.code === 'unavailable') awayTitles.add(title);
  const description = error instanceof Error ? error.message : String(error);
  sonner.error(markTexts(title), { id: title, description: markTexts(description), duration: 8_000 });
}

/** Removes a failure that no longer applies. */
export function forgetToast(title: string): void {
  awayTitles.delete(title);
  sonner.dismiss(title);
}

/** Removes failures caused by a lost connection. */
export function forgetAwayToasts(): void {
  for (const title of awayTitles) forgetToast(title);
}
