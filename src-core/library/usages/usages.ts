import type { Expression, ExpressionBuilder } from 'kysely';
import { includedNames } from '../../content/templates/includes-of.ts';
import { parseVersionRef } from '../../content/version-ref.ts';
import type { Usage } from '../../contract/library.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader } from '../../scope/scope.ts';
import { hasText } from '../../tables/matching.ts';
import { isStoredId, storedText } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import { inChunks } from '../../turns.ts';
import { findPromptId } from '../lookup/find-prompt.ts';

/** More names than this are looked for by reading. */
const maxNamesAsked = 50;

/** Tells which prompt an include means; null when it means none. */
export type ResolveInclude = (name: string) => Promise<string | null>;

/** Resolves each name once; good for the length of a transaction. */
export function createIncludeResolver(scope: Reader): ResolveInclude {
  const known = new Map<string, Promise<string | null>>();
  return (name) => {
    const promise = known.get(name) ?? resolveInclude(scope, name);
    known.set(name, promise);
    return promise;
  };
}

/** The prompts that include any of `targets` in their draft or latest version, by name; trashed ones do not count. */
export async function findUsages(scope: Reader, targets: readonly string[]): Promise<readonly Usage[]> {
  const wanted = new Set(targets);
  const resolve = createIncludeResolver(scope);
  const names = await namesOf(scope, targets);
  const mayMean = (include: string) => {
    const [name = ''] = include.split('@');
    return names.has(name) || names.has(name.slice(name.indexOf('/') + 1));
  };
  // The index knows who says a name; for very many names, reading every text is faster than asking it.
  const sayers = names.size > maxNamesAsked ? null : await scope.search.promptsSaying([...names]);
  const usages = new Map<string, Usage>();
  for (const place of ['inDraft', 'inLatest'] as const) {
    // Where others work too, the index knows no drafts; those of one person are few.
    const among = place === 'inDraft' && scope.actor.isShared ? null : sayers;
    for (const row of await includers(scope, place, among)) {
      const includes: string[] = [];
      for (const name of namesIn(row.body).filter(mayMean)) {
        const id = await resolve(name);
        if (id !== null && id !== row.promptId && wanted.has(id)) includes.push(name);
      }
      if (includes.length === 0) continue;
      const { promptId } = row;
      if (!isStoredId(promptId)) continue;
      const [project, name, title] = [row.project, row.name, row.title].map(storedText) as [string, string, string];
      const known = usages.get(promptId) ?? { promptId, project, name, title, inDraft: false, inLatest: false, as: [] };
      usages.set(promptId, { ...known, [place]: true, as: [...new Set([...known.as, ...includes])] });
    }
  }
  return [...usages.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** All names that the prompts have or had, without project. */
async function namesOf(scope: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const some of inChunks(ids, idsAtOnce)) {
    const current = await scope.db.selectFrom('prompts').select('name').where('id', 'in', some).execute();
    const former = await scope.db.selectFrom('former_names').select('name').where('prompt_id', 'in', some).execute();
    for (const row of [...current, ...former]) names.add(storedText(row.name));
  }
  return names;
}

/** Refuses to take away what others include. */
export async function assertNotIncluded(scope: Reader, ids: readonly string[]): Promise<void> {
  const leaving = new Set(ids);
  const users = (await findUsages(scope, ids)).filter((usage) => !leaving.has(usage.promptId));
  if (users.length === 0) return;
  const names = users.map((usage) => usage.name);
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  throw new AppError(
    'conflict',
    `Others include what you are about to delete: ${shown}. They would no longer render.`,
    {
      usedBy: names,
    },
  );
}

/** None where what is stored cannot be read; checking all of it would take longer than looking for names. */
function namesIn(body: string): readonly string[] {
  try {
    return includedNames(JSON.parse(body));
  } catch {
    return [];
  }
}

async function resolveInclude(scope: Reader, name: string): Promise<string | null> {
  try {
    return await findPromptId(scope, parseVersionRef(name).name);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid')) return null;
    throw error;
  }
}

interface Includer {
  readonly promptId: string;
  readonly project: string;
  readonly name: string;
  readonly title: string;
  readonly body: string;
}

/** Contents that may include something, of these prompts or of all: parsing the rest would cost more than all else here. */
async function includers(
  scope: Reader,
  place: 'inDraft' | 'inLatest',
  promptIds: readonly string[] | null,
): Promise<readonly Includer[]> {
  if (promptIds === null) return selectIncluders(scope, place, null);
  const found: Includer[] = [];
  for (const ids of inChunks(promptIds, idsAtOnce)) found.push(...(await selectIncluders(scope, place, ids)));
  return found;
}

function selectIncluders(
  { db, actor }: Reader,
  place: 'inDraft' | 'inLatest',
  promptIds: readonly string[] | null,
): Promise<readonly Includer[]> {
  const named = ['prompts.id as promptId', 'projects.name as project', 'prompts.name', 'prompts.title'] as const;
  const prompts = db
    .selectFrom('prompts')
    .innerJoin('projects', 'projects.id', 'prompts.project_id')
    .where('prompts.status', '!=', 'trashed')
    .$if(promptIds !== null, (query) => query.where('prompts.id', 'in', promptIds ?? []));
  if (place === 'inDraft')
    return prompts
      .innerJoin('drafts', 'drafts.prompt_id', 'prompts.id')
      .innerJoin('draft_entries', 'draft_entries.id', 'drafts.entry_id')
      .select([...named, 'draft_entries.content as body'])
      .where('drafts.person_id', '=', actor.personId)
      .where((eb) => mayInclude(eb, eb.ref('draft_entries.content')))
      .execute();
  return prompts
    .innerJoin('versions', 'versions.id', 'prompts.latest_version_id')
    .innerJoin('contents', 'contents.hash', 'versions.content_hash')
    .select([...named, 'contents.body as body'])
    .where((eb) => mayInclude(eb, eb.ref('contents.body')))
    .execute();
}

/** Ids that one statement is given; databases bound the number of its parameters. */
const idsAtOnce = 500;

const includingWords = ['include', 'extends', 'import', 'from', 'render', 'layout'];

function mayInclude<Table extends keyof Tables>(eb: ExpressionBuilder<Tables, Table>, body: Expression<string>) {
  return eb.and([hasText(body, '{%'), eb.or(includingWords.map((word) => hasText(body, word)))]);
}
