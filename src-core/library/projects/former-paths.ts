import type { Reader, Writer } from '../../scope/scope.ts';
import { inChunks } from '../../turns.ts';

/** A name that a prompt is to be found by, in the project that the prompt is in. */
interface FormerName {
  readonly project_id: string;
  readonly name: string;
  readonly prompt_id: string;
}

/** Rows that one statement is given; databases bound the number of its parameters. */
const rowsAtOnce = 200;

/**
 * Before a project is removed: its former names, also those with one of its own names before them, become former names
 * in the projects that the prompts are in now. A former name such as "shop/greet" is found like any other with a "/".
 */
export async function keepFormerPaths(scope: Writer, projectId: string, projectName: string): Promise<void> {
  const rows = await formerNamesIn(scope, projectId);
  if (rows.length === 0) return;
  // What the project of today remembers by the name alone goes first.
  await insertFormerNames(scope, rows, 'keep');
  const former = await scope.db
    .selectFrom('former_projects')
    .select('name')
    .where('project_id', '=', projectId)
    .execute();
  for (const name of new Set([...former.map((row) => row.name), projectName]))
    await insertFormerNames(scope, withProject(rows, name), 'replace');
}

/**
 * Before another project leaves the name `name`: what is in the project that left it earlier, or was in it, stays found
 * by that name, since from now on it means the other project.
 */
export async function keepPathsOfFormer(scope: Writer, name: string, exceptId: string): Promise<void> {
  const former = await scope.db
    .selectFrom('former_projects')
    .select('project_id')
    .where('name', '=', name)
    .where('project_id', '!=', exceptId)
    .executeTakeFirst();
  if (!former) return;
  const current = await scope.db
    .selectFrom('prompts')
    .select(['project_id', 'name', 'id as prompt_id'])
    .where('project_id', '=', former.project_id)
    .execute();
  await insertFormerNames(scope, withProject(await formerNamesIn(scope, former.project_id), name), 'replace');
  await insertFormerNames(scope, withProject(current, name), 'replace');
}

/** The former names in a project, each with the project that its prompt is in now. */
function formerNamesIn({ db }: Reader, projectId: string): Promise<FormerName[]> {
  return db
    .selectFrom('former_names')
    .innerJoin('prompts', 'prompts.id', 'former_names.prompt_id')
    .select(['prompts.project_id', 'former_names.name', 'former_names.prompt_id'])
    .where('former_names.project_id', '=', projectId)
    .execute();
}

function withProject(rows: readonly FormerName[], project: string): readonly FormerName[] {
  return rows.map((row) => ({ ...row, name: `${project}/${row.name}` }));
}

async function insertFormerNames(scope: Writer, rows: readonly FormerName[], taken: 'keep' | 'replace'): Promise<void> {
  for (const some of inChunks(rows, rowsAtOnce))
    await scope.db
      .insertInto('former_names')
      .values(some)
      .onConflict((conflict) => {
        const columns = conflict.columns(['project_id', 'name']);
        return taken === 'keep'
          ? columns.doNothing()
          : columns.doUpdateSet((eb) => ({ prompt_id: eb.ref('excluded.prompt_id') }));
      })
      .execute();
}
