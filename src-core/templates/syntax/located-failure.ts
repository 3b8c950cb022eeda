import { Failure } from '../runtime/diagnostics.ts';

/** A failure with the place in the source where it is. */
export class LocatedFailure extends Failure {
  readonly start: number;
  readonly end: number;

  constructor(failure: Failure, start: number, end: number) {
    super(failure.code, failure.message, failure.hint, failure.limit, failure.unknown);
    this.start = start;
    this.end = end;
  }
}

export function syntaxFailure(message: string, start: number, end: number, hint?: string): LocatedFailure {
  return new LocatedFailure(new Failure('syntax', message, hint), start, end);
}
