import { repeat } from '../../src-core/follow.ts';
import type { Log } from '../../src-core/ports.ts';
import type { OpenDatabase } from '../store/sqlite/open-database.ts';

const watchMs = 500;

/**
 * Sees when the database file is deleted or replaced: that is logged, and what was saved is copied out of the open
 * connection. Returns how to stop.
 */
export function watchDatabase({ guard }: Pick<OpenDatabase, 'guard'>, log: Log): () => void {
  let said: string | null = null;
  const look = (): void => {
    const problem = guard.problem();
    if (problem === null && said !== null) log.info('The database file is back.');
    const isNew = problem !== null && said === null;
    said = problem;
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
