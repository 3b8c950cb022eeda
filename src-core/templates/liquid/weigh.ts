import { defaultLimits } from '../runtime/limits.ts';
import { LimitExceeded } from './scope.ts';

/** Known weights; they stay valid, because values are never changed. */
const weights = new WeakMap<object, number>();

/**
 * The number of values inside a value, counting repeated ones each time. Lists that hold the same list twice, several
 * levels deep, need little memory but are too large to print or compare: they throw LimitExceeded.
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
