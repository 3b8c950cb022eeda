import type { NewRun, RunPatch } from './run-rows.ts';
import type { TextWrite } from './text-writes.ts';

/** What changes of one run. */
export interface RunWrite {
  readonly id: string;
  readonly patch: RunPatch;
  readonly texts: readonly TextWrite[];
}

/**
 * The writes of which a comparison makes thousands, each call one transaction: as many prepared statements in a row as
 * there are runs, because building each of them anew costs several times what it takes to run.
 */
export interface RunStorage {
  /** Runs that are not there any more are passed over. */
  write(batch: readonly RunWrite[]): Promise<void>;
  insert(runs: readonly NewRun[]): Promise<void>;
}
