import { AppError } from './scope/errors.ts';

/** Levels of lists and objects in one call: more than any schema or document needs, and far from where a stack ends. */
const deepestNesting = 256;

/** Refuses what nests so deep that no reader of ours could walk through it; `what` begins the sentence. */
export function assertNesting(value: unknown, what: string): void {
  const path = pathBeyond(value, deepestNesting);
  if (path === null) return;
  const where = path.length > 3 ? `${path.slice(0, 3).join('.')}…` : path.join('.');
  const message = `${what} nests more than ${deepestNesting} levels deep, in "${where}"; give it in fewer levels.`;
  throw new AppError('invalid', message, { path: path.slice(0, 20), levels: deepestNesting });
}

/** Throws a `RangeError` for what nests deeper than a call may. */
export function refuseDeeper(value: unknown): void {
  if (pathBeyond(value, deepestNesting) !== null) throw new RangeError(`more than ${deepestNesting} levels`);
}

/** The keys that lead beyond a depth; null when nothing nests so deep. */
function pathBeyond(value: unknown, levels: number): readonly string[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return [];
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const inner: unknown = Reflect.get(value, key);
    const path = typeof inner === 'object' ? pathBeyond(inner, levels - 1) : null;
    if (path !== null) return [key, ...path];
  }
  return null;
}
