import type { Insertable, Kysely } from 'kysely';
import { newId } from '../../../src-core/scope/ids.ts';
import type { AuditEntry, Reader, Rev, Writer } from '../../../src-core/scope/scope.ts';
import type { Tables } from '../../../src-core/tables/tables.ts';

/** What a transaction stamps and answers for, kept until its work is done. */
export interface Record {
  readonly changed: Writer['changed'];
  readonly audit: Writer['audit'];
  /** Writes it, as the last of the transaction; resolves with whether there is news for others. */
  store(): Promise<boolean>;
}

/** Rows of one statement; each has its own parameters, of which there are at most 65 535. */
const rowsAtOnce = 1_000;

export function createRecord({ actor, now }: Pick<Reader, 'actor' | 'now'>, db: Kysely<Tables>, rev: Rev): Record {
  const changes = new Map<string, Insertable<Tables['feed']>>();
  const entries: AuditEntry[] = [];

  return {
    changed(topic, id, kind = 'changed') {
      const person_id = topic === 'drafts' ? actor.personId : '';
      changes.set(JSON.stringify([topic, id, person_id]), { topic, id, person_id, kind, rev, origin: actor.clientId });
    },
    audit(entry) {
      entries.push(entry);
    },
    async store() {
      for (const rows of inSlices([...changes.values()]))
        await db
          .insertInto('feed')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['topic', 'id', 'person_id']).doUpdateSet((eb) => ({
              kind: eb.ref('excluded.kind'),
              rev: eb.ref('excluded.rev'),
              origin: eb.ref('excluded.origin'),
            })),
          )
          .execute();
      const audited = entries.map(({ action, subject, details = {} }) => ({
        id: newId(),
        at: now,
        actor_kind: actor.kind,
        actor_id: actor.id,
        actor_name: actor.name,
        action,
        subject,
        details: JSON.stringify(details),
      }));
      for (const rows of inSlices(audited)) await db.insertInto('audit').values(rows).execute();
      if (changes.size > 0) await db.updateTable('workspace').set({ rev }).execute();
      return changes.size > 0;
    },
  };
}

function inSlices<Row>(rows: readonly Row[]): readonly Row[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) =>
    rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  );
}
