import { isOfTheDisk } from '../jobs/when-there-is-room.ts';
import type { Log } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import { createTurns } from '../turns.ts';
import type { RunPatch } from './run-rows.ts';
import type { RunStorage, RunWrite } from './run-storage.ts';
import type { RunTexts } from './run-text.ts';
import { type Marks, nextTextWrites, nothingStored } from './text-writes.ts';

/**
 * Gathers what many runs write into one transaction each few milliseconds: one sync to disk serves them all. What cannot
 * be written, because the disk is full, waits and is written once it can be.
 */
export interface RunWriter {
  /** Resolves when the patch is on disk, and with it all that the texts have by then. */
  write(id: string, patch: RunPatch, texts?: RunTexts): Promise<void>;
  /** Writes that the run is under way and what its texts have so far, sooner or later. */
  checkpoint(id: string, texts: RunTexts): void;
  /** Drops what waits of a run that is another host's by now; who waits for it is told that it is done. */
  forget(id: string): void;
  /** Resolves when what waits now is on disk. */
  flush(): Promise<void>;
  /** Why what waits is not on disk yet, a sentence; null when nothing keeps it. */
  writeFailure(): string | null;
  /** Called when that changes; returns the unsubscriber. */
  onWriteFailure(listener: () => void): () => void;
  /** Tries once more to write what waits, and fails it when that does not help. */
  close(): Promise<void>;
}

/** A sync to disk stops everything else for a millisecond or two; nobody sees a result 50 ms later. */
const gatherMs = 50;
/** What one transaction takes, so that nobody waits long for it: runs, and code units of their texts. */
const batchRuns = 500;
const batchUnits = 500_000;
/** How soon a disk that was full is tried again, and how seldom at most. */
const retryMs = { first: 200, most: 5_000 };

interface Waiting {
  patch: RunPatch;
  texts: RunTexts | null;
  /** Nothing comes after it. */
  last: boolean;
  readonly done: (() => void)[];
  readonly failed: ((error: unknown) => void)[];
}

interface Planned {
  readonly id: string;
  readonly entry: Waiting;
  readonly write: RunWrite;
  readonly marks: Marks;
  readonly complete: boolean;
}

