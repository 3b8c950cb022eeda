import { Toaster as Sonner, toast as sonner } from 'sonner';
import { useTheme } from '../../workbench/theme.ts';

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

/** The result of an action that is not visible where it was done; `undo` offers the way back. */
export function toast(
  message: string,
  options: { readonly description?: string; readonly undo?: () => void } = {},
): void {
  sonner(message, {
    description: options.description,
    ...(options.undo && { action: { label: 'Undo', onClick: options.undo }, duration: 8_000 }),
  });
}

/** A failed action, with the sentence of its error. */
export function toastError(title: string, error: unknown): void {
  sonner.error(title, { description: error instanceof Error ? error.message : String(error), duration: 8_000 });
}
