import { useEffect, useState } from 'react';
import { Input } from '../../components/ui/input.tsx';

interface LazyTextProps {
  readonly id: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** A text that takes effect when it is left or confirmed with Enter. */
export function LazyText({ value, onChange, ...props }: LazyTextProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => text !== value && onChange(text.trim());
  return (
    <Input
      {...props}
      value={text}
      maxLength={100}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

interface LazyNumberProps {
  readonly id: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A whole number that takes effect when it is left or confirmed; what is out of range is put back in. */
export function LazyNumber({ id, value, min, max, onChange }: LazyNumberProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const number = Math.round(Number(text));
    const next = text.trim() === '' || Number.isNaN(number) ? value : Math.min(max, Math.max(min, number));
    setText(String(next));
    if (next !== value) onChange(next);
  };
  return (
    <Input
      id={id}
      type="number"
      min={min}
      max={max}
      value={text}
      className="tabular"
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
