import type { Change, DraftMark, Topic } from '../contract/workspace.ts';
import { createSignal } from '../follow.ts';
import { promptsWithTyped } from '../library/stored/prompt-rows.ts';
import type { Ports } from '../ports.ts';
import type { FeedChange, Reader, Rev, Session } from '../scope/scope.ts';
import { isStoredId, storedText, storedWhole } from '../tables/stored-fields.ts';

/** More things of a topic than this are "many". */
const mostNamed = 200;

/**
 * What this person's windows should know of: what the feed says, and what the host of this process notices itself. Resolves
 * once it has begun: what changes after that is told, however much later it is read.
 */
export async function followChanges(
  { notices }: Pick<Ports, 'notices'>,
  session: Session,
): Promise<AsyncGenerator<Change>> {
  const news = createSignal();
  const waiting: Change[] = [];
  const tell = (changes: readonly Change[]): void => {
    waiting.push(...changes);
    news.wake();
  };
  const ending = new AbortController();
  ending.signal.addEventListener(
    'abort',
    notices.subscribe(session.actor.personId, (change) => tell([change])),
  );
  const end = (): void => ending.abort();
  session.signal?.addEventListener('abort', end, { once: true });
  if (session.signal?.aborted) end();
  let failure: unknown = null;
  const follow = async (after: Rev): Promise<void> => {
    for await (const batch of session.follow(after, ending.signal)) tell(await describeBatch(session, batch));
  };
  const after = await session.rev().catch((error: unknown) => {
    end();
    throw error;
  });
  const following = follow(after).catch((error: unknown) => {
    failure = error;
    news.wake();
  });

  async function* read(): AsyncGenerator<Change | null> {
    try {
      yield null;
      while (!ending.signal.aborted) {
        await news.wait(ending.signal);
        yield* waiting.splice(0);
        if (failure !== null) throw failure;
      }
    } finally {
      session.signal?.removeEventListener('abort', end);
      end();
      await following;
    }
  }
  const stream = read();
  // Once it is inside, whoever leaves before the first event ends it too: a generator that was not begun has no `finally`.
  await stream.next();
  return stream as AsyncGenerator<Change>;
}

async function describeBatch(session: Session, batch: readonly FeedChange[]): Promise<readonly Change[]> {
  const drafts = batch.filter(({ topic }) => topic === 'drafts').map(({ id }) => id);
  const marks = drafts.length === 0 ? [] : await session.read((scope) => readDraftMarks(scope, drafts));
  return gather(batch, marks);
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