export function createRunWriter(storage: RunStorage, log: Log): RunWriter {
  const waiting = new Map<string, Waiting>();
  // By the texts and not by the run: asked once more, it has others, of which nothing is stored.
  const marks = new WeakMap<RunTexts, Marks>();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let draining: Promise<void> | null = null;
  let writeFailure: string | null = null;
  let delayMs = 0;
  let closed = false;

  const put = (id: string, patch: RunPatch, texts: RunTexts | null, last: boolean): Waiting => {
    const entry = waiting.get(id) ?? { patch: {}, texts: null, last: false, done: [], failed: [] };
    entry.patch = { ...entry.patch, ...patch };
    entry.texts = texts ?? entry.texts;
    entry.last ||= last;
    waiting.set(id, entry);
    schedule();
    return entry;
  };

  const schedule = (): void => {
    if (timer !== null || draining !== null || waiting.size === 0) return;
    // A run alone is written at once; only what comes in a crowd waits for the others.
    const wait = writeFailure === null ? Math.max(0, flushedAt + gatherMs - performance.now()) : delayMs;
    timer = setTimeout(() => void drain(), wait);
  };

  const drain = (): Promise<void> => {
    clearTimeout(timer ?? undefined);
    timer = null;
    draining ??= drainAll().finally(() => {
      draining = null;
      schedule();
    });
    return draining;
  };

  const drainAll = async (): Promise<void> => {
    const turns = createTurns();
    for (let left = waiting.size; left > 0; left -= batchRuns) {
      const batch = nextBatch(waiting, marks);
      if (batch.length === 0) return;
      flushedAt = performance.now();
      const error = await attempt(batch);
      if (error !== null && isOfTheDisk(error)) return setFailure(error);
      if (error !== null) await writeOneByOne(batch, error);
      setFailure(null);
      await turns();
    }
  };

  /** Null when the batch is on disk. */
  const attempt = async (batch: readonly Planned[]): Promise<unknown> => {
    // What is put while this is written counts as new.
    for (const { id, entry, complete } of batch) if (complete && waiting.get(id) === entry) waiting.delete(id);
    try {
      await storage.write(batch.map(({ write }) => write));
    } catch (error) {
      for (const planned of batch) if (planned.complete) putBack(planned);
      return error ?? new Error('The write failed.');
    }
    for (const { entry, marks: stored, complete } of batch) {
      if (entry.texts !== null) marks.set(entry.texts, stored);
      if (complete) for (const done of entry.done) done();
    }
    return null;
  };

  const putBack = ({ id, entry }: Planned): void => {
    const newer = waiting.get(id);
    if (newer !== undefined) {
      entry.patch = { ...entry.patch, ...newer.patch };
      entry.texts = newer.texts ?? entry.texts;
      entry.last ||= newer.last;
      entry.done.push(...newer.done);
      entry.failed.push(...newer.failed);
    }
    waiting.set(id, entry);
  };

  /** One of them is at fault; the others are not to suffer for it. */
  const writeOneByOne = async (batch: readonly Planned[], error: unknown): Promise<void> => {
    for (const planned of batch) {
      const failure = batch.length === 1 ? error : await attempt([planned]);
      if (failure === null || isOfTheDisk(failure)) continue;
      waiting.delete(planned.id);
      log.error(`Run ${planned.id} could not be written.`, failure);
      for (const failed of planned.entry.failed) failed(failure);
    }
  };

  const setFailure = (error: AppError | null): void => {
    delayMs = error === null ? 0 : Math.min(retryMs.most, delayMs * 2 || retryMs.first);
    const before = writeFailure;
    writeFailure = error?.message ?? null;
    if (before === writeFailure) return;
    if (error !== null) log.error(`Results wait in memory. ${error.message}`, error.cause);
    for (const listener of listeners) listener();
  };

  const flush = async (): Promise<void> => {
    while (waiting.size > 0 || draining !== null) {
      await drain();
      if (writeFailure !== null) return;
    }
  };

  return {
    flush,
    writeFailure: () => writeFailure,
    onWriteFailure(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forget(id) {
      const entry = waiting.get(id);
      waiting.delete(id);
      for (const done of entry?.done ?? []) done();
    },
    checkpoint: (id, texts) => void put(id, { status: 'running' }, texts, false),
    write(id, patch, texts) {
      return new Promise((done, failed) => {
        if (closed) throw new AppError('unavailable', 'PromptDev is closing.');
        const entry = put(id, patch, texts ?? null, patch.finished_at !== undefined);
        entry.done.push(done);
        entry.failed.push(failed);
      });
    },
    async close() {
      await flush();
      clearTimeout(timer ?? undefined);
      closed = true;
      const error = new AppError('unavailable', writeFailure ?? 'PromptDev is closing.');
      for (const entry of waiting.values()) for (const failed of entry.failed) failed(error);
      waiting.clear();
    },
  };
}

/** What the next transaction takes. */
function nextBatch(waiting: ReadonlyMap<string, Waiting>, known: WeakMap<RunTexts, Marks>): Planned[] {
  const batch: Planned[] = [];
  let units = batchUnits;
  for (const [id, entry] of waiting) {
    if (batch.length === batchRuns || units <= 0) break;
    if (entry.texts === null) {
      batch.push({ id, entry, write: { id, patch: entry.patch, texts: [] }, marks: nothingStored, complete: true });
      continue;
    }
    const marks = known.get(entry.texts) ?? nothingStored;
    const texts = nextTextWrites(entry.texts, marks, units, entry.last);
    units -= texts.size;
    // A checkpoint takes what fits, and the next one goes on; a result goes with the last of its texts.
    const complete = texts.complete || !entry.last;
    const patch = complete ? entry.patch : {};
    batch.push({ id, entry, write: { id, patch, texts: texts.writes }, marks: texts.marks, complete });
  }
  return batch;
}
