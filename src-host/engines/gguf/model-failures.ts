import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalModelState, LocalTarget } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { type Crashes, type CrashPolicy, verdictOn } from './crash-policy.ts';
import { orCancelled } from './waiting.ts';

/** Remembers which files crash their processes; by hash, so that renaming a file does not help. */
export interface ModelFailures {
  /** Notes a crash and says what state the model is in now. */
  record(target: LocalTarget, why: string): LocalModelState;
  /** Throws for a quarantined file; waits for the delay after a crash. */
  untilAllowed(target: LocalTarget, signal: AbortSignal | null): Promise<void>;
  /** Quarantines a file that crashed too often in an earlier process. */
  setAside(target: Pick<LocalTarget, 'id' | 'sha256'>, message: string): LocalModelState;
  /** Ends the quarantine of the file that was last used under this id. */
  release(id: string): void;
}

interface FileFailures {
  readonly crashes: Crashes;
  readonly retryAt: number;
  /** Why the file is quarantined; null when it is not. */
  readonly quarantine: string | null;
}

export function createModelFailures(policy: CrashPolicy): ModelFailures {
  const failures = new Map<string, FileFailures>();
  const hashes = new Map<string, string>();
  return {
    record(target, why) {
      hashes.set(target.id, target.sha256);
      const verdict = verdictOn(failures.get(target.sha256)?.crashes ?? [], Date.now(), policy);
      const { crashes } = verdict;
      if (verdict.kind === 'retry') {
        const { retryAt } = verdict;
        failures.set(target.sha256, { crashes, retryAt, quarantine: null });
        return { kind: 'crashed', message: why, retryAt: new Date(retryAt).toISOString(), crashes: crashes.length };
      }
      const minutes = Math.ceil(policy.windowMs / 60_000);
      const message = `${basename(target.path)} crashed ${crashes.length} times within ${minutes} minutes and was set aside: release it to try again, or use another file. The last time: ${why}`;
      failures.set(target.sha256, { crashes, retryAt: Number.POSITIVE_INFINITY, quarantine: message });
      return { kind: 'quarantined', message };
    },
    async untilAllowed(target, signal) {
      hashes.set(target.id, target.sha256);
      const failure = failures.get(target.sha256);
      if (failure === undefined) return;
      if (failure.quarantine !== null) throw new AppError('unavailable', failure.quarantine);
      const delay = failure.retryAt - Date.now();
      if (delay > 0) await orCancelled(sleep(delay), signal);
    },
    setAside({ id, sha256 }, message) {
      hashes.set(id, sha256);
      failures.set(sha256, { crashes: [], retryAt: Number.POSITIVE_INFINITY, quarantine: message });
      return { kind: 'quarantined', message };
    },
    release(id) {
      const hash = hashes.get(id);
      if (hash !== undefined) failures.delete(hash);
    },
  };
}
