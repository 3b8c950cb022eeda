import { type ComponentProps, useState } from 'react';
import type { Price } from '../../../src-core/contract/models.ts';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';

interface PriceFieldsProps {
  readonly price: Price | null;
  /** Resolves once the new price is the stored one, or the old one stays. */
  readonly onChange: (price: Price | null) => Promise<unknown>;
  /** Without visible labels, for a table. */
  readonly compact?: boolean;
}

interface Typed {
  readonly input: string;
  readonly output: string;
  readonly cached: string;
}

/** US dollars per million tokens in, out and from the cache; all empty means unknown. Takes effect when the fields are left. */
export function PriceFields({ price, onChange, compact = false }: PriceFieldsProps) {
  const [typed, setTyped] = useState<Typed | null>(null);
  const [error, setError] = useState<string | null>(null);
  const shown = typed ?? {
    input: textOf(price?.inputPerMillion),
    output: textOf(price?.outputPerMillion),
    cached: textOf(price?.cachedInputPerMillion),
  };
  const commit = async () => {
    if (typed === null) return;
    const read = readPrice(typed);
    if ('problem' in read) return setError(read.problem);
    setError(null);
    await onChange(read.price);
    setTyped((now) => (now === typed ? null : now));
  };
  const input = (key: keyof Typed, control: Partial<ComponentProps<typeof Input>>) => (
    <Input
      {...control}
      inputMode="decimal"
      className="tabular"
      placeholder={compact ? labels[key].short : labels[key].empty}
      aria-invalid={error !== null || undefined}
      value={shown[key]}
      onChange={(event) => setTyped({ ...shown, [key]: event.target.value })}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
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
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || commit()}
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

function readPrice(typed: Typed): { readonly price: Price | null } | { readonly problem: string } {
  const texts = [typed.input, typed.output, typed.cached].map((text) => text.trim());
  const values = texts.map((text) => (text === '' ? null : Number(text.replace(',', '.'))));
  const wrong = values.findIndex((value) => value !== null && !(Number.isFinite(value) && value >= 0));
  if (wrong >= 0) return { problem: `A price is a number of dollars such as 2.5, not "${texts[wrong]}".` };
  const [input, output, cached] = values as [number | null, number | null, number | null];
  if (input === null && output === null) {
    if (cached === null) return { price: null };
    return { problem: 'A price of cached input needs the price of other input, too.' };
  }
  return {
    price: {
      inputPerMillion: input ?? 0,
      outputPerMillion: output ?? 0,
      ...(cached !== null && { cachedInputPerMillion: cached }),
    },
  };
}
