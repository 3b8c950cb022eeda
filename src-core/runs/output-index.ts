import { sleep } from '../follow.ts';
import { isOfTheDisk } from '../jobs/when-there-is-room.ts';
import type { Ports } from '../ports.ts';
import type { Session, Writer } from '../scope/scope.ts';

/** Makes outputs searchable a moment later and many at once, so that a big comparison is not slowed by it. */
export interface OutputIndex {
  /** A run has ended. */
  soon(): void;
  /** Ends after the slice under way: what still waits is on disk, for the next host or the next command that searches. */
  close(): Promise<void>;
}

/** Outputs are searchable up to here. */
const indexedCharacters = 20_000;
/** One transaction takes so much, so that nobody waits long for it; a command that searches has nobody beside it. */
const slice = { runs: 40, characters: 40_000 };
const sliceOfCommand = { runs: 500, characters: 1_000_000 };
const delayMs = 2_000;
/** What an earlier process left is taken up once this one has started. */
const leftoversMs = 3_000;

/** What waits stands in `unindexed_runs`, so that a kill loses none of it. */
export function createOutputIndex({ host, log, notices }: Pick<Ports, 'host' | 'log' | 'notices'>): OutputIndex {
  let timer: ReturnType<typeof setTimeout> = setTimeout(() => void work(), leftoversMs);
  let isScheduled = false;
  /** Ended in this process, and not indexed yet. */
  let own = 0;
  let working: Promise<void> | null = null;
  let closing = false;

  const work = (): Promise<void> => {
    isScheduled = false;
    const before = own;
    working ??= indexAll()
      .then(() => true)
      .catch((error: unknown) => {
        const ofTheDisk = isOfTheDisk(error);
        if (!ofTheDisk || closing) log.error('Outputs could not be indexed.', error);
        return ofTheDisk;
      })
      .then((again) => {
        working = null;
        if (own > 0 && (again || own > before)) schedule(again ? delayMs : delayMs * 5);
      });
    return working;
  };

  /** Newest first, so that those of this process come before what others left. */
  const indexAll = async (): Promise<void> => {
    while (!closing) {
      const ids = await indexNext(host, slice);
      if (ids.length === 0) own = 0;
      if (ids.length === 0) return;
      own = Math.max(0, own - ids.length);
      // A search that is open finds them now.
      notices.publish('runs', ids.length > 100 ? [] : ids);
      await sleep(1);
    }
  };

  const schedule = (milliseconds: number): void => {
    if (isScheduled || closing) return;
    isScheduled = true;
    clearTimeout(timer);
    timer = setTimeout(() => void work(), milliseconds);
  };

  return {
    soon() {
      own += 1;
      if (working === null) schedule(delayMs);
    },
    async close() {
      closing = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** A command that searches waits so long for what a kill left to be indexed. */
const patienceMs = 3_000;

/**
 * Indexes what other processes left, newest first, for a command that searches and is gone before a host would get to it.
 * Returns whether that was all.
 */
export async function indexLeftovers(session: Session): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) if ((await indexNext(session, sliceOfCommand)).length === 0) return true;
  return false;
}

/** Indexes some of what waits, and returns which runs those were. */
async function indexNext(session: Session, most: typeof slice): Promise<string[]> {
  // Mostly nothing waits; to find that out takes no turn at writing.
  const waiting = await session.read(({ db }) =>
    db.selectFrom('unindexed_runs').select('run_id').limit(1).executeTakeFirst(),
  );
  return waiting === undefined ? [] : session.write((scope) => indexSome(scope, most));
}

async function indexSome(scope: Writer, most: typeof slice): Promise<string[]> {
  const rows = await scope.db
    .selectFrom('unindexed_runs')
    .innerJoin('runs', 'runs.id', 'unindexed_runs.run_id')
    .select(['runs.id', 'runs.prompt_id', 'runs.model'])
    .select((eb) => eb.fn<string>('substr', ['runs.output', eb.lit(1), eb.lit(indexedCharacters)]).as('body'))
    .orderBy('runs.seq', 'desc')
    .limit(most.runs)
    .execute();
  let characters = 0;
  const taken = rows.filter(({ body }, index) => {
    const takes = index === 0 || characters + body.length <= most.characters;
    characters += body.length;
    return takes;
  });
  const nothing = { name: '', title: '', description: '', note: '' };
  const documents = taken.map(({ id, prompt_id, model, body }) => {
    return { ...nothing, kind: 'run' as const, ref: id, promptId: prompt_id, tags: model, body };
  });
  await scope.search.put(documents);
  const ids = taken.map((row) => row.id);
  if (ids.length > 0) await scope.db.deleteFrom('unindexed_runs').where('run_id', 'in', ids).execute();
  return ids;
}
