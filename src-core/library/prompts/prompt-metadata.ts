import type { contract } from '../../contract/index.ts';
import { type Signature, signatureOf } from '../../scope/authors.ts';
import { AppError } from '../../scope/errors.ts';
import { newId } from '../../scope/ids.ts';
import { prepared, preparedWrite, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, Writer } from '../../scope/scope.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { startsWith } from '../../tables/matching.ts';
import { storedObject } from '../../tables/stored-fields.ts';
import { type PromptRow, requirePrompt } from '../stored/prompt-rows.ts';
import { distinctTags, replaceTags, tagsOfOne } from '../stored/tags.ts';

type Operations = ServiceOf<typeof contract.prompts>;

/** A prompt that is to be stored; `metadata` as JSON or as what it says. */
interface NewPrompt
  extends Pick<PromptRow, 'id' | 'name' | 'title' | 'description' | 'type' | 'scope' | 'owner' | 'domain' | 'source'> {
  readonly projectId: string;
  readonly tags: readonly string[];
  readonly metadata: string | Readonly<Record<string, unknown>>;
}

export async function insertPrompt(scope: Writer, prompt: NewPrompt): Promise<void> {
  const { id, projectId, name, title, description, type, scope: use, owner, domain, source, metadata } = prompt;
  await addPrompt(scope.db, {
    ...{ id, project_id: projectId, name, folder: folderOf(name), title, description, type, scope: use },
    ...{ owner, domain, source },
    metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    at: scope.now,
  });
  await replaceTags(scope, id, distinctTags(prompt.tags));
  scope.changed('prompts', id);
}

type Added = Omit<PromptRow, 'status' | 'latest_version_id' | 'revision' | 'created_at' | 'updated_at'> & {
  readonly at: string;
};

const addPrompt = preparedWrite((db, value: ValueOf<Added>) =>
  db.insertInto('prompts').values({
    ...{ id: value('id'), project_id: value('project_id'), name: value('name'), folder: value('folder') },
    ...{ title: value('title'), description: value('description'), type: value('type'), scope: value('scope') },
    ...{ owner: value('owner'), domain: value('domain'), source: value('source'), metadata: value('metadata') },
    status: 'active',
    latest_version_id: null,
    revision: 0,
    created_at: value('at'),
    updated_at: value('at'),
  }),
);

