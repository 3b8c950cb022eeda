import { AppError } from '../../scope/errors.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import { storedText } from '../../tables/stored-fields.ts';
import { ensureProject } from '../prompts/prompt-metadata.ts';
import { keepFormerPaths, keepPathsOfFormer } from './former-paths.ts';

/** Every project with its number of prompts outside the trash, by name. */
export async function listProjects({ db }: Reader): Promise<{ name: string; prompts: number }[]> {
  const rows = await db
    .selectFrom('projects')
    .leftJoin('prompts', (join) =>
      join.onRef('prompts.project_id', '=', 'projects.id').on('prompts.status', '!=', 'trashed'),
    )
    .select((eb) => ['projects.name', eb.fn.count<number>('prompts.id').as('prompts')])
    .groupBy('projects.name')
    .orderBy('projects.name')
    .execute();
  return rows.map((row) => ({ name: storedText(row.name), prompts: Number(row.prompts) }));
}

export async function createProject(scope: Writer, name: string): Promise<void> {
  await assertIsFree(scope, name);
  await ensureProject(scope, name);
}

/** Renames a project with all prompts in it; what they include from it by its old name is still found. */
export async function renameProject(scope: Writer, from: string, to: string): Promise<void> {
  if (from === to) return;
  const id = await requireProject(scope, from);
  await assertIsFree(scope, to);
  const { numUpdatedRows } = await scope.db
    .updateTable('projects')
    .set({ name: to })
    .where('id', '=', id)
    .where('name', '=', from)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n)
    throw new AppError('conflict', `The project "${from}" was renamed by somebody else just now.`, { name: from });
  await keepPathsOfFormer(scope, from, id);
  await scope.db
    .insertInto('former_projects')
    .values({ name: from, project_id: id })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ project_id: id }))
    .execute();
  scope.audit({ action: 'project.rename', subject: id, details: { from, to } });
  scope.changed('projects', id);
}

/** Deletes an empty project; the prompts that were in it are still found by what they were called there. */
export async function removeProject(scope: Writer, name: string): Promise<void> {
  const id = await requireProject(scope, name);
  const inside = await scope.db
    .selectFrom('prompts')
    .select('name')
    .where('project_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (inside)
    throw new AppError('conflict', `The project "${name}" still has prompts, also counting archive and trash.`, {
      prompt: inside.name,
    });
  await keepFormerPaths(scope, id, name);
  await scope.db.deleteFrom('former_names').where('project_id', '=', id).execute();
  await scope.db.deleteFrom('former_projects').where('project_id', '=', id).execute();
  await scope.db.deleteFrom('projects').where('id', '=', id).execute();
  scope.audit({ action: 'project.remove', subject: id, details: { name } });
  scope.changed('projects', id, 'removed');
}

async function idOf({ db }: Reader, name: string): Promise<string | null> {
  const row = await db.selectFrom('projects').select('id').where('name', '=', name).executeTakeFirst();
  return row?.id ?? null;
}

async function assertIsFree(scope: Reader, name: string): Promise<void> {
  if ((await idOf(scope, name)) !== null)
    throw new AppError('conflict', `There is already a project named "${name}".`, { name });
}

async function requireProject(scope: Reader, name: string): Promise<string> {
  const id = await idOf(scope, name);
  if (id === null) throw new AppError('not_found', `There is no project named "${name}".`, { name });
  return id;
}
