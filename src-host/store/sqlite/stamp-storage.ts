import type SqliteDatabase from 'better-sqlite3';
import type { ChangeKind, Topic } from '../../../src-core/contract/topics.ts';
import type { Actor } from '../../../src-core/scope/actor.ts';
import { newId } from '../../../src-core/scope/ids.ts';
import type { AuditEntry } from '../../../src-core/scope/scope.ts';
import { explain } from './explain-failure.ts';

/** What a transaction changed. */
export interface Stamp {
  readonly topic: Topic;
  readonly id: string;
  readonly kind: ChangeKind;
}

/** All that a transaction stamps. */
interface Stamps {
  changes(): readonly Stamp[];
  entries(): readonly AuditEntry[];
}

/** Stores what a transaction stamps, as its last part: every write comes by here, so the statements are prepared once. */
export function createStampStorage(sqlite: SqliteDatabase.Database, file: string) {
  const nextRev = sqlite.prepare('UPDATE workspace SET rev = rev + 1 RETURNING rev').pluck();
  const feed = sqlite.prepare(`INSERT INTO feed (topic, id, person_id, kind, rev, origin) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (topic, id, person_id) DO UPDATE SET kind = excluded.kind, rev = excluded.rev, origin = excluded.origin`);
  const audit = sqlite.prepare(`INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, action, subject, details)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  return (actor: Actor, now: string, stamps: Stamps): void => {
    try {
      const changes = stamps.changes();
      const rev = changes.length === 0 ? null : nextRev.get();
      for (const { topic, id, kind } of changes)
        feed.run(topic, id, topic === 'drafts' ? actor.personId : '', kind, rev, actor.clientId);
      for (const { action, subject, details = {} } of stamps.entries())
        audit.run(newId(), now, actor.kind, actor.id, actor.name, action, subject, JSON.stringify(details));
    } catch (error) {
      throw explain(error, file);
    }
  };
}
