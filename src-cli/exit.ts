import { AppError, toAppError } from '../src-core/scope/errors.ts';

/** 0 done, 1 failed, 2 wrong usage. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** A command line that cannot be meant; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One line, whatever a message holds. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/g, ' ').trim();
}

/** The one line for stderr. The unexpected says what it was: there is no host log to look into for a command. */
export function describeFailure(thrown: unknown): string {
  const error = toAppError(thrown);
  if (error.code !== 'internal' || thrown instanceof AppError) return oneLine(error.message);
  return oneLine(`Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
