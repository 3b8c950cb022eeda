import { prepared, type ValueOf } from './prepared.ts';
import type { Reader } from './scope.ts';

/** Who signs what is written now: the id, and the name as it is at this moment. */
export interface Signature {
  readonly author: string;
  readonly author_id: string;
}

export async function signatureOf({ actor, db }: Reader): Promise<Signature> {
  const [person] = await personById(db, { id: actor.personId });
  return { author: person?.name || actor.name, author_id: actor.personId };
}

const personById = prepared((db, value: ValueOf<{ id: string }>) =>
  db.selectFrom('people').select('name').where('id', '=', value('id')),
);
