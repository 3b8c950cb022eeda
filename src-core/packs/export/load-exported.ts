import { includedNames } from '../../content/templates/includes-of.ts';
import type { JsonObject } from '../../contract/shared.ts';
import { loadDraftContent } from '../../library/drafts/drafts.ts';
import { loadContent } from '../../library/stored/contents.ts';
import { type PromptRow, requirePrompt, type VersionRow } from '../../library/stored/prompt-rows.ts';
import { tagsOfOne } from '../../library/stored/tags.ts';
import type { Reader, Session } from '../../scope/scope.ts';
import { storedObject, storedText } from '../../tables/stored-fields.ts';
import { createTurns } from '../../turns.ts';
import type { ImportedPrompt } from '../imported.ts';

export interface ExportRequest {
  readonly ids: readonly string[];
  readonly content: 'draft' | 'version';
  readonly history: boolean;
}

/** Prompts of the library in the shape that writers take, in the given order. */
export async function loadExported(session: Session, { ids, ...request }: ExportRequest): Promise<ImportedPrompt[]> {
  const turns = createTurns();
  const prompts: ImportedPrompt[] = [];
  for (const id of ids) {
    prompts.push(await session.read((scope) => loadOne(scope, id, request)));
    await turns();
  }
  return prompts;
}

async function loadOne(scope: Reader, id: string, request: Omit<ExportRequest, 'ids'>): Promise<ImportedPrompt> {
  const prompt = await requirePrompt(scope, id);
  const rows = await versionsOf(scope, prompt, request.history);
  const newest = rows.at(-1);
  const isOfVersion = request.content === 'version' && newest !== undefined;
  const content = isOfVersion ? await loadContent(scope, newest.content_hash) : await loadDraftContent(scope, id);
  const earlier = isOfVersion ? rows.slice(0, -1) : rows;
  const labels = await labelsOf(scope, id);
  const versions = [];
  for (const row of request.history ? earlier : [])
    versions.push({
      content: await loadContent(scope, row.content_hash),
      note: storedText(row.note),
      labels: labels.get(row.id) ?? [],
      source: String(row.number),
    });
  return {
    name: storedText(prompt.name),
    title: storedText(prompt.title),
    description: storedText(prompt.description),
    tags: await tagsOfOne(scope, id),
    labels: isOfVersion ? (labels.get(newest.id) ?? []) : [],
    content,
    versions,
    active: prompt.status === 'active',
    includes: includedNames(content),
    inputSources: {},
    metadata: storedObject(prompt.metadata) as JsonObject,
  };
}

/** Oldest first; without history the newest alone. */
async function versionsOf({ db }: Reader, prompt: PromptRow, history: boolean): Promise<readonly VersionRow[]> {
  const versions = db.selectFrom('versions').selectAll();
  if (history)
    return versions.where('prompt_id', '=', prompt.id).orderBy('number').orderBy('confirmed', 'desc').execute();
  return prompt.latest_version_id === null ? [] : versions.where('id', '=', prompt.latest_version_id).execute();
}

async function labelsOf({ db }: Reader, promptId: string): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db
    .selectFrom('labels')
    .select(['name', 'version_id'])
    .where('prompt_id', '=', promptId)
    .orderBy('name')
    .execute();
  const byVersion = Map.groupBy(rows, (row) => row.version_id);
  return new Map(Array.from(byVersion, ([id, labels]) => [id, labels.map(({ name }) => storedText(name))]));
}
