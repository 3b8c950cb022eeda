import type { Selectable } from 'kysely';
import type { PromptContent } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf, textOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import type { PromptSummary, VersionSummary } from '../../contract/prompts.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader } from '../../scope/scope.ts';
import type { SearchDocument } from '../../scope/search.ts';
import { isStoredId, storedChoice, storedObject, storedText, storedWhole } from '../../tables/stored-fields.ts';
import type { PromptsTable, VersionsTable } from '../../tables/workspace.ts';
import { isOfPrompt } from './typed-paths.ts';

export type PromptRow = Selectable<PromptsTable>;
export type VersionRow = Selectable<VersionsTable>;

/** What list queries join to a prompt. */
interface JoinedColumns {
  readonly project: string | null;
  readonly latest_number: number | null;
  readonly latest_confirmed: number | null;
  /** Hash of the version that the person's draft started from, and of the draft itself. */
  readonly base_hash: string | null;
  readonly draft_hash: string | null;
}

export async function requirePrompt(scope: Reader, id: string): Promise<PromptRow> {
  const row = await scope.db.selectFrom('prompts').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.', {
      id,
    });
  return row;
}

/** Prompts with their project, the number of their latest version, and how the person's draft stands to its base. */
export function selectPrompts({ db, actor }: Reader) {
  return db
    .selectFrom('prompts')
    .leftJoin('projects', 'projects.id', 'prompts.project_id')
    .leftJoin('versions as latest', 'latest.id', 'prompts.latest_version_id')
    .leftJoin('drafts', (join) =>
      join.onRef('drafts.prompt_id', '=', 'prompts.id').on('drafts.person_id', '=', actor.personId),
    )
    .leftJoin('versions as base', 'base.id', 'drafts.base_version_id')
    .selectAll('prompts')
    .select([
      'projects.name as project',
      'latest.number as latest_number',
      'latest.confirmed as latest_confirmed',
      'base.content_hash as base_hash',
      'drafts.hash as draft_hash',
    ]);
}

/** Written out, because loading the contract takes longer than most lists; the compiler sees that none is missing. */
const types = { chat: true, completion: true, tts: true, transcription: true } satisfies Choices<'type'>;
const scopes = { user: true, agent: true, global: true } satisfies Choices<'scope'>;
const sources = { system: true, generated: true, human: true, file: true } satisfies Choices<'source'>;
const statuses = { active: true, archived: true, trashed: true } satisfies Choices<'status'>;
type Choices<Field extends 'type' | 'scope' | 'source' | 'status'> = Readonly<Record<PromptSummary[Field], true>>;

/** Those of the prompts whose draft holds texts for its content that are not in effect yet. */
export async function promptsWithTyped(scope: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await scope.db
    .selectFrom('drafts')
    .innerJoin('draft_entries', 'draft_entries.id', 'drafts.entry_id')
    .select(['drafts.prompt_id', 'draft_entries.typed'])
    .where('drafts.person_id', '=', scope.actor.personId)
    .where('drafts.prompt_id', 'in', [...ids])
    .where('draft_entries.typed', '!=', '{}')
    .execute();
  const isOfContent = (path: string) => !isOfPrompt(path);
  return new Set(
    rows.flatMap((row) => (Object.keys(storedObject(row.typed)).some(isOfContent) ? [row.prompt_id] : [])),
  );
}

interface SummaryParts {
  readonly snippet?: string | null | undefined;
  /** The draft holds texts that are not in effect yet. */
  readonly hasTyped: boolean;
  readonly tags: readonly string[];
}

/** Every row with an id gives something that the contract accepts. */
export function toPromptSummary(
  row: PromptRow & JoinedColumns,
  { snippet = null, hasTyped, tags }: SummaryParts,
): PromptSummary {
  return {
    id: row.id,
    project: storedText(row.project),
    name: storedText(row.name),
    title: storedText(row.title),
    description: storedText(row.description),
    type: storedChoice(row.type, types, 'chat'),
    scope: storedChoice(row.scope, scopes, 'user'),
    owner: storedText(row.owner),
    domain: storedText(row.domain),
    tags: [...tags],
    metadata: storedObject(row.metadata) as JsonObject,
    source: storedChoice(row.source, sources, 'human'),
    status: storedChoice(row.status, statuses, 'active'),
    latestVersion: storedWhole(row.latest_number, null),
    latestConfirmed: row.latest_confirmed !== 0,
    // Without a draft of one's own there is nothing that could differ, unless nothing was ever saved.
    hasChanges:
      hasTyped || (row.draft_hash === null ? row.latest_version_id === null : row.base_hash !== row.draft_hash),
    snippet,
    createdAt: storedText(row.created_at),
    updatedAt: storedText(row.updated_at),
  };
}

export function toVersionSummary(row: VersionRow): VersionSummary {
  return {
    id: row.id,
    number: storedWhole(row.number, 1, 1),
    confirmed: row.confirmed !== 0,
    hash: storedText(row.content_hash),
    parents: [row.first_parent_id, row.second_parent_id].filter(isStoredId),
    author: storedText(row.author),
    authorId: isStoredId(row.author_id) ? row.author_id : null,
    note: storedText(row.note),
    createdAt: storedText(row.created_at),
  };
}

/** Everything of a content that a person might search for. */
export function searchableText(content: PromptContent): string {
  const inputs = content.inputs.map((input) => `${input.name} ${input.description}`);
  const tools = content.tools.map((tool) => `${tool.name} ${tool.description}`);
  return [...content.messages.map(searchableMessage), ...inputs, ...tools].join('\n');
}

/** Texts, names of files and of calls, addresses; not hashes. */
function searchableMessage(message: MessageTemplate): string {
  if (isPlaceholder(message)) return message.placeholder;
  const words = partsOf(message).flatMap((part) =>
    isMedia(part) ? [part.name ?? '', part.url ?? '', part.input ?? ''] : part.type === 'text' ? [] : [part.name ?? ''],
  );
  return [textOf(message), ...words.filter((word) => word !== '')].join('\n');
}

export function promptDocument(row: PromptRow, tags: readonly string[], content: PromptContent | null): SearchDocument {
  return {
    kind: 'prompt',
    ref: row.id,
    promptId: row.id,
    name: row.name,
    title: row.title,
    tags: tags.join(' '),
    description: row.description,
    body: content === null ? '' : searchableText(content),
    note: '',
  };
}
