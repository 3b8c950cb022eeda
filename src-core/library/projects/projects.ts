import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import { storedText } from '../../tables/stored-fields.ts';
import { indexPrompt } from '../prompts/change-prompt.ts';
import { ensureProject, updateMetadata } from '../prompts/prompt-metadata.ts';

/** Every project with its number of prompts outside the trash, by name. */
export async function listProjects(database: Database): Promise<{ name: string; prompts: number }[]> {
  const rows = await database
    .selectFrom('projects')
    .leftJoin('prompts', (join) =>
      join.onRef('prompts.project', '=', 'projects.name').on('prompts.status', '!=', 'trashed'),
    )
    .select((eb) => ['projects.name', eb.fn.count<number>('prompts.id').as('prompts')])
    .groupBy('projects.name')
    .orderBy('projects.name')
    .execute();
  return rows.map((row) => ({ name: storedText(row.name), prompts: Number(row.prompts) }));
}

export async function createProject(database: Database, name: string, now: string): Promise<void> {
  if (await projectExists(database, name))
    throw new AppError('conflict', `There is already a project named "${name}".`, { name });
  await ensureProject(database, name, now);
}

/** Renames a project with all prompts in it, also archived and trashed ones. */
export async function renameProject(
  core: LibraryCore,
  trx: Database,
  from: string,
  to: string,
  now: string,
): Promise<void> {
  if (from === to) return;
  await requireProject(trx, from);
  await createProject(trx, to, now);
  const prompts = await trx.selectFrom('prompts').select('id').where('project', '=', from).execute();
  for (const { id } of prompts) {
    await updateMetadata(core, trx, id, { project: to }, now);
    await indexPrompt(core, trx, id);
  }
  await trx.deleteFrom('projects').where('name', '=', from).execute();
}

export async function removeProject(database: Database, name: string): Promise<void> {
  await requireProject(database, name);
  const inside = await database
    .selectFrom('prompts')
    .select('name')
    .where('project', '=', name)
    .limit(1)
    .executeTakeFirst();
  if (inside)
    throw new AppError('conflict', `The project "${name}" still has prompts, also counting archive and trash.`, {
      prompt: inside.name,
    });
  await database.deleteFrom('projects').where('name', '=', name).execute();
}

async function projectExists(database: Database, name: string): Promise<boolean> {
  const row = await database.selectFrom('projects').select('name').where('name', '=', name).executeTakeFirst();
  return row !== undefined;
}

async function requireProject(database: Database, name: string): Promise<void> {
  if (!(await projectExists(database, name)))
    throw new AppError('not_found', `There is no project named "${name}".`, { name });
}
