import { AppError, toAppError } from '../src-core/scope/errors.ts';

/** 0 done, 1 failed, 2 wrong usage. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** Wrong usage; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A message without line breaks. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' ').trim();
}

/** The line for stderr. Unexpected errors are shown with their message, because a command has no host log. */
export function describeFailure(thrown: unknown): string {
  const error = toAppError(thrown);
  if (error.code !== 'internal' || thrown instanceof AppError) return oneLine(error.message);
  return oneLine(`Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
