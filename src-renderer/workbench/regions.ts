const order = ['activity', 'side', 'editor', 'status'];

/** Moves the focus to the next (1) or previous (-1) region of the window; within it to where it was before. */
export function stepRegion(step: 1 | -1): void {
  const regions = order
    .map((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`))
    .filter((region) => region !== null);
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const left = regions[current];
  if (left !== undefined && document.activeElement instanceof HTMLElement) lastFocus.set(left, document.activeElement);
  const region = regions[(current + step + regions.length) % regions.length];
  if (region === undefined) return;
  const before = lastFocus.get(region);
  const target = before !== undefined && region.contains(before) ? before : firstFocusable(region);
  target.focus();
}

const lastFocus = new WeakMap<HTMLElement, HTMLElement>();

function firstFocusable(region: HTMLElement): HTMLElement {
  return (
    region.querySelector<HTMLElement>(
      '[aria-selected="true"][tabindex="0"], [aria-current], input:not(:disabled), [tabindex="0"], button:not(:disabled)',
    ) ?? region
  );
}
