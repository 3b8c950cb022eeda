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

/** US dollars per million tokens in and out; both empty means unknown. Takes effect when both fields are left. */
export function PriceFields({ price, onChange, compact = false }: PriceFieldsProps) {
  const [typed, setTyped] = useState<{ readonly input: string; readonly output: string } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const shown = typed ?? { input: textOf(price?.inputPerMillion), output: textOf(price?.outputPerMillion) };
  const commit = async () => {
    if (typed === null) return;
    const read = readPrice(typed.input, typed.output);
    if ('problem' in read) return setError(read.problem);
    setError(null);
    await onChange(read.price);
    setTyped((now) => (now === typed ? null : now));
  };
  const input = (key: 'input' | 'output', control: Partial<ComponentProps<typeof Input>>) => (
    <Input
      {...control}
      inputMode="decimal"
      className="tabular"
      placeholder={compact ? labels[key].short : 'unknown'}
      aria-invalid={error !== null || undefined}
      value={shown[key]}
      onChange={(event) => setTyped({ ...shown, [key]: event.target.value })}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
  const field = (key: 'input' | 'output') =>
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
  input: { long: 'Input, $ per million tokens', short: '$ in' },
  output: { long: 'Output, $ per million tokens', short: '$ out' },
} as const;

const textOf = (value: number | undefined) => (value === undefined ? '' : String(value));

function readPrice(input: string, output: string): { readonly price: Price | null } | { readonly problem: string } {
  if (input.trim() === '' && output.trim() === '') return { price: null };
  const [inputPerMillion, outputPerMillion] = [input, output].map((text) =>
    text.trim() === '' ? 0 : Number(text.replace(',', '.')),
  );
  const wrong = [inputPerMillion, outputPerMillion].findIndex(
    (value) => !Number.isFinite(value) || (value as number) < 0,
  );
  if (wrong >= 0) return { problem: `A price is a number of dollars such as 2.5, not "${[input, output][wrong]}".` };
  return { price: { inputPerMillion: inputPerMillion as number, outputPerMillion: outputPerMillion as number } };
}
