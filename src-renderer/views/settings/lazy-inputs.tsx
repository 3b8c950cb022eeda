import { formatNumber } from '../../components/format.ts';
import { Input } from '../../fields/input.tsx';
import { tooLong } from '../../fields/too-long.ts';
import { useLeftText } from '../../fields/use-left-value.ts';

interface LazyTextProps {
  readonly id: string;
  readonly value: string;
  readonly placeholder?: string;
  /** As in "A name", for the message about a text that is too long. */
  readonly what: string;
  readonly most: number;
  /** Whether the host took it. */
  readonly onChange: (value: string) => Promise<boolean>;
}

/** A text that takes effect when the field is left or with Enter; one that is too long stays with an error. */
export function LazyText({ value, onChange, what, most, placeholder, id }: LazyTextProps) {
  const field = useLeftText({
    key: id,
    shown: value,
    read: (typed) => {
      const error = tooLong(what, typed, most);
      return error === null ? { value: typed.trim() } : { error };
    },
    save: onChange,
  });
  return <LazyInput id={id} field={field} placeholder={placeholder} />;
}

interface LazyNumberProps {
  readonly id: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Whether the host took it. */
  readonly onChange: (value: number) => Promise<boolean>;
}

/** A whole number that takes effect when the field is left or with Enter; one out of range stays with an error. */
export function LazyNumber({ id, value, min, max, onChange }: LazyNumberProps) {
  const field = useLeftText({
    key: id,
    shown: String(value),
    read: (typed) => {
      const number = typed.trim() === '' ? Number.NaN : Number(typed);
      return Number.isInteger(number) && number >= min && number <= max
        ? { value: number }
        : { error: `Expected a whole number from ${min} to ${formatNumber(max)}, not "${typed.trim()}".` };
    },
    save: onChange,
  });
  return <LazyInput id={id} field={field} inputMode="numeric" className="tabular" />;
}

interface LazyInputProps {
  readonly id: string;
  readonly field: ReturnType<typeof useLeftText>;
  readonly placeholder?: string | undefined;
  readonly inputMode?: 'numeric';
  readonly className?: string;
}

function LazyInput({ id, field, ...props }: LazyInputProps) {
  return (
    <div className="flex flex-col gap-1">
      <Input
        {...props}
        id={id}
        aria-invalid={field.error !== null || undefined}
        aria-describedby={field.error === null ? undefined : `${id}-error`}
        value={field.typed}
        onChange={(event) => field.onChange(event.target.value)}
        onBlur={() => void field.commit()}
        onKeyDown={(event) => event.key === 'Enter' && void field.commit()}
      />
      {field.error !== null && (
        <p id={`${id}-error`} className="text-xs text-danger">
          {field.error}
        </p>
      )}
    </div>
  );
}
