import { normaliseContent } from '../../content/hash-content.ts';
import { contentSchema, type PromptContent } from '../../contract/content.ts';
import type { contract } from '../../contract/index.ts';
import type { TypedTexts } from '../../contract/prompts.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import type { Call, ServiceOf } from '../../scope/service.ts';
import { findEntry } from '../drafts/draft-journal.ts';
import { createStepLister, type StepLister } from '../drafts/draft-steps.ts';
import { createDraft, goToStep, loadDraft, loadDraftContent, stepDraft, writeDraft } from '../drafts/drafts.ts';
import { findPromptId, listTags, loadPrompt } from '../lookup/find-prompt.ts';
import { loadContent, parseContent } from '../stored/contents.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { isOfPrompt } from '../stored/typed-paths.ts';
import { assertNotIncluded } from '../usages/usages.ts';
import { changePrompts } from './change-prompt.ts';
import { loadIncludes } from './includes.ts';
import { listPrompts } from './list-prompts.ts';
import { assertNameIsFree, freeCopyName, insertPrompt, updateMetadata } from './prompt-metadata.ts';
import { purgePrompt } from './purge-prompt.ts';
import { renderFromLibrary } from './render-from-library.ts';

export type PromptsService = ServiceOf<typeof contract.prompts>;

/** What a new prompt starts with: something that runs and shows what an input is. */
export const blankContent: PromptContent = contentSchema.parse({ messages: [{ role: 'user', content: '' }] });

export function createPromptsService(core: LibraryCore): PromptsService {
  const steps = createStepLister(core.database, core.clock.now);
  return { ...createMetadataOperations(core, steps), ...createDraftOperations(core, steps) };
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

function createMetadataOperations(core: LibraryCore, steps: StepLister): Omit<PromptsService, DraftOperation> {
  const { database, clock, changes } = core;
  return {
    list: (input) => listPrompts(core, input),
    tags: () => listTags(database),
    get: ({ id }) => loadPrompt(database, id),
    async find({ name }) {
      return loadPrompt(database, await findPromptId(database, name));
    },
    async create({ content, ...metadata }, { clientId }) {
      const id = crypto.randomUUID();
      await changePrompts(core, [id], clientId, async (trx, now) => {
        await assertNameIsFree(trx, metadata.project, metadata.name, null);
        const body = normaliseContent(content ?? blankContent);
        await insertPrompt(trx, { ...metadata, id }, body, now);
        await createDraft(trx, id, body, null, now);
      });
      return loadPrompt(database, id);
    },
    async update({ id, changes: patch }, { clientId }) {
      await changePrompts(core, [id], clientId, async (trx, now) => {
        const { project } = await requirePrompt(trx, id);
        if (patch.name !== undefined) await assertNameIsFree(trx, project, patch.name, id);
        await updateMetadata(core, trx, id, patch, now);
      });
      return loadPrompt(database, id);
    },
    async duplicate({ id, name, content, typed }, { clientId }) {
      const copyId = crypto.randomUUID();
      await changePrompts(core, [copyId], clientId, async (trx, now) => {
        const source = await requirePrompt(trx, id);
        const copyName = name ?? (await freeCopyName(trx, source.project, source.name));
        await assertNameIsFree(trx, source.project, copyName, null);
        const fresh = { source: 'human', status: 'active', latest_version_id: null, created_at: now, updated_at: now };
        const title = source.title && `${source.title} (copy)`;
        await trx
          .insertInto('prompts')
          .values({ ...source, ...fresh, id: copyId, name: copyName, title })
          .execute();
        const draft = await loadDraft(trx, id);
        const texts = ofContent(typed ?? (content === undefined ? draft.typed : {}));
        await createDraft(trx, copyId, content ?? draft.content, null, now, texts);
      });
      return loadPrompt(database, copyId);
    },
    async setStatus({ ids, status, force }, { clientId }) {
      await database.transaction().execute(async (trx) => {
        if (status === 'trashed' && !force) await assertNotIncluded(core, trx, ids);
        for (const id of ids) await updateMetadata(core, trx, id, { status }, clock.now());
      });
      changes.publish('prompts', ids, clientId);
      return { ok: true };
    },
    async purge({ ids }, { clientId }) {
      await database.transaction().execute(async (trx) => {
        for (const id of ids) await purgePrompt(core, trx, id);
        await core.erasure.request(trx);
      });
      steps.forget();
      changes.publish('prompts', ids, clientId);
      return { ok: true };
    },
  };
}

function createDraftOperations(core: LibraryCore, steps: StepLister): Pick<PromptsService, DraftOperation> {
  const { database } = core;
  const lastWriters = new Map<string, string>();

  const changeDraft = async (id: string, call: Call, work: (trx: Database, now: string) => Promise<void>) => {
    await changePrompts(core, [id], call.clientId, work);
    return loadDraft(database, id);
  };

  return {
    saveDraft({ id, revision, content = null, typed, ownStep }, call) {
      // What one window writes never disappears into an undo step of another.
      const coalesce = !ownStep && lastWriters.get(id) === call.clientId;
      lastWriters.set(id, call.clientId);
      return changeDraft(id, call, (trx, now) => writeDraft(trx, id, content, { revision, now, coalesce, typed }));
    },
    undoDraft: ({ id }, call) => changeDraft(id, call, (trx, now) => stepDraft(trx, id, 'undo', now)),
    redoDraft: ({ id }, call) => changeDraft(id, call, (trx, now) => stepDraft(trx, id, 'redo', now)),
    goToStep: ({ id, step }, call) => changeDraft(id, call, (trx, now) => goToStep(trx, id, step, now)),
    discardDraft: ({ id }, call) =>
      changeDraft(id, call, async (trx, now) => {
        const base = (await loadDraft(trx, id)).baseVersion;
        if (base === null)
          throw new AppError(
            'invalid',
            'There is no saved version to return to. Save one first, or undo step by step.',
          );
        const content = await loadContent(trx, base.hash);
        await writeDraft(trx, id, content, { revision: null, now, coalesce: false, merged: null, typed: {} });
      }),
    draftSteps: steps.list,
    async draftStep({ id, step }) {
      const { content, created_at: at } = await findEntry(database, id, step);
      return { content: parseContent(content), at };
    },
    includes: ({ names }) => loadIncludes(database, names),
    async render({ id, content, inputs, strict }) {
      if (content) return renderFromLibrary(database, content, inputs, undefined, strict);
      if (!id) throw new AppError('invalid', 'Give the id of a prompt or a content to render.');
      return renderFromLibrary(database, await loadDraftContent(database, id), inputs, undefined, strict);
    },
  };
}

/** A copy has a name and a title of its own. */
const ofContent = (typed: TypedTexts): TypedTexts =>
  Object.fromEntries(Object.entries(typed).filter(([path]) => !isOfPrompt(path)));
