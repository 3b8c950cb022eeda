import type { Prompt } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader } from '../../scope/scope.ts';
import { loadDraft } from '../drafts/drafts.ts';
import { noSuchPrompt, selectPrompts, toPromptSummary } from '../stored/prompt-rows.ts';
import { countTags, tagsOfOne } from '../stored/tags.ts';

export async function loadPrompt(scope: Reader, id: string): Promise<Prompt> {
  const [row] = await promptById(scope.db, { id, person: scope.actor.personId });
  if (!row) throw noSuchPrompt(id);
  const { snippet: _, ...summary } = toPromptSummary(row, { tags: await tagsOfOne(scope, id) });
  return { ...summary, draft: await loadDraft(scope, id) };
}

const promptById = prepared((db, value: ValueOf<{ id: string; person: string }>) =>
  selectPrompts(db, value('person')).where('prompts.id', '=', value('id')),
);

/**
 * Finds by `name` or `project/name`; a name without project is looked for in every project, the default one first, and
 * one with project in the project that has that name, then in the one that had it last. A name that nobody has any more
 * means the prompt that had it last.
 */
export async function findPromptId(scope: Reader, name: string): Promise<string> {
  const id = (await idByName(scope, 'prompts', name)) ?? (await idByName(scope, 'former_names', name));
  if (id === null)
    throw new AppError('not_found', `There is no prompt named "${name}". "promptdev list" shows those that there are.`);
  return id;
}

async function idByName(scope: Reader, table: 'prompts' | 'former_names', name: string): Promise<string | null> {
  const current = scope.db
    .selectFrom('prompts')
    .select(['prompts.id', 'prompts.project_id', 'prompts.name'])
    .where('prompts.status', '!=', 'trashed');
  const former = scope.db
    .selectFrom('former_names')
    .innerJoin('prompts', 'prompts.id', 'former_names.prompt_id')
    .select(['prompts.id', 'former_names.project_id', 'former_names.name'])
    .where('prompts.status', '!=', 'trashed');
  const named = scope.db
    .selectFrom((table === 'prompts' ? current : former).as('named'))
    .innerJoin('projects', 'projects.id', 'named.project_id')
    .select(['named.id', 'projects.name as project']);
  const rows = await named.where('named.name', '=', name).orderBy('projects.name').execute();
  const found = rows.find((row) => row.project === 'default') ?? rows[0];
  const slash = name.indexOf('/');
  if (found || slash < 0) return found?.id ?? null;
  for (const projectId of await projectIdsOf(scope, name.slice(0, slash))) {
    const qualified = await named
      .where('named.project_id', '=', projectId)
      .where('named.name', '=', name.slice(slash + 1))
      .executeTakeFirst();
    if (qualified) return qualified.id;
  }
  return null;
}

/** The project that has the name, and then the one that had it last. */
async function projectIdsOf({ db }: Reader, name: string): Promise<readonly string[]> {
  const current = await db.selectFrom('projects').select('id').where('name', '=', name).executeTakeFirst();
  const former = await db
    .selectFrom('former_projects')
    .select('project_id as id')
    .where('name', '=', name)
    .executeTakeFirst();
  return [current, former].flatMap((project) => (project ? [project.id] : []));
}

/** Every tag of the active prompts with its number of them, most used first. */
export async function listTags(scope: Reader): Promise<{ tag: string; count: number }[]> {
  const rows = await scope.db
    .selectFrom('prompt_tags')
    .innerJoin('prompts', 'prompts.id', 'prompt_tags.prompt_id')
    .select((eb) => ['prompt_tags.folded', 'prompt_tags.tag', eb.fn.countAll<number>().as('count')])
    .where('prompts.status', '=', 'active')
    .groupBy(['prompt_tags.folded', 'prompt_tags.tag'])
    .execute();
  return countTags(rows.map(({ folded, tag, count }) => ({ folded, tag, count: Number(count) })));
}
