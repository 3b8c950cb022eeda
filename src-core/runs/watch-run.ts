import type { RunEvent } from '../contract/runs.ts';
import type { Core } from '../core.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import type { ActiveRun } from './active-runs.ts';
import { loadRun, requireRun, statusOf, textsOf } from './run-rows.ts';
import type { Runner } from './runner.ts';

/** How often a run of another process is looked at. */
const pollMs = 400;

/** Replays the output from `after` on and follows until the run is finished or the watcher leaves. */
export async function* watchRun(
  core: Core,
  runner: Runner,
  { id, ...seen }: { readonly id: string } & Seen,
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const follower = createTextsFollower(seen);
  const run = runner.active.get(id);
  yield* run ? followActive(core, runner, run, follower, abort) : followStored(core, runner, id, follower, abort);
}

/** How much of its texts a watcher has. */
interface Seen {
  readonly after: number;
  readonly afterReasoning: number;
}

async function* followActive(
  core: Core,
  runner: Runner,
  run: ActiveRun,
  follower: TextsFollower,
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const signal = createSignal();
  let finished = false;
  const stop = runner.active.follow(run.id, (_, kind) => {
    if (kind === 'finished') finished = true;
    if (kind === 'text') follower.look(run);
    signal.wake();
  });
  try {
    let shown = '';
    while (!abort?.aborted) {
      yield* follower.take(run);
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

/** A run that is over, that waits for its turn, or that another process works on. */
async function* followStored(
  core: Core,
  runner: Runner,
  id: string,
  follower: TextsFollower,
  abort: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  while (!abort?.aborted) {
    const run = runner.active.get(id);
    if (run) return yield* followActive(core, runner, run, follower, abort);
    const row = await requireRun(core.database, id);
    yield* follower.take(textsOf(row));
    if (row.finished_at !== null) {
      yield { kind: 'finished', run: await loadRun(core.database, id) };
      return;
    }
    yield { kind: 'status', status: statusOf(row), note: null };
    await sleep(pollMs);
  }
}

type Texts = Pick<ActiveRun, 'output' | 'reasoning'>;
type TextsFollower = ReturnType<typeof createTextsFollower>;

/** Follows both texts of a run. */
function createTextsFollower({ after, afterReasoning }: Seen) {
  const output = createTextFollower(after);
  const reasoning = createTextFollower(afterReasoning);
  return {
    look(run: Texts): void {
      output.look(run.output);
      reasoning.look(run.reasoning);
    },
    *take(run: Texts): Generator<RunEvent> {
      const thought = reasoning.take(run.reasoning);
      if (thought) yield { kind: 'reasoning', ...thought };
      const said = output.take(run.output);
      if (said) yield { kind: 'delta', ...said };
    },
  };
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
