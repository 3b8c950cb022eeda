import { type ReactNode, useId } from 'react';
import { cn } from '../components/ui/cn.ts';
import { markTexts } from '../components/ui/foreign-text.tsx';

export interface FieldProps {
  readonly label: ReactNode;
  /** One sentence that explains the value. */
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  /** Shown at the right of the label. */
  readonly aside?: ReactNode;
  readonly className?: string;
  /** Renders the control with the ids that tie it to its label, hint and error. */
  readonly children: (control: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  }) => ReactNode;
}

/** A labelled form control with its hint and its error. */
export function Field({ label, hint, error, aside, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="truncate text-sm font-medium text-foreground">
          {markTexts(label)}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': note == null ? undefined : `${id}-note`,
        'aria-invalid': error == null ? undefined : true,
      })}
      {note != null && (
        <p id={`${id}-note`} className={cn('text-xs', error == null ? 'text-muted' : 'text-danger')}>
          {markTexts(note)}
        </p>
      )}
    </div>
  );
}
