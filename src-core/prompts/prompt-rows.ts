import type { Selectable } from 'kysely';
import type { PromptContent } from '../contract/content.ts';
import type { PromptSummary, VersionSummary } from '../contract/prompts.ts';
import type { PromptsTable, VersionsTable } from '../database/tables.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { SearchDocument } from '../search/search-index.ts';

export type PromptRow = Selectable<PromptsTable>;
export type VersionRow = Selectable<VersionsTable>;

/** The latest version's number and hash, as list queries join them. */
interface LatestColumns {
  readonly latest_number: number | null;
  readonly base_hash: string | null;
}

export async function requirePrompt(database: Database, id: string): Promise<PromptRow> {
  const row = await database.selectFrom('prompts').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row)
    throw new AppError('not_found', 'This prompt no longer exists; it may have been deleted in another window.', {
      id,
    });
  return row;
}

/** Prompts with the number of their latest version and the hash of the version that their draft started from. */
export function selectPrompts(database: Database) {
  return database
    .selectFrom('prompts')
    .leftJoin('versions as latest', 'latest.id', 'prompts.latest_version_id')
    .leftJoin('drafts', 'drafts.prompt_id', 'prompts.id')
    .leftJoin('versions as base', 'base.id', 'drafts.base_version_id')
    .selectAll('prompts')
    .select(['latest.number as latest_number', 'base.content_hash as base_hash']);
}

export function toPromptSummary(row: PromptRow & LatestColumns, snippet: string | null = null): PromptSummary {
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    title: row.title,
    description: row.description,
    type: row.type as PromptSummary['type'],
    scope: row.scope as PromptSummary['scope'],
    owner: row.owner,
    domain: row.domain,
    tags: JSON.parse(row.tags),
    metadata: JSON.parse(row.metadata),
    source: row.source as PromptSummary['source'],
    status: row.status as PromptSummary['status'],
    latestVersion: row.latest_number,
    hasChanges: row.base_hash !== row.draft_hash,
    snippet,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toVersionSummary(row: VersionRow): VersionSummary {
  return {
    id: row.id,
    number: row.number,
    hash: row.content_hash,
    parents: [row.first_parent_id, row.second_parent_id].filter((parent) => parent !== null),
    author: row.author,
    note: row.note,
    createdAt: row.created_at,
  };
}

/** Everything of a content that a person might search for. */
export function searchableText(content: PromptContent): string {
  const inputs = content.inputs.map((input) => `${input.name} ${input.description}`);
  const tools = content.tools.map((tool) => `${tool.name} ${tool.description}`);
  return [...content.messages.map((message) => message.content), ...inputs, ...tools].join('\n');
}

export function promptDocument(row: PromptRow, draft: PromptContent): SearchDocument {
  return {
    kind: 'prompt',
    ref: row.id,
    promptId: row.id,
    name: row.name,
    title: row.title,
    tags: (JSON.parse(row.tags) as string[]).join(' '),
    description: row.description,
    body: searchableText(draft),
    note: '',
  };
}
