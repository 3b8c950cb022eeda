import type { Change, DraftMark, Topic } from '../contract/workspace.ts';
import { createSignal } from '../follow.ts';
import { promptsWithTyped } from '../library/stored/prompt-rows.ts';
import type { Ports } from '../ports.ts';
import type { FeedChange, Reader, Session } from '../scope/scope.ts';
import { isStoredId, storedText, storedWhole } from '../tables/stored-fields.ts';

/** More things of a topic than this are "many". */
const mostNamed = 200;

/** What this person's windows should know of: what the feed says, and what the host of this process notices itself. */
export async function* followChanges({ notices }: Pick<Ports, 'notices'>, session: Session): AsyncGenerator<Change> {
  const signal = createSignal();
  const waiting: Change[] = [];
  const ending = new AbortController();
  const end = () => ending.abort();
  session.signal?.addEventListener('abort', end, { once: true });
  const stop = notices.subscribe(session.actor.personId, (change) => {
    waiting.push(change);
    signal.wake();
  });
  let failure: unknown = null;
  const following = follow(session, ending.signal, (changes) => {
    waiting.push(...changes);
    signal.wake();
  }).catch((error: unknown) => {
    failure = error;
    signal.wake();
  });
  try {
    while (!ending.signal.aborted) {
      await signal.wait(ending.signal);
      yield* waiting.splice(0);
      if (failure !== null) throw failure;
    }
  } finally {
    stop();
    session.signal?.removeEventListener('abort', end);
    ending.abort();
    await following;
  }
}

async function follow(session: Session, signal: AbortSignal, tell: (changes: readonly Change[]) => void) {
  for await (const batch of session.follow(null, signal)) {
    const drafts = batch.filter(({ topic }) => topic === 'drafts').map(({ id }) => id);
    const marks = drafts.length === 0 ? [] : await session.read((scope) => readDraftMarks(scope, drafts));
    tell(gather(batch, marks));
  }
}

/** One event for each topic, kind and origin of a batch. */
function gather(batch: readonly FeedChange[], marks: readonly DraftMark[]): Change[] {
  const groups = Map.groupBy(batch, ({ topic, kind, origin }) => JSON.stringify([topic, kind, origin]));
  return Array.from(groups.values(), (group) => {
    const { topic, kind, origin } = group[0]!;
    const ids = group.length > mostNamed ? [] : group.map(({ id }) => id);
    return {
      topic,
      ids,
      kind,
      origin,
      ...(isOfDrafts(topic) && { drafts: marks.filter(({ promptId }) => ids.includes(promptId)) }),
    };
  });
}

function isOfDrafts(topic: Topic): boolean {
  return topic === 'drafts';
}

/** What lists show of the person's own drafts. */
async function readDraftMarks(scope: Reader, promptIds: readonly string[]): Promise<DraftMark[]> {
  const { db, actor } = scope;
  const ids = promptIds.slice(0, mostNamed);
  const rows = await db
    .selectFrom('drafts')
    .innerJoin('prompts', 'prompts.id', 'drafts.prompt_id')
    .leftJoin('versions', 'versions.id', 'drafts.base_version_id')
    .select(['drafts.prompt_id', 'drafts.revision', 'drafts.hash', 'prompts.updated_at', 'versions.content_hash'])
    .where('drafts.person_id', '=', actor.personId)
    .where('drafts.prompt_id', 'in', ids)
    .execute();
  const typed = await promptsWithTyped(scope, ids);
  return rows
    .filter((row) => isStoredId(row.prompt_id))
    .map((row) => ({
      promptId: row.prompt_id,
      revision: storedWhole(row.revision, 0),
      hasChanges: typed.has(row.prompt_id) || row.hash !== row.content_hash,
      updatedAt: storedText(row.updated_at),
    }));
}
