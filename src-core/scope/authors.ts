import type { Reader } from './scope.ts';

/** Who signs what is written now: the id, and the name as it is at this moment. */
export interface Signature {
  readonly author: string;
  readonly author_id: string;
}

export async function signatureOf({ actor, db }: Reader): Promise<Signature> {
  const person = await db.selectFrom('people').select('name').where('id', '=', actor.personId).executeTakeFirst();
  return { author: person?.name || actor.name, author_id: actor.personId };
}
