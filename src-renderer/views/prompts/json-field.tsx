import { useEffect, useState } from 'react';
import type { Json } from '../../../src-core/contract/shared.ts';
import { Field } from '../../components/ui/field.tsx';
import { Textarea } from '../../components/ui/textarea.tsx';

export interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: Json;
  readonly kind: 'object' | 'array';
  /** Called with every text that is valid; null for an empty one. */
  readonly onChange: (value: Json) => void;
  /** What else is wrong with a value of the right kind, as a sentence. */
  readonly check?: (value: Json) => string | null;
  readonly placeholder?: string;
  readonly className?: string;
}

/** JSON as text; what is not valid stays in the field, marked, and is not taken over. */
export function JsonField({ label, hint, value, kind, onChange, check, placeholder, className }: JsonFieldProps) {
  const [text, setText] = useState(() => print(value));
  const [written, setWritten] = useState(value);
  useEffect(() => {
    // Changed elsewhere: by undo, by another window.
    if (JSON.stringify(value) === JSON.stringify(written)) return;
    setText(print(value));
    setWritten(value);
  }, [value, written]);
  const parsed = parse(text, kind, check);
  return (
    <Field label={label} hint={hint} error={'error' in parsed ? parsed.error : null} className={className}>
      {(control) => (
        <Textarea
          {...control}
          rows={3}
          className="font-mono text-sm"
          placeholder={placeholder ?? (kind === 'object' ? '{ "type": "object" }' : '[]')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const next = parse(event.target.value, kind, check);
            if ('error' in next) return;
            setWritten(next.value);
            onChange(next.value);
          }}
        />
      )}
    </Field>
  );
}

const print = (value: Json): string =>
  value === null || (Array.isArray(value) && value.length === 0) ? '' : JSON.stringify(value, null, 2);

function parse(
  text: string,
  kind: JsonFieldProps['kind'],
  check: JsonFieldProps['check'],
): { value: Json } | { error: string } {
  if (text.trim() === '') return { value: kind === 'array' ? [] : null };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return { error: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const isKind =
    kind === 'array' ? Array.isArray(value) : typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isKind) return { error: kind === 'array' ? 'Expected a list: [ … ].' : 'Expected an object: { … }.' };
  const error = check?.(value) ?? null;
  return error === null ? { value } : { error };
}
