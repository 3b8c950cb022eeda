import { ORPCError } from '@orpc/client';
import { ValidationError } from '@orpc/contract';
import { errors } from '../../src-core/contract/errors.ts';
import type { Log } from '../../src-core/ports.ts';
import { AppError, toAppError } from '../../src-core/scope/errors.ts';
import { describeIssue, pathOf } from './describe-issue.ts';

const invalidInput = (operation: string, { issues, data }: ValidationError): AppError => {
  const [first] = issues;
  const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const message = first ? describeIssue(operation, first, data) : `The input of ${operation} is invalid.`;
  return new AppError('invalid', others ? message.replace(/\.$/, `${others}.`) : message, {
    issues: issues.map((issue) => ({ path: pathOf(issue), message: issue.message })),
  });
};

/** What a failed operation was, for the error's text and for the log. */
export interface FailedCall {
  readonly path: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly log: Log;
}

/** Any failure of an operation as the AppError that its caller may see; the unexpected is logged and its text hidden. */
export function toCallError(thrown: unknown, call: FailedCall): AppError {
  const operation = call.path.join('.');
  if (thrown instanceof AppError && thrown.code !== 'internal') return thrown;
  if (thrown instanceof ORPCError && thrown.code === 'BAD_REQUEST' && thrown.cause instanceof ValidationError) {
    return invalidInput(operation, thrown.cause);
  }
  if (call.signal?.aborted) return new AppError('cancelled', `${operation} was cancelled.`);
  call.log.error(`${operation} failed`, thrown instanceof Error ? (thrown.cause ?? thrown) : thrown);
  return toAppError(thrown instanceof AppError ? undefined : thrown);
}

/** An AppError in the form that oRPC sends. */
export function toWire(error: AppError): ORPCError<string, unknown> {
  return new ORPCError(error.code, {
    defined: true,
    status: errors[error.code].status,
    message: error.message,
    data: error.details,
  });
}
