import type { KeyboardEvent } from 'react';

const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Key handler of a list: the arrow keys, Home and End move the focus among its `[data-item]` elements. */
export function moveInList(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-item]')];
  const index = items.indexOf(document.activeElement as HTMLElement);
  items[step(index, items.length - 1)]?.focus();
  event.preventDefault();
}
