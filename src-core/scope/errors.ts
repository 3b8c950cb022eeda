import type { ErrorCode } from '../contract/error-codes.ts';

/** Plain-data form of an error as it is stored on a run or sent over the wire. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** One sentence a person can act on. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error shape of the product; everything else that is thrown becomes `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  toData(): ErrorData {
    return { code: this.code, message: this.message, ...(this.details && { details: this.details }) };
  }
}

/** Any thrown value as an AppError; the unexpected keeps its cause for the host's log and hides its text from clients. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError(
    'internal',
    'Something went wrong inside PromptDev. The host log has the details.',
    undefined,
    thrown,
  );
}
