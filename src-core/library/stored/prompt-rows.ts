import type { Selectable } from 'kysely';
import type { PromptContent } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf, textOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import type { PromptSummary, VersionSummary } from '../../contract/prompts.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { AppError } from '../../scope/errors.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader, ReadTables } from '../../scope/scope.ts';
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
  /** The texts that the draft holds in place of its content. */
  readonly typed: string | null;
}

export async function requirePrompt(scope: Reader, id: string): Promise<PromptRow> {
  const [row] = await promptById(scope.db, { id });
  if (!row) throw noSuchPrompt(id);
  return row;
}

const promptById = prepared((db, value: ValueOf<{ id: string }>) =>
  db.selectFrom('prompts').selectAll().where('id', '=', value('id')),
);

export function noSuchPrompt(id: string): AppError {
  return new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.', { id });
}

/** The version as it is stored; undefined when it is gone. */
export async function versionRow({ db }: Reader, id: string): Promise<VersionRow | undefined> {
  return (await versionById(db, { id }))[0];
}

const versionById = prepared((db, value: ValueOf<{ id: string }>) =>
  db.selectFrom('versions').selectAll().where('id', '=', value('id')),
);

/** Prompts with their project, the number of their latest version, and how the person's draft stands to its base. */
export function selectPrompts(db: ReadTables, person: string) {
  return db
    .selectFrom('prompts')
    .leftJoin('projects', 'projects.id', 'prompts.project_id')
    .leftJoin('versions as latest', 'latest.id', 'prompts.latest_version_id')
    .leftJoin('drafts', (join) => join.onRef('drafts.prompt_id', '=', 'prompts.id').on('drafts.person_id', '=', person))
    .leftJoin('versions as base', 'base.id', 'drafts.base_version_id')
    .leftJoin('draft_entries as entry', 'entry.id', 'drafts.entry_id')
    .selectAll('prompts')
    .select([
      'projects.name as project',
      'latest.number as latest_number',
      'latest.confirmed as latest_confirmed',
      'base.content_hash as base_hash',
      'drafts.hash as draft_hash',
      'entry.typed',
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
  return new Set(rows.flatMap((row) => (holdsTyped(row.typed) ? [row.prompt_id] : [])));
}

interface SummaryParts {
  readonly snippet?: string | null | undefined;
  readonly tags: readonly string[];
}

/** Every row with an id gives something that the contract accepts. */
export function toPromptSummary(row: PromptRow & JoinedColumns, { snippet = null, tags }: SummaryParts): PromptSummary {
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
      holdsTyped(row.typed) ||
      (row.draft_hash === null ? row.latest_version_id === null : row.base_hash !== row.draft_hash),
    snippet,
    createdAt: storedText(row.created_at),
    updatedAt: storedText(row.updated_at),
  };
}

/** Whether a draft holds texts for its content that are not in effect yet; those for the prompt's own fields do not count. */
function holdsTyped(typed: string | null): boolean {
  if (typed === null || typed === '{}') return false;
  return Object.keys(storedObject(typed)).some((path) => !isOfPrompt(path));
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
