/** A queue of jobs that share a resource: one local model, one endpoint, or all local models when they do not fit together. */
export interface Lane<Job> {
  /** Jobs in the order in which they should start. */
  readonly jobs: Job[];
  /** Most jobs of this lane in flight. */
  readonly limit: number;
  /** Jobs of different groups never run at the same time, so that k local models are loaded k times and not once per row. */
  readonly groupOf?: (job: Job) => number;
}

interface LaneState<Job> {
  readonly lane: Lane<Job>;
  /** Where the next job stands; those before it have started. Taking the first off an array moves all others. */
  next: number;
  running: number;
  group: number | null;
}

export interface LaneScheduler<Job> {
  /** Adds jobs behind those that wait. */
  add(lane: number, job: Job): void;
  /** Drops what has not started and returns it. */
  clear(): Job[];
  /** Drops one job; false when it is not waiting. */
  remove(job: Job): boolean;
  /** Starts what may start. */
  pump(): void;
  /** Nothing waits and nothing runs. */
  idle(): boolean;
}

/**
 * Runs jobs of several lanes, `concurrency` of them at once, lane by lane in turn, so that a slow lane never holds up a
 * fast one. `run` must not reject; `onIdle` is called each time the last job ends. While `mayStart` says no, what waits goes on
 * waiting until the next `pump`.
 */
export function createLaneScheduler<Job>(
  lanes: readonly Lane<Job>[],
  concurrency: number,
  run: (job: Job) => Promise<void>,
  onIdle: () => void,
  mayStart: () => boolean = () => true,
): LaneScheduler<Job> {
  const states: LaneState<Job>[] = lanes.map((lane) => ({ lane, next: 0, running: 0, group: null }));
  let running = 0;
  let next = 0;

  const pump = (): void => {
    while (running < concurrency) {
      const state = pick();
      if (!state || !mayStart()) return;
      start(state);
    }
  };

  const pick = (): LaneState<Job> | null => {
    for (let step = 0; step < states.length; step += 1) {
      const index = (next + step) % states.length;
      const state = states[index]!;
      if (!canStart(state)) continue;
      next = index + 1;
      return state;
    }
    return null;
  };

  const start = (state: LaneState<Job>): void => {
    const job = takeNext(state);
    state.running += 1;
    state.group = state.lane.groupOf?.(job) ?? null;
    running += 1;
    void run(job).finally(() => {
      state.running -= 1;
      running -= 1;
      pump();
      if (running === 0) onIdle();
    });
  };

  return {
    add(lane, job) {
      states[lane]!.lane.jobs.push(job);
    },
    remove(job) {
      for (const { lane, next } of states) {
        const at = lane.jobs.indexOf(job, next);
        if (at >= 0) return lane.jobs.splice(at, 1).length > 0;
      }
      return false;
    },
    clear: () =>
      states.flatMap((state) => {
        const { next } = state;
        state.next = 0;
        return state.lane.jobs.splice(0).slice(next);
      }),
    pump,
    idle: () => running === 0 && states.every((state) => state.lane.jobs.length === state.next),
  };
}

/** How many jobs that have started are kept before they are let go, all at once. */
const startedKept = 1_000;

function takeNext<Job>(state: LaneState<Job>): Job {
  const { jobs } = state.lane;
  const job = jobs[state.next]!;
  state.next += 1;
  if (state.next >= startedKept && state.next * 2 >= jobs.length) {
    jobs.splice(0, state.next);
    state.next = 0;
  }
  return job;
}

function canStart<Job>({ lane, next, running, group }: LaneState<Job>): boolean {
  const job = lane.jobs[next];
  if (job === undefined || running >= lane.limit) return false;
  return running === 0 || lane.groupOf === undefined || lane.groupOf(job) === group;
}
