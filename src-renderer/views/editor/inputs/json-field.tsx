import { Field } from '../../../fields/field.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import type { DraftHandle } from '../../../live/drafts/draft-handle.ts';
import { useField } from '../draft/use-field.ts';

export interface JsonFieldProps {
  readonly handle: DraftHandle;
  /** Path of the field, as in `responseSchema`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly className?: string;
}

/** JSON as text; what is not valid stays in the field and in the draft as it was typed, marked. */
export function JsonField({ handle, path, label, hint, placeholder, className }: JsonFieldProps) {
  const { text, error, onChange } = useField(handle, path);
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(control) => (
        <Textarea
          {...control}
          data-field={path}
          rows={3}
          className="font-mono text-sm"
          placeholder={placeholder ?? '{ "type": "object" }'}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
