import { topics } from '../../src-core/contract/workspace.ts';
import { repeat } from '../../src-core/follow.ts';
import type { Log } from '../../src-core/ports.ts';
import type { ChangeFeed } from '../../src-core/scope/changes.ts';
import type { OpenDatabase } from '../store/sqlite/open-database.ts';

const watchMs = 500;

/**
 * Announces what other processes write to the file, by topic, and sees when the file itself is deleted or replaced: that is
 * logged, and what was saved is copied out of the open connection. Returns how to stop.
 */
export function watchDatabase({ sqlite, guard }: OpenDatabase, changes: ChangeFeed, log: Log): () => void {
  const counts = sqlite.prepare('SELECT topic, count FROM topic_changes');
  const read = () => new Map((counts.raw().all() as [string, number][]).values());
  // Changes with each commit of another connection, a renewed lease too; the counters say whether it is anybody's business.
  const version = () => sqlite.pragma('data_version', { simple: true });
  let knownVersion = version();
  let known = read();
  let said: string | null = null;

  const announce = (): void => {
    const now = version();
    const next = read();
    if (now !== knownVersion)
      for (const topic of topics) if (next.get(topic) !== known.get(topic)) changes.publish(topic, []);
    knownVersion = now;
    known = next;
  };
  const look = (): void => {
    const problem = guard.problem();
    if (problem === null && said !== null) log.info('The database file is back.');
    const isNew = problem !== null && said === null;
    said = problem;
    if (problem === null) announce();
    if (!isNew) return;
    log.error(problem);
    void guard.rescue().then((copy) => {
      if (copy === null) log.error('What was saved could not be copied out of the open database.');
      else log.info(`What was saved was copied to ${copy}.`);
    });
  };
  return repeat(watchMs, () => {
    try {
      look();
    } catch (error) {
      log.error('The database could not be looked at.', error);
    }
  });
}