/** All of a name before its last "/"; '' without one. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** A project comes into being with its first prompt, and stays when the last one leaves; returns its id. */
export async function ensureProject(scope: Writer, name: string): Promise<string> {
  const [known] = await projectByName(scope.db, { name });
  if (known) return known.id;
  const id = newId();
  await scope.db
    .insertInto('projects')
    .values({ id, name, created_at: scope.now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  scope.changed('projects', id);
  return (await projectByName(scope.db, { name }))[0]?.id ?? id;
}

const projectByName = prepared((db, value: ValueOf<{ name: string }>) =>
  db.selectFrom('projects').select('id').where('name', '=', value('name')),
);

/** What of a prompt can be changed, and is recorded when it is. */
export type MetadataPatch = Parameters<Operations['update']>[0]['changes'] & {
  readonly project?: string;
  readonly status?: string;
};

/** Changes metadata and keeps who changed what from what to what (rule 1); a patch that changes nothing leaves no trace. */
export async function updateMetadata(scope: Writer, id: string, { ...patch }: MetadataPatch): Promise<void> {
  if (patch.tags !== undefined) patch.tags = distinctTags(patch.tags);
  const row = await requirePrompt(scope, id);
  const before: Readonly<Record<string, unknown>> = {
    ...row,
    project: patch.project === undefined ? '' : await projectName(scope, row.project_id),
    tags: patch.tags === undefined ? [] : await tagsOfOne(scope, id),
    metadata: storedObject(row.metadata),
  };
  const after: Readonly<Record<string, unknown>> = patch;
  const changed = Object.keys(patch).filter(
    (key) => after[key] !== undefined && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (changed.length === 0) return;
  const pick = (from: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.fromEntries(changed.map((key) => [key, from[key]])));
  const change = { id: newId(), prompt: id, before: pick(before), after: pick(after), at: scope.now };
  await addChange(scope.db, { ...change, ...(await signatureOf(scope)) });
  if (changed.includes('name') || changed.includes('project')) await keepFormerName(scope, row);
  const { tags, metadata, project, ...plain } = patch;
  if (tags !== undefined && changed.includes('tags')) await replaceTags(scope, id, tags);
  await updatePrompt(scope, row, {
    ...(Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Partial<PromptRow>),
    ...(plain.name !== undefined && { folder: folderOf(plain.name) }),
    ...(project !== undefined && { project_id: await ensureProject(scope, project) }),
    ...(metadata && { metadata: JSON.stringify(metadata) }),
    // Putting a prompt away and back leaves it where it was in the list.
    updated_at: patch.status === undefined ? scope.now : row.updated_at,
  });
}

interface NewChange extends Signature {
  readonly id: string;
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
  readonly at: string;
}

const addChange = preparedWrite((db, value: ValueOf<NewChange>) =>
  db.insertInto('prompt_changes').values({
    id: value('id'),
    prompt_id: value('prompt'),
    author: value('author'),
    author_id: value('author_id'),
    before: value('before'),
    after: value('after'),
    changed_at: value('at'),
  }),
);

/** One revision on, from the row that was looked at; throws `conflict` when another write came between. */
export async function updatePrompt(scope: Writer, row: PromptRow, change: Partial<PromptRow>): Promise<void> {
  const { numUpdatedRows } = await scope.db
    .updateTable('prompts')
    .set({ ...change, revision: row.revision + 1 })
    .where('id', '=', row.id)
    .where('revision', '=', row.revision)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n)
    throw new AppError('conflict', `"${row.name}" was changed by somebody else just now. Nothing was overwritten.`, {
      id: row.id,
    });
  scope.changed('prompts', row.id);
}

export async function projectName({ db }: Reader, id: string): Promise<string> {
  const project = await db.selectFrom('projects').select('name').where('id', '=', id).executeTakeFirst();
  return project?.name ?? '';
}

/** Versions are immutable, so what they include by an old name has to stay findable by it. */
async function keepFormerName(scope: Writer, { id, project_id, name }: PromptRow): Promise<void> {
  await scope.db
    .insertInto('former_names')
    .values({ project_id, name, prompt_id: id })
    .onConflict((conflict) => conflict.columns(['project_id', 'name']).doUpdateSet({ prompt_id: id }))
    .execute();
}

export async function assertNameIsFree(
  scope: Reader,
  projectId: string,
  name: string,
  self: string | null,
): Promise<void> {
  const [taken] = await promptByName(scope.db, { project: projectId, name });
  if (!taken || taken.id === self) return;
  const where = taken.status === 'active' ? '' : ` It is in the ${taken.status === 'trashed' ? 'trash' : 'archive'}.`;
  throw new AppError('conflict', `There is already a prompt named "${name}".${where} Choose another name.`, { name });
}

const promptByName = prepared((db, value: ValueOf<{ project: string; name: string }>) =>
  db
    .selectFrom('prompts')
    .select(['id', 'status'])
    .where('project_id', '=', value('project'))
    .where('name', '=', value('name')),
);

export async function freeCopyName(scope: Reader, projectId: string, name: string): Promise<string> {
  const taken = await scope.db
    .selectFrom('prompts')
    .select('name')
    .where('project_id', '=', projectId)
    .where((eb) => startsWith(eb.ref('name'), `${name}-copy`))
    .execute();
  const names = new Set(taken.map((row) => row.name));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `${name}-copy` : `${name}-copy-${number}`;
    if (!names.has(candidate)) return candidate;
  }
}
