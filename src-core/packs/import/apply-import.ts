import { hashContent } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { ImportAction } from '../../contract/packs.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { createDraft, loadState, writeDraft } from '../../library/drafts/drafts.ts';
import { moveLabel } from '../../library/labels/move-label.ts';
import { indexPrompt } from '../../library/prompts/change-prompt.ts';
import { ensureProject, freeCopyName, insertPrompt, updateMetadata } from '../../library/prompts/prompt-metadata.ts';
import { requirePrompt } from '../../library/stored/prompt-rows.ts';
import { saveVersion } from '../../library/versions/save-version.ts';
import { signatureOf } from '../../scope/authors.ts';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import type { Writer } from '../../scope/scope.ts';
import { storedObject } from '../../tables/stored-fields.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Planned } from './plan-import.ts';

/** What an import did to one prompt, as it is stored to be taken back. */
export interface DoneItem {
  readonly key: string;
  readonly name: string;
  readonly promptId: string;
  readonly action: Exclude<ImportAction, 'skip'>;
  /** Of the content that was imported; null where nobody's draft says so. */
  readonly hash: string;
  /** The step that the draft was at, and the version that was the newest; null for a prompt that was not there. */
  readonly entryBefore: string | null;
  readonly versionBefore: string | null;
  readonly versionAfter: string | null;
  /** It came back out of the trash. */
  readonly wasTrashed?: boolean;
}

export interface Applied {
  /** Null when nothing was to be done. */
  readonly id: string | null;
  readonly items: readonly { key: string; name: string; promptId: string | null; action: ImportAction }[];
}

/** Does what a plan says, in the order of its items; throws `invalid` for an action that does not suit its item. */
export async function applyImport(
  scope: Writer,
  planned: readonly Planned[],
  actions: Readonly<Record<string, ImportAction>>,
  { project, source }: { readonly project: string; readonly source: string },
): Promise<Applied> {
  const keys = new Set(planned.map(({ item }) => item.key));
  for (const key of Object.keys(actions))
    if (!keys.has(key))
      throw new AppError('conflict', `The plan has no item "${key}" any more. Look at the plan again.`, { key });
  const done: DoneItem[] = [];
  const items: Applied['items'][number][] = [];
  for (const { item, prompt } of planned) {
    const action = actions[item.key] ?? item.action;
    if (!item.actions.includes(action))
      throw new AppError(
        'conflict',
        `"${item.name}" is ${item.state} now, so "${action}" is not possible. Look at the plan again.`,
        {
          name: item.name,
        },
      );
    const result = await applyItem(scope, item, prompt, action, project);
    if (result !== null) done.push(result);
    items.push({ key: item.key, action, name: result?.name ?? item.name, promptId: result?.promptId ?? item.promptId });
  }
  if (done.length === 0) return { id: null, items };
  const id = await storeImport(scope, planned, done, source);
  return { id, items };
}

async function applyItem(
  scope: Writer,
  { key, name, promptId }: Planned['item'],
  prompt: ImportedPrompt,
  action: ImportAction,
  project: string,
): Promise<DoneItem | null> {
  const hash = hashContent(prompt.content);
  switch (action) {
    case 'skip':
      return null;
    case 'create':
    case 'keep-both': {
      const projectId = await ensureProject(scope, project);
      const free = action === 'create' ? name : await freeCopyName(scope, projectId, name);
      const id = await createPrompt(scope, prompt, { projectId, name: free, hash });
      const { latest_version_id: versionAfter } = await requirePrompt(scope, id);
      return { key, name: free, promptId: id, action, hash, entryBefore: null, versionBefore: null, versionAfter };
    }
    case 'new-version':
    case 'replace-draft': {
      const before = await requirePrompt(scope, promptId!);
      const wasTrashed = before.status === 'trashed';
      if (wasTrashed) await updateMetadata(scope, before.id, { status: 'active' });
      const { entry } = await loadState(scope, before.id);
      await writeDraft(scope, before.id, prompt.content, { revision: null, coalesce: false, typed: {} });
      if (action === 'new-version') await save(scope, before.id, noteOf(prompt));
      const metadata = { ...storedObject(before.metadata), ...withHash(prompt, hash) } as JsonObject;
      await updateMetadata(scope, before.id, { metadata });
      await indexPrompt(scope, before.id, prompt.content);
      const { latest_version_id: versionAfter } = await requirePrompt(scope, before.id);
      const state = { entryBefore: entry.id, versionBefore: before.latest_version_id, versionAfter, wasTrashed };
      return { key, name, promptId: before.id, action, hash, ...state };
    }
  }
}

interface NewPlace {
  readonly projectId: string;
  readonly name: string;
  readonly hash: string;
}

async function createPrompt(
  scope: Writer,
  prompt: ImportedPrompt,
  { projectId, name, hash }: NewPlace,
): Promise<string> {
  const id = newId();
  const { title, description, tags } = prompt;
  const rest = { type: 'chat', scope: 'user', owner: '', domain: '', source: 'file' };
  await insertPrompt(scope, {
    ...rest,
    id,
    projectId,
    name,
    title,
    description,
    tags,
    metadata: withHash(prompt, hash),
  });
  const versions = [...prompt.versions, { content: prompt.content, note: noteOf(prompt), labels: prompt.labels }];
  for (const [index, version] of versions.entries()) {
    await (index === 0 ? createDraft(scope, id, version.content, null) : rewrite(scope, id, version.content));
    const versionId = await save(scope, id, version.note);
    for (const label of version.labels)
      await moveLabel(scope, { promptId: id, name: label, reason: 'Imported', confirm: true }, versionId);
  }
  if (!prompt.active) await updateMetadata(scope, id, { status: 'archived' });
  await indexPrompt(scope, id, prompt.content);
  return id;
}

function rewrite(scope: Writer, id: string, content: PromptContent): Promise<void> {
  return writeDraft(scope, id, content, { revision: null, coalesce: false });
}

async function save(scope: Writer, promptId: string, note: string): Promise<string> {
  return (await saveVersion(scope, { promptId, note })).version.id;
}

function noteOf({ metadata }: ImportedPrompt): string {
  const { import: origin } = metadata;
  const format = typeof origin === 'object' && origin !== null && 'format' in origin ? String(origin.format) : '';
  return format === '' ? 'Imported' : `Imported from ${format}`;
}

/** Where it came from, with the hash of what it was then: the next import sees whether it was touched since. */
function withHash({ metadata }: ImportedPrompt, hash: string): JsonObject {
  const { import: origin } = metadata;
  const known = typeof origin === 'object' && origin !== null && !Array.isArray(origin) ? (origin as JsonObject) : {};
  return { ...metadata, import: { ...known, hash } };
}

async function storeImport(scope: Writer, planned: readonly Planned[], done: readonly DoneItem[], source: string) {
  const id = newId();
  const { author, author_id } = await signatureOf(scope);
  const formats = [...new Set(planned.map(({ item }) => item.format))];
  await scope.db
    .insertInto('imports')
    .values({
      ...{ id, author, author_id, source, formats: JSON.stringify(formats), prompts: done.length },
      ...{ created_at: scope.now, undone_at: null, items: JSON.stringify(done) },
    })
    .execute();
  scope.audit({ action: 'import', subject: id, details: { source, prompts: done.length } });
  scope.changed('imports', id);
  return id;
}
