import type { CSSProperties } from 'react';

const colours = 6;

/** The colours of the input at a place of the list, in both themes; they repeat after six. */
export function inputColour(index: number): CSSProperties {
  return {
    backgroundColor: `var(--input-${index % colours}-soft)`,
    color: `var(--input-${index % colours}-text)`,
  };
}
