import type { contract } from '../../contract/index.ts';
import { maxTags } from '../../contract/prompts.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { storedTexts } from '../../tables/stored-fields.ts';
import { loadPrompt } from '../lookup/find-prompt.ts';
import { listFolders, moveFolder, promptsIn } from '../projects/folders.ts';
import { createProject, listProjects, removeProject, renameProject } from '../projects/projects.ts';
import { changePrompts } from '../prompts/change-prompt.ts';
import { assertNameIsFree, ensureProject, updateMetadata } from '../prompts/prompt-metadata.ts';
import { renamePrompts } from '../prompts/rename-prompt.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { distinctTags, hasTag } from '../stored/tags.ts';
import { findUsages } from '../usages/usages.ts';
import { searchLibrary } from './search-library.ts';

export type LibraryService = ServiceOf<typeof contract.library>;

export function createLibraryService(core: LibraryCore): LibraryService {
  const { database, clock, changes } = core;
  return {
    projects: () => listProjects(database),
    async createProject({ name }, { clientId }) {
      await createProject(database, name, clock.now());
      changes.publish('prompts', [], clientId);
      return { ok: true };
    },
    async renameProject({ from, to }, { clientId }) {
      await database.transaction().execute((trx) => renameProject(core, trx, from, to, clock.now()));
      changes.publish('prompts', [], clientId);
      return { ok: true };
    },
    async removeProject({ name }, { clientId }) {
      await removeProject(database, name);
      changes.publish('prompts', [], clientId);
      return { ok: true };
    },
    async moveToProject({ ids, project }, { clientId }) {
      await changePrompts(core, ids, clientId, async (trx, now) => {
        await ensureProject(trx, project, now);
        for (const id of ids) {
          await assertNameIsFree(trx, project, (await requirePrompt(trx, id)).name, id);
          await updateMetadata(core, trx, id, { project }, now);
        }
      });
      return { ok: true };
    },
    folders: ({ project, status }) => listFolders(database, status, project),
    search: (input) => searchLibrary(core, input),
    async whereUsed({ id }) {
      await requirePrompt(database, id);
      return [...(await findUsages(core, database, [id]))];
    },
    async rename({ id, ...rename }, { clientId }) {
      const { name, rewriteIncludes } = rename;
      const rewritten = await changePrompts(core, [id], clientId, (trx, now) =>
        renamePrompts(core, trx, [{ id, name }], { rewriteIncludes, now }),
      );
      if (rewritten.length > 0) {
        const others = rewritten.map(({ promptId }) => promptId);
        changes.publish('prompts', others, clientId);
      }
      return { prompt: await loadPrompt(database, id), rewritten };
    },
    moveFolder: (move, call) => moveFolder(core, move, call),
    async folderUsedBy({ folder, project }) {
      const ids = await promptsIn(database, folder, project);
      return ids.length === 0 ? [] : [...(await findUsages(core, database, ids))];
    },
    async tag({ ids, add, remove }, { clientId }) {
      const changed: string[] = [];
      await changePrompts(core, ids, clientId, async (trx, now) => {
        for (const id of ids) {
          const tags = storedTexts((await requirePrompt(trx, id)).tags);
          const kept = tags.filter((tag) => !hasTag(remove, tag));
          const fresh = distinctTags([...kept, ...add]);
          if (fresh.length > maxTags)
            throw new AppError(
              'invalid',
              `A prompt has at most ${maxTags} tags; one of these would have ${fresh.length}.`,
            );
          if (fresh.join('\n') === tags.join('\n')) continue;
          changed.push(id);
          await updateMetadata(core, trx, id, { tags: fresh }, now);
        }
      });
      return { changed };
    },
  };
}
