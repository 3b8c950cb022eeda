import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '../../src-core/ports.ts';

/** Who sends a code: a browser by navigating, or a program (curl, a script) by fetching. */
export type Visitor = 'browser' | 'program';

export interface SignIn {
  /**
   * A code for the printed address, valid until a browser has used it once. A program that fetches the address first,
   * as readiness checks do, gets one session and does not use it up.
   */
  printedCode(): string;
  /**
   * A code for an address on a browser's command line, which other users may read: valid for 30 s, once, for browsers
   * only.
   */
  openedCode(): string;
  /** The token of a new session, or null when the code is unknown, used or too old. */
  exchange(code: string, visitor: Visitor): string | null;
  isSession(token: string | null): boolean;
}

interface Code {
  readonly expiresAt: number;
  readonly programs: boolean;
}

const openedCodeLifeMs = 30_000;
const sessionLifeMs = 30 * 24 * 60 * 60 * 1_000;
const mostSessions = 50;

const sessionsSchema = z.array(z.object({ hash: z.string(), createdAt: z.number() }));
type Session = z.infer<typeof sessionsSchema>[number];

const secret = (): string => randomBytes(32).toString('base64url');
const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');

/**
 * Codes and sessions of the loopback server. Hashes of session tokens are stored in `file` (mode 0600), so that open
 * windows stay signed in over a restart of the host; the tokens themselves are only in cookies. When the file cannot be
 * written, sessions end with this host.
 */
export function createSignIn(file: string, log: Log, now: () => number = Date.now): SignIn {
  const codes = new Map<string, Code>();
  let sessions = readSessions(file).filter((session) => now() - session.createdAt < sessionLifeMs);

  const addCode = (code: Code): string => {
    const value = secret();
    codes.set(hashOf(value), code);
    return value;
  };
  const addSession = (): string => {
    const token = secret();
    sessions = [...sessions, { hash: hashOf(token), createdAt: now() }].slice(-mostSessions);
    try {
      writeWhole(file, JSON.stringify(sessions));
    } catch (error) {
      log.error('The session could not be kept for the next start.', error);
    }
    return token;
  };

  return {
    printedCode: () => addCode({ expiresAt: Number.POSITIVE_INFINITY, programs: true }),
    openedCode: () => addCode({ expiresAt: now() + openedCodeLifeMs, programs: false }),
    exchange: (value, visitor) => {
      const hash = hashOf(value);
      const code = codes.get(hash);
      if (!code || code.expiresAt < now()) return null;
      if (visitor === 'program' && !code.programs) return null;
      if (visitor === 'browser') codes.delete(hash);
      else codes.set(hash, { ...code, programs: false });
      return addSession();
    },
    isSession: (token) => token !== null && sessions.some((session) => session.hash === hashOf(token)),
  };
}

/** Written beside it and renamed, so that a full disk leaves the old file. */
const writeWhole = (file: string, text: string): void => {
  const next = `${file}.${process.pid}.tmp`;
  try {
    rmSync(next, { force: true });
    writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
};

const readSessions = (file: string): Session[] => {
  try {
    // Opening a named pipe in its place would block.
    if (!lstatSync(file).isFile()) return [];
    return sessionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Missing or damaged: everybody signs in again, which costs one click.
    return [];
  }
};
