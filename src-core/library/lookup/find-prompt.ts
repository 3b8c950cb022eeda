import type { Prompt } from '../../contract/prompts.ts';
import type { Database } from '../../ports.ts';
import { AppError } from '../../scope/errors.ts';
import { storedTexts } from '../../tables/stored-fields.ts';
import { loadDraft } from '../drafts/drafts.ts';
import { selectPrompts, toPromptSummary } from '../stored/prompt-rows.ts';
import { countTags } from '../stored/tags.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';

export async function loadPrompt(database: Database, id: string): Promise<Prompt> {
  const row = await selectPrompts(database).where('prompts.id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.', {
      id,
    });
  const draft = await loadDraft(database, id);
  const hasTyped = Object.keys(draft.typed).some((path) => !isOfPrompt(path));
  const { snippet: _, ...summary } = toPromptSummary(row, { hasTyped });
  return { ...summary, draft };
}

/**
 * Finds by `name` or `project/name`; a name without project is looked for in every project, the default one first. A
 * name that nobody has any more means the prompt that had it last.
 */
export async function findPromptId(database: Database, name: string): Promise<string> {
  const id = (await idByName(database, 'prompts', name)) ?? (await idByName(database, 'former_names', name));
  if (id === null)
    throw new AppError('not_found', `There is no prompt named "${name}". "promptdev list" shows those that there are.`);
  return id;
}

async function idByName(database: Database, table: 'prompts' | 'former_names', name: string): Promise<string | null> {
  const current = database
    .selectFrom('prompts')
    .select(['prompts.id', 'prompts.project', 'prompts.name'])
    .where('prompts.status', '!=', 'trashed');
  const former = database
    .selectFrom('former_names')
    .innerJoin('prompts', 'prompts.id', 'former_names.prompt_id')
    .select(['prompts.id', 'former_names.project', 'former_names.name'])
    .where('prompts.status', '!=', 'trashed');
  const named = database.selectFrom((table === 'prompts' ? current : former).as('named')).selectAll();
  const rows = await named.where('named.name', '=', name).orderBy('named.project').execute();
  const found = rows.find((row) => row.project === 'default') ?? rows[0];
  const slash = name.indexOf('/');
  if (found || slash < 0) return found?.id ?? null;
  const qualified = await named
    .where('named.project', '=', name.slice(0, slash))
    .where('named.name', '=', name.slice(slash + 1))
    .executeTakeFirst();
  return qualified?.id ?? null;
}

export async function listTags(database: Database): Promise<{ tag: string; count: number }[]> {
  const rows = await database
    .selectFrom('prompts')
    .select('tags')
    .where('status', '=', 'active')
    .where('tags', '!=', '[]')
    .execute();
  return countTags(rows.map(({ tags }) => storedTexts(tags)));
}
