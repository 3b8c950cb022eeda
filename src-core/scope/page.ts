import { AppError } from './errors.ts';

/** A cursor is the sort key of the last row as JSON; clients treat it as opaque. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return JSON.stringify(key);
}

export function decodeCursor(cursor: string, length: number): (string | number)[] {
  const key = parse(cursor);
  const valid =
    Array.isArray(key) &&
    key.length === length &&
    key.every((part) => typeof part === 'string' || typeof part === 'number');
  if (!valid)
    throw new AppError('invalid', 'The page cursor is not one that a list returned. Start again from the first page.');
  return key;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor);
  } catch {
    return null;
  }
}
