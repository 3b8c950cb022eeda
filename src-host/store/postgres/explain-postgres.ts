import type { ErrorCode } from '../../../src-core/contract/error-codes.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { SerialisationFailure } from '../../../src-core/scope/scope.ts';

interface Explanation {
  readonly code: ErrorCode;
  readonly sentence: string;
}

const explained = (code: ErrorCode, sentence: string): Explanation => ({ code, sentence });

const busy = explained('unavailable', 'The database is busy with other changes of this team. Try again in a moment.');
const unreachable = explained(
  'unavailable',
  'The database cannot be reached. Check that it runs and that the network lets you through; nothing was changed.',
);
const full = explained(
  'unavailable',
  'The database has no room left, on its disk or in its memory. Whoever runs it has to give it more.',
);
const refusedLogin = explained(
  'unavailable',
  'The database does not accept the login of this server. Whoever runs it has to check name, password and access.',
);

/** By SQLSTATE, or by its first two characters: its class. */
const reasons: Readonly<Record<string, Explanation>> = {
  P0002: explained('not_found', 'There is no such team on this server. Check the address, or ask whoever runs it.'),
  '23505': explained('conflict', 'Somebody else has just made something of the same name or id. Load it again.'),
  '23503': explained('conflict', 'Something that this belongs to was deleted in the meantime. Load it again.'),
  '42501': explained('denied', 'You may not change this here. Ask an administrator of the team.'),
  '22021': explained('invalid', 'A text has a character that the database cannot hold. Remove control characters.'),
  '22P05': explained('invalid', 'A text has a character that the database cannot hold. Remove control characters.'),
  '22P02': explained('invalid', 'An id or a number is not written as one. Check what you asked for.'),
  '55P03': busy,
  '57014': busy,
  '25P03': busy,
  '53300': busy,
  '57P03': explained('unavailable', 'The database is starting up or shutting down. Try again in a moment.'),
  '57P01': explained('unavailable', 'The database ended the connection. Try again in a moment.'),
  '57P02': explained('unavailable', 'The database ended the connection. Try again in a moment.'),
  '57P05': explained('unavailable', 'The database ended the connection. Try again in a moment.'),
  '3D000': explained('unavailable', 'The server has no database of that name. Check the connection string.'),
  '08': unreachable,
  '28': refusedLogin,
  '53': full,
  '58': explained('unavailable', 'The database cannot read or write its files. Whoever runs it has to check its disk.'),
};

const networkCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'],
  'ENOENT',
]);

/** What `pg` says without a code. */
const networkMessages = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/**
 * What PostgreSQL or the way to it reports, as one sentence; anything else is passed on as it is. Its own text stays behind
 * as the cause: it can quote the values of a row, also those of a row that the caller may not see.
 */
export function explainPostgres(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Two transactions got in each other's way; the same work may well succeed when it is begun again.
  if (code === '40001' || code === '40P01') return new SerialisationFailure(code, { cause: error });
  const isNetwork = networkCodes.has(code) || networkMessages.test(error.message);
  const reason = isNetwork
    ? unreachable
    : (reasons[code] ?? (code.length === 5 ? reasons[code.slice(0, 2)] : undefined));
  return reason === undefined ? error : new AppError(reason.code, reason.sentence, undefined, error);
}
