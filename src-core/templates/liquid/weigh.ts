import { defaultLimits } from '../runtime/limits.ts';
import { LimitExceeded } from './scope.ts';

/** Values that were weighed: what a template holds is never changed. */
const weights = new WeakMap<object, number>();

/**
 * How many values are in a value, each as often as it is there. A list that is put into another one twice, and that one
 * into another twice, is soon too large to print or compare, while it needs no memory: such a list is a LimitExceeded.
 */
export function weigh(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  if (depth > defaultLimits.dataDepth) throw new LimitExceeded('dataDepth');
  let weight = 1;
  for (const item of Object.values(value)) {
    weight += weigh(item, depth + 1);
    if (weight > defaultLimits.steps) throw new LimitExceeded('steps');
  }
  weights.set(value, weight);
  return weight;
}
