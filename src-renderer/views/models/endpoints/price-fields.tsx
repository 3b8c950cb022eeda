import type { ComponentProps } from 'react';
import { z } from 'zod';
import type { Price } from '../../../../src-core/contract/models.ts';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { type ReadTyped, useLeftValue } from '../../../fields/use-left-value.ts';

interface PriceFieldsProps {
  /** Unique among all fields of the window. */
  readonly name: string;
  readonly price: Price | null;
  /** Whether the new price is the stored one now. */
  readonly onChange: (price: Price | null) => Promise<boolean>;
  /** Without visible labels, for a table. */
  readonly compact?: boolean;
}

const typedSchema = z.object({ input: z.string(), output: z.string(), cached: z.string() });
type Typed = z.infer<typeof typedSchema>;

/** US dollars per million tokens in, out and from the cache; all empty means unknown. Takes effect when the fields are left. */
export function PriceFields({ name, price, onChange: save, compact = false }: PriceFieldsProps) {
  const { typed, error, onChange, commit } = useLeftValue({
    key: name,
    schema: typedSchema,
    shown: {
      input: textOf(price?.inputPerMillion),
      output: textOf(price?.outputPerMillion),
      cached: textOf(price?.cachedInputPerMillion),
    },
    read: readPrice,
    save,
  });
  const input = (key: keyof Typed, control: Partial<ComponentProps<typeof Input>>) => (
    <Input
      {...control}
      inputMode="decimal"
      className="tabular"
      placeholder={compact ? labels[key].short : labels[key].empty}
      aria-invalid={(error !== null && !isFine(typed, key)) || undefined}
      value={typed[key]}
      onChange={(event) => onChange({ ...typed, [key]: event.target.value })}
      onKeyDown={(event) => event.key === 'Enter' && void commit()}
    />
  );
  const field = (key: keyof Typed) =>
    compact ? (
      input(key, { 'aria-label': labels[key].long })
    ) : (
      <Field label={labels[key].long}>{(control) => input(key, control)}</Field>
    );
  return (
    <fieldset
      aria-label="Price"
      className="flex flex-col gap-1"
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || void commit()}
    >
      <div className="grid max-w-[440px] grid-cols-2 gap-3">
        {field('input')}
        {field('output')}
        {!compact && field('cached')}
      </div>
      {error !== null && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

const labels = {
  input: { long: 'Input, $ per million tokens', short: '$ in', empty: 'unknown' },
  output: { long: 'Output, $ per million tokens', short: '$ out', empty: 'unknown' },
  cached: { long: 'Cached input, $ per million', short: '$ cached', empty: 'as other input' },
} as const;

const textOf = (value: number | undefined) => (value === undefined ? '' : String(value));

const dollarsOf = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim().replace(',', '.')));
const isPrice = (value: number | null): boolean => value === null || (Number.isFinite(value) && value >= 0);

/** Whether this field is valid. */
function isFine(typed: Typed, key: keyof Typed): boolean {
  const isOnlyCached = key === 'input' && typed.cached.trim() !== '' && typed.input.trim() === '';
  return isPrice(dollarsOf(typed[key])) && !(isOnlyCached && typed.output.trim() === '');
}

function readPrice(typed: Typed): ReadTyped<Price | null> {
  const texts = [typed.input, typed.output, typed.cached];
  const [input = null, output = null, cached = null] = texts.map(dollarsOf);
  const wrong = texts.find((text) => !isPrice(dollarsOf(text)));
  if (wrong !== undefined) return { error: `A price is a number of dollars such as 2.5, not "${wrong.trim()}".` };
  if (input === null && output === null) {
    if (cached === null) return { value: null };
    return { error: 'A price of cached input needs the price of other input, too.' };
  }
  return {
    value: {
      inputPerMillion: input ?? 0,
      outputPerMillion: output ?? 0,
      ...(cached !== null && { cachedInputPerMillion: cached }),
    },
  };
}
