import { useState } from 'react';

const held = new Map<string, unknown>();

/** State that outlives its component, for what is typed into a form whose tab may be left; null lets it go. */
export function useHeld<Value>(key: string): readonly [Value | null, (value: Value | null) => void] {
  const [value, setValue] = useState<Value | null>(() => (held.get(key) as Value | undefined) ?? null);
  return [
    value,
    (next) => {
      if (next === null) held.delete(key);
      else held.set(key, next);
      setValue(next);
    },
  ];
}
