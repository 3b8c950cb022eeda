import type { RunEvent, RunStatus } from '../contract/runs.ts';
import type { Core } from '../core.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import type { ActiveRun } from './active-runs.ts';
import { loadRun, requireRun } from './run-rows.ts';
import type { Runner } from './runner.ts';

/** How often a run of another process is looked at. */
const pollMs = 400;

/** Replays the output from `after` on and follows until the run is finished or the watcher leaves. */
export async function* watchRun(
  core: Core,
  runner: Runner,
  { id, after }: { readonly id: string; readonly after: number },
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const run = runner.active.get(id);
  yield* run ? followActive(core, runner, run, after, abort) : followStored(core, id, after, abort);
}

async function* followActive(
  core: Core,
  runner: Runner,
  run: ActiveRun,
  after: number,
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const signal = createSignal();
  const follower = createTextFollower(after);
  let finished = false;
  const stop = runner.active.follow(run.id, (_, kind) => {
    if (kind === 'finished') finished = true;
    if (kind === 'text') follower.look(run.output);
    signal.wake();
  });
  try {
    let shown = '';
    while (!abort?.aborted) {
      const delta = follower.take(run.output);
      if (delta) yield { kind: 'delta', ...delta };
      const status = `${run.status} ${run.note ?? ''}`;
      if (status !== shown && !finished) yield { kind: 'status', status: run.status, note: run.note };
      shown = status;
      if (finished) {
        yield { kind: 'finished', run: await loadRun(core.database, run.id) };
        return;
      }
      await signal.wait(abort);
      if (!finished) await sleep(frameMs);
    }
  } finally {
    stop();
  }
}

/** A run that is over, or that another process works on. */
async function* followStored(
  core: Core,
  id: string,
  after: number,
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const follower = createTextFollower(after);
  while (!abort?.aborted) {
    const row = await requireRun(core.database, id);
    const delta = follower.take(row.output);
    if (delta) yield { kind: 'delta', ...delta };
    if (row.finished_at !== null) {
      yield { kind: 'finished', run: await loadRun(core.database, id) };
      return;
    }
    yield { kind: 'status', status: row.status as RunStatus, note: null };
    await sleep(pollMs);
  }
}

/** Turns an output that grows, and may start anew, into deltas: each replaces what stands from `offset` on. */
export function createTextFollower(after: number) {
  let sent = after;
  return {
    /** Notices a fresh start even when the new text has outgrown the old one by the next frame. */
    look(output: string): void {
      if (output.length < sent) sent = 0;
    },
    take(output: string): { offset: number; text: string } | null {
      if (output.length < sent) sent = 0;
      if (output.length === sent) return null;
      const delta = { offset: sent, text: output.slice(sent) };
      sent = output.length;
      return delta;
    },
  };
}
