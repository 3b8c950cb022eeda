import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { contentOf, openTestHost } from './testing/test-host.ts';

test('a full disk is one clear sentence, loses nothing, and is over once there is space', async () => {
  const { client, host } = await openTestHost();
  const prompt = await client.prompts.create({ name: 'kept', content: contentOf('before') });
  const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(host.database);
  // What SQLite sees of a full disk: the file cannot grow.
  await sql.raw(`PRAGMA max_page_count = ${rows[0]!.page_count}`).execute(host.database);

  const big = contentOf('x'.repeat(200_000));
  const failure = client.prompts.saveDraft({ id: prompt.id, revision: 0, content: big });
  await expect(failure).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/promptdev\.db is on a disk that is full\./),
  });
  expect((await client.prompts.get({ id: prompt.id })).draft).toMatchObject({
    revision: 0,
    content: contentOf('before'),
  });

  await sql`PRAGMA max_page_count = 1000000`.execute(host.database);
  expect(await client.prompts.saveDraft({ id: prompt.id, revision: 0, content: big })).toMatchObject({ revision: 1 });
});
