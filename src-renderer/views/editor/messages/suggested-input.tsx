import { type ComponentProps, useId } from 'react';
import { Input } from '../../../fields/input.tsx';

/** A text field that offers known names; any other may be typed. */
export function SuggestedInput({
  names,
  ...props
}: ComponentProps<typeof Input> & { readonly names: readonly string[] }) {
  const list = useId();
  return (
    <>
      <Input list={list} {...props} />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
