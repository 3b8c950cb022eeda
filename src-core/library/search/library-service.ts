import type { contract } from '../../contract/index.ts';
import { maxTags } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import type { Writer } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { loadPrompt } from '../lookup/find-prompt.ts';
import { listFolders, moveFolder, promptsIn } from '../projects/folders.ts';
import { createProject, listProjects, removeProject, renameProject } from '../projects/projects.ts';
import { indexPrompt } from '../prompts/change-prompt.ts';
import { assertNameIsFree, ensureProject, updateMetadata } from '../prompts/prompt-metadata.ts';
import { renamePrompts } from '../prompts/rename-prompt.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { distinctTags, hasTag, tagsOf } from '../stored/tags.ts';
import { findUsages } from '../usages/usages.ts';
import { searchLibrary } from './search-library.ts';

export type LibraryService = ServiceOf<typeof contract.library>;

export function createLibraryService(): LibraryService {
  return {
    projects: (_, scope) => listProjects(scope),
    async createProject({ name }, scope) {
      await createProject(scope, name);
      return { ok: true };
    },
    async renameProject({ from, to }, scope) {
      await renameProject(scope, from, to);
      return { ok: true };
    },
    async removeProject({ name }, scope) {
      await removeProject(scope, name);
      return { ok: true };
    },
    async moveToProject({ ids, project }, scope) {
      const projectId = await ensureProject(scope, project);
      for (const id of ids) {
        await assertNameIsFree(scope, projectId, (await requirePrompt(scope, id)).name, id);
        await updateMetadata(scope, id, { project });
      }
      return { ok: true };
    },
    folders: ({ project, status }, scope) => listFolders(scope, status, project),
    search: (input, scope) => searchLibrary(scope, input),
    async whereUsed({ id }, scope) {
      await requirePrompt(scope, id);
      return [...(await findUsages(scope, [id]))];
    },
    async rename({ id, name, rewriteIncludes }, scope) {
      const rewritten = await renamePrompts(scope, [{ id, name }], { rewriteIncludes });
      return { prompt: await loadPrompt(scope, id), rewritten };
    },
    moveFolder: (move, session) => moveFolder(session, move),
    async folderUsedBy({ folder, project }, scope) {
      const ids = await promptsIn(scope, folder, project);
      return ids.length === 0 ? [] : [...(await findUsages(scope, ids))];
    },
    tag: (input, scope) => changeTags(scope, input),
  };
}

async function changeTags(scope: Writer, { ids, add, remove }: Parameters<LibraryService['tag']>[0]) {
  const changed: string[] = [];
  const tagsByPrompt = await tagsOf(scope, ids);
  for (const id of ids) {
    const tags = tagsByPrompt.get(id) ?? [];
    const kept = tags.filter((tag) => !hasTag(remove, tag));
    const fresh = distinctTags([...kept, ...add]);
    if (fresh.length > maxTags)
      throw new AppError('invalid', `A prompt has at most ${maxTags} tags; one of these would have ${fresh.length}.`);
    if (fresh.join('\n') === tags.join('\n')) continue;
    changed.push(id);
    await updateMetadata(scope, id, { tags: fresh });
    await indexPrompt(scope, id);
  }
  return { changed };
}
