/** More tokens than any answer has; sums over the largest comparison stay exact below it. */
const mostTokens = 1_000_000_000;
/** More dollars than one answer can cost. */
const mostDollars = 1_000_000;

/** A count of tokens as a whole number, or null when the figure cannot be one: negative, not finite, or beyond belief. */
export function countOf(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= 0 && value <= mostTokens)) return null;
  return Math.round(value);
}

/** A price or cost, or null when the figure cannot be one. */
export function dollarsOf(value: unknown, most: number = mostDollars): number | null {
  return typeof value === 'number' && value >= 0 && value <= most ? value : null;
}

/** A measured figure, or null when it is no finite number or negative. */
export function measureOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : null;
}
