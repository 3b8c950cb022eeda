import type { Topic } from '../../src-core/contract/topics.ts';
import { repeat } from '../../src-core/follow.ts';
import type { Log, Notices } from '../../src-core/ports.ts';
import { ofDevice } from '../../src-core/settings/stored-settings.ts';
import type { DeviceTables } from '../../src-core/tables/device.ts';
import type { OpenFile } from '../store/sqlite/open-database.ts';

/** How soon a commit of another process is noticed. */
const watchMs = 300;

interface Watched {
  readonly table: keyof DeviceTables;
  readonly topic: Topic;
  /** The column whose value windows know the row by. */
  readonly id: string;
}

/** What windows show of the device. What they remember is read once, and what was set aside is each engine's own to know. */
const watched: readonly Watched[] = [
  { table: 'local_models', topic: 'models', id: 'id' },
  { table: 'endpoint_variables', topic: 'models', id: 'endpoint_id' },
  { table: 'refused_fields', topic: 'models', id: 'model_id' },
  { table: 'device_settings', topic: 'settings', id: 'key' },
];

/** A row as a text to compare, and whom to tell what of it. */
interface SeenRow {
  readonly topic: Topic;
  readonly id: string;
  /** Null for everybody. */
  readonly personId: string | null;
  readonly text: string;
}

type Seen = ReadonlyMap<string, SeenRow>;

/**
 * Tells the windows of this host what another process changed on the device, as the command line does: `device.db` has no
 * feed, and its rows are few. What this host changed itself since the last look is told a second time. Returns how to stop.
 */
export function watchDevice(
  { sqlite }: Pick<OpenFile<DeviceTables>, 'sqlite'>,
  notices: Notices,
  log: Pick<Log, 'error'>,
): () => void {
  const version = sqlite.prepare('PRAGMA data_version').pluck();
  const statements = watched.map((each) => ({ ...each, rows: sqlite.prepare(`SELECT * FROM ${each.table}`) }));

  const read = (): Seen => {
    const seen = new Map<string, SeenRow>();
    for (const { table, topic, id: column, rows } of statements)
      for (const row of rows.all() as Readonly<Record<string, unknown>>[]) {
        const id = String(row[column]);
        const personId = table === 'device_settings' && row.person_id !== ofDevice ? String(row.person_id) : null;
        seen.set(JSON.stringify([table, id, personId]), { topic, id, personId, text: JSON.stringify(row) });
      }
    return seen;
  };

  let known = version.get();
  let seen = read();
  return repeat(watchMs, () => {
    if (!sqlite.open) return;
    try {
      // Changes with each commit of another connection.
      const now = version.get();
      if (now === known) return;
      const before = seen;
      seen = read();
      known = now;
      for (const { topic, id, personId } of differences(before, seen)) notices.publish(topic, [id], null, personId);
    } catch (error) {
      log.error('What another process changed on this computer could not be read.', error);
    }
  });
}

/** Rows that are new, changed or gone. */
function differences(before: Seen, after: Seen): readonly SeenRow[] {
  const changed = [...after].filter(([key, { text }]) => before.get(key)?.text !== text);
  const gone = [...before].filter(([key]) => !after.has(key));
  return [...changed, ...gone].map(([, row]) => row);
}
