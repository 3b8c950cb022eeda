import { expect, test } from 'vitest';
import { writeDraft } from '../src-core/library/drafts/drafts.ts';
import { moveLabel } from '../src-core/library/labels/move-label.ts';
import { renameProject } from '../src-core/library/projects/projects.ts';
import { updatePrompt } from '../src-core/library/prompts/prompt-metadata.ts';
import { requirePrompt } from '../src-core/library/stored/prompt-rows.ts';
import type { Writer, WriteTables } from '../src-core/scope/scope.ts';
import { contentOf, openTestHost } from './testing/test-host.ts';

/*
 * On SQLite one transaction writes at a time, so no race can be lost there. What each update rests on is tested by putting
 * another writer's change between its reading and its update, as a storage with looser transactions would let it happen.
 */

/** The scope with another writer's change before its next update of a table. */
function interrupted(scope: Writer, table: string, change: () => Promise<unknown>): Writer {
  let isDone = false;
  const before = <Query extends { executeTakeFirstOrThrow(): Promise<unknown> }>(query: Query): Query =>
    new Proxy(query, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (name !== 'execute' && name !== 'executeTakeFirstOrThrow') {
            const next = Reflect.apply(member, target, args);
            return typeof next === 'object' && next !== null ? before(next as Query) : next;
          }
          if (isDone) return Reflect.apply(member, target, args);
          isDone = true;
          return change().then(() => Reflect.apply(member, target, args));
        };
      },
    });
  const changing = new RegExp(`^(?:update|insert into|delete from) "${table}"`);
  const executor = (of: ReturnType<WriteTables['getExecutor']>) =>
    new Proxy(of, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (name === 'executeQuery' && !isDone && changing.test((args[0] as { sql: string }).sql)) {
            isDone = true;
            await change();
          }
          return Reflect.apply(member, target, args);
        };
      },
    });
  const db = new Proxy(scope.db, {
    get(target, name) {
      const member = Reflect.get(target, name);
      // Statements that are prepared once are run by the executor itself.
      if (name === 'getExecutor') return () => executor(target.getExecutor());
      if (name !== 'updateTable' && name !== 'insertInto' && name !== 'deleteFrom')
        return typeof member === 'function' ? member.bind(target) : member;
      return (of: string) => {
        const query = Reflect.apply(member as (of: string) => never, target, [of]);
        return of === table ? before(query) : query;
      };
    },
  }) as WriteTables;
  return { ...scope, db };
}

async function openLibrary() {
  const { client, host } = await openTestHost();
  const prompt = await client.prompts.create({ name: 'a', content: contentOf('x') });
  const { version } = await client.versions.save({ promptId: prompt.id });
  const { draft } = await client.prompts.get({ id: prompt.id });
  return { client, session: host.ports.host, id: prompt.id, version, draft };
}

const conflict = { code: 'conflict', message: expect.stringContaining('Nothing was overwritten') };

test('a draft that moved on between reading and writing is a conflict', async () => {
  const { client, session, id, draft } = await openLibrary();
  await expect(
    session.write((scope) => {
      const other = () => scope.db.updateTable('drafts').set({ revision: 99 }).where('prompt_id', '=', id).execute();
      return writeDraft(interrupted(scope, 'drafts', other), id, contentOf('mine'), { revision: draft.revision });
    }),
  ).rejects.toMatchObject(conflict);
  expect((await client.prompts.get({ id })).draft).toMatchObject({ revision: draft.revision, hash: draft.hash });
});

test('metadata that somebody else changed meanwhile is a conflict', async () => {
  const { client, session, id } = await openLibrary();
  await expect(
    session.write(async (scope) => {
      const row = await requirePrompt(scope, id);
      await scope.db
        .updateTable('prompts')
        .set({ title: 'theirs', revision: row.revision + 1 })
        .execute();
      await updatePrompt(scope, row, { title: 'mine' });
    }),
  ).rejects.toMatchObject(conflict);
  expect((await client.prompts.get({ id })).title).toBe('');
});

test.each([
  ['set for the first time', false],
  ['moved', true],
])('a label that is %s by two at once goes to one of them, and the other hears of it', async (_, isSet) => {
  const { client, session, id, version, draft } = await openLibrary();
  await client.prompts.saveDraft({ id, revision: draft.revision, content: contentOf('y') });
  const { version: second } = await client.versions.save({ promptId: id });
  const change = { promptId: id, name: 'staging', reason: '', confirm: true };
  if (isSet) await client.labels.move({ ...change, versionId: version.id });
  await client.prompts.saveDraft({
    id,
    revision: (await client.prompts.get({ id })).draft.revision,
    content: contentOf('z'),
  });
  const { version: third } = await client.versions.save({ promptId: id });
  await expect(
    session.write((scope) => {
      const label = { prompt_id: id, name: 'staging', version_id: third.id, moved_at: scope.now };
      const other = isSet
        ? () => scope.db.updateTable('labels').set(label).execute()
        : () => scope.db.insertInto('labels').values(label).execute();
      return moveLabel(interrupted(scope, 'labels', other), change, second.id);
    }),
  ).rejects.toMatchObject(conflict);
  expect(await client.labels.history({ promptId: id })).toMatchObject({ total: isSet ? 1 : 0 });
});

test('a project that is renamed by two at once has the name of one', async () => {
  const { client, session } = await openLibrary();
  await expect(
    session.write((scope) => {
      const other = () => scope.db.updateTable('projects').set({ name: 'theirs' }).execute();
      return renameProject(interrupted(scope, 'projects', other), 'default', 'mine');
    }),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect((await client.library.projects()).map(({ name }) => name)).toEqual(['default']);
});
