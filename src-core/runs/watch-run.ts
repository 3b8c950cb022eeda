import type { RunEvent } from '../contract/runs.ts';
import { createSignal, frameMs, sleep } from '../follow.ts';
import { countOf } from '../models/counts.ts';
import type { Reader, Session } from '../scope/scope.ts';
import { createTurns } from '../turns.ts';
import type { ActiveRun } from './active-runs.ts';
import { loadRun, type RunRow, runGone, statusOf } from './run-rows.ts';
import type { RunText } from './run-text.ts';
import type { Runner } from './runner.ts';
import { readText } from './stored-texts.ts';
import type { TextKind } from './text-writes.ts';

/** How often a run of another process is looked at. */
const pollMs = 400;

/** Replays the output from `after` on and follows until the run is finished or the watcher leaves. */
export async function* watchRun(
  session: Session,
  runner: Runner,
  { id, after, afterReasoning }: { readonly id: string } & Seen,
): AsyncGenerator<RunEvent> {
  const followers = { output: createTextFollower(after), reasoning: createTextFollower(afterReasoning) };
  while (!session.signal?.aborted) {
    const run = runner.active.get(id);
    if (run) return yield* followActive(session, runner, run, followers);
    // A run that is over, that waits for its turn, or that another process works on.
    const state = await session.read((scope) => loadState(scope, id));
    yield* takeStored(session, state, followers);
    if (state.finished_at !== null) {
      yield { kind: 'finished', run: await session.read((scope) => loadRun(scope, id)) };
      return;
    }
    yield { kind: 'status', status: statusOf(state), note: null };
    await sleep(pollMs);
  }
}

/** How much of its texts a watcher has. */
interface Seen {
  readonly after: number;
  readonly afterReasoning: number;
}

/** Thoughts come before what is said. */
const kinds = ['reasoning', 'output'] as const;
type Followers = Readonly<Record<TextKind, TextFollower>>;

async function* followActive(
  session: Session,
  runner: Runner,
  run: ActiveRun,
  followers: Followers,
): AsyncGenerator<RunEvent> {
  const signal = createSignal();
  let finished = false;
  const stop = runner.active.follow(run.id, (_, kind) => {
    if (kind === 'finished') finished = true;
    signal.wake();
  });
  try {
    let shown = '';
    while (!session.signal?.aborted) {
      for (const kind of kinds) yield* takeSlices(followers[kind], kind, run[kind]);
      const status = `${run.status} ${run.note ?? ''}`;
      if (status !== shown && !finished) yield { kind: 'status', status: run.status, note: run.note };
      shown = status;
      if (finished) {
        yield { kind: 'finished', run: await session.read((scope) => loadRun(scope, run.id)) };
        return;
      }
      await signal.wait(session.signal);
      if (!finished) await sleep(frameMs);
    }
  } finally {
    stop();
  }
}

/** All that is new of a text, in events that are no burden each. */
async function* takeSlices(follower: TextFollower, kind: TextKind, text: RunText): AsyncGenerator<RunEvent> {
  const turns = createTurns();
  for (let slice = follower.take(text); slice !== null; slice = follower.take(text)) {
    yield toEvent(kind, slice);
    await turns();
  }
}

function toEvent(kind: TextKind, slice: TextSlice): RunEvent {
  return kind === 'reasoning' ? { kind, ...slice } : { kind: 'delta', ...slice };
}

type StoredState = Pick<RunRow, 'id' | 'status' | 'finished_at'> & Readonly<Record<TextKind, number>>;

async function loadState(scope: Reader, id: string): Promise<StoredState> {
  const row = await scope.db
    .selectFrom('runs')
    .select(['id', 'status', 'finished_at'])
    .select((eb) => [
      eb.fn.coalesce('output_length', eb.fn<number>('length', ['output'])).as('output'),
      eb.fn.coalesce('reasoning_length', eb.fn<number>('length', ['reasoning'])).as('reasoning'),
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw runGone(id);
  return { ...row, output: countOf(row.output) ?? 0, reasoning: countOf(row.reasoning) ?? 0 };
}

async function* takeStored(session: Session, state: StoredState, followers: Followers): AsyncGenerator<RunEvent> {
  for (const kind of kinds) {
    const from = followers[kind].from(state[kind]);
    const text = await session.read((scope) => readText(scope, state.id, kind, state[kind], from));
    for (let start = 0; start < text.length; start += sliceLength)
      yield toEvent(kind, { offset: from + start, text: text.slice(start, start + sliceLength) });
    followers[kind].sent(from + text.length);
  }
}

/** Code units that one event carries. */
const sliceLength = 131_072;

export interface TextSlice {
  /** Replaces what stands from here on. */
  readonly offset: number;
  readonly text: string;
}

/** Turns a text that grows, and may start anew, into slices. */
export interface TextFollower {
  /** The next slice; null when there is none for now. */
  take(text: RunText): TextSlice | null;
  /** Where to go on in a stored text of this length: at its start when it is shorter than what was sent. */
  from(length: number): number;
  sent(offset: number): void;
}

export function createTextFollower(after: number): TextFollower {
  let sent = after;
  let generation: number | null = null;
  const from = (length: number) => (length < sent ? 0 : sent);
  return {
    from,
    sent(offset) {
      sent = offset;
    },
    take(text) {
      // A fresh start is one even when the new text has outgrown the old one.
      sent = generation !== null && generation !== text.generation ? 0 : from(text.length);
      generation = text.generation;
      if (sent === text.length) return null;
      const slice = { offset: sent, text: text.slice(sent, sent + sliceLength) };
      sent += slice.text.length;
      return slice;
    },
  };
}
