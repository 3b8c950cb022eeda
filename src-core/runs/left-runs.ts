import type { ErrorData } from '../scope/errors.ts';
import type { Writer } from '../scope/scope.ts';

const interrupted: ErrorData = {
  code: 'unavailable',
  message: 'PromptDev stopped before this run was finished. What had arrived is kept; run it again for the rest.',
};
const interruptedText = JSON.stringify(interrupted);

/**
 * Ends the single runs of hosts that are gone: what had come of an answer is worth keeping, so they are not asked again by
 * themselves, as the cells of comparisons are. The host stays on the row: it may only be asleep.
 */
export async function closeLostRuns(scope: Writer, present: readonly string[]): Promise<void> {
  const lost = await scope.db
    .selectFrom('runs')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .where('comparison_id', 'is', null)
    .where((eb) => eb.or([eb('host_id', 'is', null), eb('host_id', 'not in', [...present])]))
    .execute();
  for (const { id } of lost) {
    await scope.db
      .updateTable('runs')
      .set({ status: 'failed', error: interruptedText, finished_at: scope.now })
      .where('id', '=', id)
      .execute();
    scope.changed('runs', id);
  }
}

/** What others ended while this host slept is running again, as far as this host still works on it. */
export async function takeRunsBack(scope: Writer, hostId: string, running: readonly string[]): Promise<void> {
  for (const id of running) {
    const { numUpdatedRows } = await scope.db
      .updateTable('runs')
      .set({ status: 'running', error: null, finished_at: null })
      .where('id', '=', id)
      .where('host_id', '=', hostId)
      .where('error', '=', interruptedText)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows > 0n) scope.changed('runs', id);
  }
}
