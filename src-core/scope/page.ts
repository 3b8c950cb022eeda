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
  if (!valid) throw notACursor();
  return key;
}

const greatestWhole = 2_147_483_647;

/** A part of a cursor that is a number of rows or of a version: as every database can hold it. */
export function wholeOf(part: string | number | undefined): number {
  const whole = Number(part);
  if (!Number.isInteger(whole) || whole < 0 || whole > greatestWhole) throw notACursor();
  return whole;
}

function notACursor(): AppError {
  return new AppError('invalid', 'The page cursor is not one that a list returned. Start again from the first page.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor);
  } catch {
    return null;
  }
}
