import { hashContent } from '../../content/hash-content.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { contract } from '../../contract/index.ts';
import type { Database } from '../../ports.ts';
import type { LibraryCore } from '../../scope/core.ts';
import { AppError } from '../../scope/errors.ts';
import type { ServiceOf } from '../../scope/service.ts';
import { startsWith } from '../../tables/starts-with.ts';
import { storedObject, storedTexts } from '../../tables/stored-fields.ts';
import { type PromptRow, requirePrompt } from '../stored/prompt-rows.ts';
import { distinctTags } from '../stored/tags.ts';
import { authorIn } from './change-prompt.ts';

type Operations = ServiceOf<typeof contract.prompts>;
type Metadata = Omit<Parameters<Operations['create']>[0], 'content'>;

export async function insertPrompt(
  trx: Database,
  metadata: Metadata & { readonly id: string },
  content: PromptContent,
  now: string,
): Promise<void> {
  await ensureProject(trx, metadata.project, now);
  await trx
    .insertInto('prompts')
    .values({
      ...metadata,
      tags: JSON.stringify(distinctTags(metadata.tags)),
      metadata: JSON.stringify(metadata.metadata),
      status: 'active',
      latest_version_id: null,
      draft_hash: hashContent(content),
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** A project comes into being with its first prompt, and stays when the last one leaves. */
export async function ensureProject(trx: Database, name: string, now: string): Promise<void> {
  await trx
    .insertInto('projects')
    .values({ name, created_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

/** What of a prompt can be changed, and is recorded when it is. */
export type MetadataPatch = Parameters<Operations['update']>[0]['changes'] & {
  readonly project?: string;
  readonly status?: string;
};

/** Changes metadata and keeps who changed what from what to what (rule 1); a patch that changes nothing leaves no trace. */
export async function updateMetadata(
  core: LibraryCore,
  trx: Database,
  id: string,
  { ...patch }: MetadataPatch,
  now: string,
): Promise<void> {
  if (patch.tags !== undefined) patch.tags = distinctTags(patch.tags);
  const row = await requirePrompt(trx, id);
  const stored = { ...row, tags: storedTexts(row.tags), metadata: storedObject(row.metadata) };
  const before: Readonly<Record<string, unknown>> = stored;
  const after: Readonly<Record<string, unknown>> = patch;
  const changed = Object.keys(patch).filter(
    (key) => after[key] !== undefined && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (changed.length === 0) return;
  const pick = (from: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.fromEntries(changed.map((key) => [key, from[key]])));
  const change = { before: pick(before), after: pick(after), changed_at: now };
  await trx
    .insertInto('prompt_changes')
    .values({ ...change, prompt_id: id, author: await authorIn(trx, core) })
    .execute();
  if (changed.includes('name') || changed.includes('project')) await keepFormerName(trx, row);
  const { tags, metadata, ...plain } = patch;
  await trx
    .updateTable('prompts')
    .set({
      ...plain,
      ...(tags && { tags: JSON.stringify(tags) }),
      ...(metadata && { metadata: JSON.stringify(metadata) }),
      // Putting a prompt away and back leaves it where it was in the list.
      updated_at: patch.status === undefined ? now : row.updated_at,
    })
    .where('id', '=', id)
    .execute();
}

/** Versions are immutable, so what they include by an old name has to stay findable by it. */
async function keepFormerName(trx: Database, { id, project, name }: PromptRow): Promise<void> {
  await trx
    .insertInto('former_names')
    .values({ project, name, prompt_id: id })
    .onConflict((conflict) => conflict.columns(['project', 'name']).doUpdateSet({ prompt_id: id }))
    .execute();
}

export async function assertNameIsFree(
  database: Database,
  project: string,
  name: string,
  self: string | null,
): Promise<void> {
  const taken = await database
    .selectFrom('prompts')
    .select(['id', 'status'])
    .where('project', '=', project)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!taken || taken.id === self) return;
  const where = taken.status === 'active' ? '' : ` It is in the ${taken.status === 'trashed' ? 'trash' : 'archive'}.`;
  throw new AppError('conflict', `There is already a prompt named "${name}".${where} Choose another name.`, { name });
}

export async function freeCopyName(database: Database, project: string, name: string): Promise<string> {
  const taken = await database
    .selectFrom('prompts')
    .select('name')
    .where('project', '=', project)
    .where((eb) => startsWith(eb.ref('name'), `${name}-copy`))
    .execute();
  const names = new Set(taken.map((row) => row.name));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `${name}-copy` : `${name}-copy-${number}`;
    if (!names.has(candidate)) return candidate;
  }
}
