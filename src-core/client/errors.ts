import { ORPCError } from '@orpc/client';
import { type ErrorCode, errorCodes } from '../contract/error-codes.ts';
import { isPlainObject } from '../contract/json.ts';
import { AppError } from '../scope/errors.ts';

const isErrorCode = (code: string): code is ErrorCode => (errorCodes as readonly string[]).includes(code);

/** What a failed call or stream means to the client: the host's own error, a cancel, or a lost connection. */
export function fromWire(thrown: unknown, signal: AbortSignal | undefined): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ORPCError) {
    if (isErrorCode(thrown.code)) {
      return new AppError(thrown.code, thrown.message, isPlainObject(thrown.data) ? thrown.data : undefined);
    }
    if (thrown.status === 404) {
      return new AppError('not_found', 'The host does not know this operation; it may be of another version.');
    }
    return new AppError('internal', 'The host gave an answer that PromptDev does not understand.', undefined, thrown);
  }
  if (signal?.aborted) return new AppError('cancelled', 'The call was cancelled.');
  return new AppError('unavailable', 'The connection to the host was lost.', undefined, thrown);
}
