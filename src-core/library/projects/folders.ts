import { sql } from 'kysely';
import type { contract } from '../../contract/index.ts';
import type { PromptSummary } from '../../contract/prompts.ts';
import { promptNameSchema } from '../../contract/shared.ts';
import { createSignal, sleep } from '../../follow.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError, toAppError } from '../../scope/errors.ts';
import type { Call, ServiceOf } from '../../scope/service.ts';
import { type NewName, renamePrompts } from '../prompts/rename-prompt.ts';

type Operations = ServiceOf<typeof contract.library>;
type Folder = Awaited<ReturnType<Operations['folders']>>[number];
type FolderMove = Parameters<Operations['moveFolder']>[0];
type FolderMoveEvent = Awaited<ReturnType<ReturnType<Operations['moveFolder']>['next']>>['value'];

/** The top level (''), then every folder by name. */
export async function listFolders(
  database: Database,
  status: PromptSummary['status'],
  project: string | undefined,
): Promise<Folder[]> {
  // All but the last part of a name, "/" included.
  const folder = sql<string>`rtrim(name, replace(name, '/', ''))`;
  let prompts = database.selectFrom('prompts').where('status', '=', status);
  if (project !== undefined) prompts = prompts.where('project', '=', project);
  const rows = await prompts
    .select((eb) => [folder.as('folder'), eb.fn.countAll<number>().as('count')])
    .groupBy(folder)
    .execute();
  const folders = new Map<string, Folder>([['', { folder: '', prompts: 0, direct: 0 }]]);
  for (const row of rows) {
    const path = row.folder.replace(/\/$/, '');
    const count = Number(row.count);
    for (const above of [...foldersAbove(path), path]) {
      const known = folders.get(above) ?? { folder: above, prompts: 0, direct: 0 };
      const direct = known.direct + (above === path ? count : 0);
      folders.set(above, { folder: above, prompts: known.prompts + count, direct });
    }
  }
  return [...folders.values()].sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0));
}

/** As in '', `a`, `a/b` for `a/b/c`. */
function foldersAbove(path: string): readonly string[] {
  if (path === '') return [];
  const parts = path.split('/');
  return parts.map((_, depth) => parts.slice(0, depth).join('/'));
}

/** Ids of the prompts in a folder and below, whatever their status. */
export async function promptsIn(database: Database, folder: string, project: string | undefined): Promise<string[]> {
  return (await membersOf(database, folder, project)).map(({ id }) => id);
}

async function membersOf(database: Database, folder: string, project: string | undefined) {
  let members = database.selectFrom('prompts').select(['id', 'name']);
  // The character after "/" bounds the range.
  if (folder !== '') members = members.where('name', '>=', `${folder}/`).where('name', '<', `${folder}0`);
  if (project !== undefined) members = members.where('project', '=', project);
  return members.execute();
}

/** Gives every prompt in a folder its new name, all or none; ends with what was changed. */
export async function* moveFolder(
  core: LibraryCore,
  move: FolderMove,
  { clientId, signal }: Call,
): AsyncGenerator<FolderMoveEvent> {
  const events: FolderMoveEvent[] = [];
  const news = createSignal();
  let failure: AppError | null = null;
  let isOver = false;
  let isLeft = false;
  const tell = (event: FolderMoveEvent) => {
    events.push(event);
    news.wake();
  };
  const work = core.database.transaction().execute(async (trx) => {
    const names = await newNames(trx, move);
    const onProgress = async (done: number, total: number) => {
      tell({ kind: 'progress', done, total });
      // The event gets out, and whoever wants to cancel gets a word in.
      await sleep(0);
      if (isLeft || signal?.aborted) throw new AppError('cancelled', 'The folder was not moved.');
    };
    const { rewriteIncludes } = move;
    const rewritten = await renamePrompts(core, trx, names, { rewriteIncludes, now: core.clock.now(), onProgress });
    return { moved: names.map(({ id }) => id), rewritten: rewritten.map(({ promptId }) => promptId) };
  });
  void work
    .then(
      (changed) => {
        core.changes.publish('prompts', [], clientId);
        tell({ kind: 'done', ...changed });
      },
      (error: unknown) => {
        failure = toAppError(error);
      },
    )
    .finally(() => {
      isOver = true;
      news.wake();
    });
  try {
    while (!isOver || events.length > 0) {
      for (const event of events.splice(0)) yield event;
      if (!isOver) await news.wait(undefined);
    }
  } finally {
    isLeft = true;
  }
  if (failure !== null) throw failure;
}

/** In an order in which no name is taken by a prompt that is still to be moved. */
async function newNames(trx: Database, { from, to, project, only }: FolderMove): Promise<readonly NewName[]> {
  if (from === to) return [];
  const kept = only && new Set(only);
  const members = (await membersOf(trx, from, project)).filter(({ id }) => kept?.has(id) ?? true);
  if (members.length === 0)
    throw new AppError('not_found', `There is no prompt in a folder "${from}".`, { folder: from });
  const deeper = from === '' || to.startsWith(`${from}/`);
  const ordered = members.toSorted((a, b) => (deeper ? b.name.length - a.name.length : a.name.length - b.name.length));
  return ordered.map(({ id, name }) => ({ id, name: nameIn(to, from === '' ? name : name.slice(from.length + 1)) }));
}

function nameIn(folder: string, rest: string): string {
  const name = folder === '' ? rest : `${folder}/${rest}`;
  const problem = promptNameSchema.safeParse(name).error?.issues[0]?.message;
  if (problem === undefined) return name;
  throw new AppError('invalid', `"${name}" cannot be a name: ${problem}`, { name });
}
