import { AppError } from '../scope/errors.ts';

/** A file, or a thing in it, that is not imported. Nothing of the file is. */
export interface RefusalPlace {
  /** A word that stays the same, as `no-messages`, `outside-folder` or `yaml`. */
  readonly reason: string;
  /** From 1. */
  readonly line?: number;
}

/** The error of a file that is not imported: what it is, what was expected, and what came. */
export function refusal(message: string, { reason, line }: RefusalPlace): AppError {
  return new AppError('invalid', message, { reason, ...(line !== undefined && { line }) });
}
