import { normaliseContent } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { contract } from '../../contract/index.ts';
import type { TypedTexts } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { findEntry } from '../drafts/draft-journal.ts';
import { createStepLister, type StepLister } from '../drafts/draft-steps.ts';
import {
  blankContent,
  createDraft,
  goToStep,
  loadDraft,
  loadDraftContent,
  loadDraftMark,
  stepDraft,
  writeDraft,
} from '../drafts/drafts.ts';
import { findPromptId, listTags, loadPrompt } from '../lookup/find-prompt.ts';
import { loadContent, parseContent } from '../stored/contents.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { tagsOfOne } from '../stored/tags.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';
import { assertNotIncluded } from '../usages/usages.ts';
import { indexPrompt } from './change-prompt.ts';
import { loadIncludes } from './includes.ts';
import { listPrompts, summarisePrompts } from './list-prompts.ts';
import { assertNameIsFree, ensureProject, freeCopyName, insertPrompt, updateMetadata } from './prompt-metadata.ts';
import { purgePrompt } from './purge-prompt.ts';
import { renderFromLibrary } from './render-from-library.ts';

export type PromptsService = ServiceOf<typeof contract.prompts>;

export function createPromptsService(): PromptsService {
  const steps = createStepLister();
  return { ...createMetadataOperations(steps), ...createDraftOperations(steps) };
}

type DraftOperation =
  | 'saveDraft'
  | 'undoDraft'
  | 'redoDraft'
  | 'discardDraft'
  | 'draftSteps'
  | 'draftStep'
  | 'goToStep'
  | 'includes'
  | 'render';

function createMetadataOperations(steps: StepLister): Omit<PromptsService, DraftOperation> {
  return {
    list: (input, scope) => listPrompts(scope, input),
    summaries: ({ ids }, scope) => summarisePrompts(scope, ids),
    tags: (_, scope) => listTags(scope),
    get: ({ id }, scope) => loadPrompt(scope, id),
    async find({ name }, scope) {
      return loadPrompt(scope, await findPromptId(scope, name));
    },
    async create({ content, project, ...metadata }, scope) {
      const id = newId();
      const projectId = await ensureProject(scope, project);
      await assertNameIsFree(scope, projectId, metadata.name, null);
      const body = normaliseContent(content ?? blankContent);
      await insertPrompt(scope, { ...metadata, id, projectId });
      await createDraft(scope, id, body, null);
      await indexPrompt(scope, id, body);
      return loadPrompt(scope, id);
    },
    async update({ id, changes }, scope) {
      if (changes.name !== undefined) {
        const { project_id } = await requirePrompt(scope, id);
        await assertNameIsFree(scope, project_id, changes.name, id);
      }
      await updateMetadata(scope, id, changes);
      await indexPrompt(scope, id);
      return loadPrompt(scope, id);
    },
    async duplicate({ id, name, content, typed }, scope) {
      const source = await requirePrompt(scope, id);
      const copyName = name ?? (await freeCopyName(scope, source.project_id, source.name));
      await assertNameIsFree(scope, source.project_id, copyName, null);
      const copyId = newId();
      await insertPrompt(scope, {
        ...source,
        id: copyId,
        projectId: source.project_id,
        name: copyName,
        title: source.title && `${source.title} (copy)`,
        tags: await tagsOfOne(scope, id),
        source: 'human',
      });
      const draft = await loadDraft(scope, id);
      const texts = ofContent(typed ?? (content === undefined ? draft.typed : {}));
      await createDraft(scope, copyId, content ?? draft.content, null, texts);
      await indexPrompt(scope, copyId, content ?? draft.content);
      return loadPrompt(scope, copyId);
    },
    async setStatus({ ids, status, force }, scope) {
      if (status === 'trashed' && !force) await assertNotIncluded(scope, ids);
      for (const id of ids) await updateMetadata(scope, id, { status });
      return { ok: true };
    },
    async purge({ ids }, scope) {
      for (const id of ids) await purgePrompt(scope, id);
      scope.erase();
      steps.forget();
      return { ok: true };
    },
  };
}

function createDraftOperations(steps: StepLister): Pick<PromptsService, DraftOperation> {
  const changeDraft = async (scope: Writer, id: string, work: () => Promise<void>) => {
    await work();
    const draft = await loadDraft(scope, id);
    if (!scope.actor.isShared) await indexPrompt(scope, id, draft.content);
    return draft;
  };

  return {
    async saveDraft({ id, revision, baseVersionId, content = null, typed, ownStep }, scope) {
      await writeDraft(scope, id, content, { revision, baseVersionId, coalesce: !ownStep, typed });
      if (content !== null && !scope.actor.isShared) await indexPrompt(scope, id, content);
      return loadDraftMark(scope, id);
    },
    undoDraft: ({ id }, scope) => changeDraft(scope, id, () => stepDraft(scope, id, 'undo')),
    redoDraft: ({ id }, scope) => changeDraft(scope, id, () => stepDraft(scope, id, 'redo')),
    goToStep: ({ id, step }, scope) => changeDraft(scope, id, () => goToStep(scope, id, step)),
    discardDraft: ({ id }, scope) =>
      changeDraft(scope, id, async () => {
        const base = (await loadDraft(scope, id)).baseVersion;
        if (base === null)
          throw new AppError(
            'invalid',
            'There is no saved version to return to. Save one first, or undo step by step.',
          );
        const content = await loadContent(scope, base.hash);
        await writeDraft(scope, id, content, { revision: null, coalesce: false, merged: null, typed: {} });
      }),
    draftSteps: steps.list,
    async draftStep({ id, step }, scope) {
      const { content, created_at: at } = await findEntry(scope, id, step);
      return { content: parseContent(content), at };
    },
    includes: ({ names }, scope) => loadIncludes(scope, names),
    async render({ id, content, inputs, strict }, scope) {
      return renderFromLibrary(includesIn(scope), await chosen(scope, id, content), inputs, undefined, strict);
    },
  };
}

async function chosen(scope: Reader, id: string | undefined, content: PromptContent | undefined) {
  if (content) return content;
  if (!id) throw new AppError('invalid', 'Give the id of a prompt or a content to render.');
  return loadDraftContent(scope, id);
}

function includesIn(scope: Reader) {
  return (names: readonly string[]) => loadIncludes(scope, names);
}

/** A copy has a name and a title of its own. */
function ofContent(typed: TypedTexts): TypedTexts {
  return Object.fromEntries(Object.entries(typed).filter(([path]) => !isOfPrompt(path)));
}
