import type { contract } from '../../contract/index.ts';
import type { PromptSummary } from '../../contract/prompts.ts';
import { promptNameSchema } from '../../contract/shared.ts';
import { createSignal, sleep } from '../../follow.ts';
import { AppError, toAppError } from '../../scope/errors.ts';
import type { Reader, Session } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { storedText } from '../../tables/stored-fields.ts';
import { type NewName, renamePrompts } from '../prompts/rename-prompt.ts';

type Operations = ServiceOf<typeof contract.library>;
type Folder = Awaited<ReturnType<Operations['folders']>>[number];
type FolderMove = Parameters<Operations['moveFolder']>[0];
type FolderMoveEvent = Awaited<ReturnType<Awaited<ReturnType<Operations['moveFolder']>>['next']>>['value'];

/** The top level (''), then every folder by name. */
export async function listFolders(
  scope: Reader,
  status: PromptSummary['status'],
  project: string | undefined,
): Promise<Folder[]> {
  const rows = await promptsOf(scope, project)
    .select((eb) => ['prompts.folder', eb.fn.countAll<number>().as('count')])
    .where('prompts.status', '=', status)
    .groupBy('prompts.folder')
    .execute();
  const folders = new Map<string, Folder>([['', { folder: '', prompts: 0, direct: 0 }]]);
  for (const row of rows) {
    const path = storedText(row.folder);
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

/** The prompts of a project, or of all. */
function promptsOf({ db }: Reader, project: string | undefined) {
  const prompts = db.selectFrom('prompts');
  if (project === undefined) return prompts;
  const named = db.selectFrom('projects').select('projects.id').where('projects.name', '=', project);
  return prompts.where('prompts.project_id', 'in', named);
}

/** Ids of the prompts in a folder and below, whatever their status. */
export async function promptsIn(scope: Reader, folder: string, project: string | undefined): Promise<string[]> {
  return (await membersOf(scope, folder, project)).map(({ id }) => id);
}

async function membersOf(scope: Reader, folder: string, project: string | undefined) {
  let members = promptsOf(scope, project).select(['prompts.id', 'prompts.name']);
  // The character after "/" bounds the range.
  if (folder !== '')
    members = members.where('prompts.name', '>=', `${folder}/`).where('prompts.name', '<', `${folder}0`);
  return members.execute();
}

/** Gives every prompt in a folder its new name, all or none; ends with what was changed. */
export async function* moveFolder(session: Session, move: FolderMove): AsyncGenerator<FolderMoveEvent> {
  const events: FolderMoveEvent[] = [];
  const news = createSignal();
  let failure: AppError | null = null;
  let isOver = false;
  let isLeft = false;
  const tell = (event: FolderMoveEvent) => {
    events.push(event);
    news.wake();
  };
  const work = session.write(async (scope) => {
    const names = await newNames(scope, move);
    const onProgress = async (done: number, total: number) => {
      tell({ kind: 'progress', done, total });
      // The event gets out, and whoever wants to cancel gets a word in.
      await sleep(0);
      if (isLeft || session.signal?.aborted) throw new AppError('cancelled', 'The folder was not moved.');
    };
    const rewritten = await renamePrompts(scope, names, { rewriteIncludes: move.rewriteIncludes, onProgress });
    return { moved: names.map(({ id }) => id), rewritten: rewritten.map(({ promptId }) => promptId) };
  });
  void work
    .then(
      (changed) => tell({ kind: 'done', ...changed }),
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
async function newNames(scope: Reader, { from, to, project, only }: FolderMove): Promise<readonly NewName[]> {
  if (from === to) return [];
  const kept = only && new Set(only);
  const members = (await membersOf(scope, from, project)).filter(({ id }) => kept?.has(id) ?? true);
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
