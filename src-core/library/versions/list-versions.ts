import type { ExpressionBuilder } from 'kysely';
import { foldText } from '../../content/search-terms/fold-text.ts';
import { latestLabel } from '../../contract/label-name.ts';
import type { VersionEntry } from '../../contract/versions.ts';
import { decodeCursor, encodeCursor, wholeOf } from '../../scope/page.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader } from '../../scope/scope.ts';
import type { Flag } from '../../tables/columns.ts';
import { hasText } from '../../tables/matching.ts';
import { isStoredId, storedText, storedWhole } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import { requirePrompt, toVersionSummary, type VersionRow } from '../stored/prompt-rows.ts';

export interface VersionFilter {
  readonly promptId: string;
  readonly text: string;
  readonly author?: string | undefined;
  readonly label?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of the timeline, newest first, with everything that it shows of each version. */
export async function listVersions(scope: Reader, filter: VersionFilter) {
  const { latest_version_id: latest } = await requirePrompt(scope, filter.promptId);
  const conditions = (eb: ExpressionBuilder<Tables, 'versions'>) => filterConditions(eb, filter, latest);
  const filtered = scope.db.selectFrom('versions').where(conditions);
  let page = filtered
    .selectAll()
    .orderBy('number', 'desc')
    // One that its home has not numbered may have the number of another one, and is newer.
    .orderBy('confirmed', 'asc')
    .limit(filter.limit + 1);
  if (filter.cursor !== undefined) {
    const [number, confirmed] = decodeCursor(filter.cursor, 2).map(wholeOf) as [number, Flag];
    page = page
      .where('number', '<=', number)
      .where((eb) => eb.or([eb('number', '<', number), eb('confirmed', '>', confirmed)]));
  }
  const rows = await page.execute();
  const { total } = await filtered.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const shown = rows.slice(0, filter.limit);
  const items = await toEntries(
    scope,
    shown.filter(({ id }) => isStoredId(id)),
    latest,
  );
  const last = shown.at(-1);
  return {
    items,
    nextCursor: rows.length > filter.limit && last ? encodeCursor([last.number, last.confirmed]) : null,
    total: Number(total),
  };
}

/** Versions of every prompt that is not in the trash, or of one, newest first. */
export async function logVersions(
  scope: Reader,
  filter: { readonly promptId?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
) {
  let versions = scope.db
    .selectFrom('versions')
    .innerJoin('prompts', 'prompts.id', 'versions.prompt_id')
    .leftJoin('projects', 'projects.id', 'prompts.project_id')
    .where('prompts.status', '!=', 'trashed');
  if (filter.promptId !== undefined) versions = versions.where('versions.prompt_id', '=', filter.promptId);
  let page = versions
    .selectAll('versions')
    .select(['projects.name as project', 'prompts.name'])
    .orderBy('versions.created_at', 'desc')
    .orderBy('versions.number', 'desc')
    .orderBy('versions.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.cursor !== undefined) {
    const [at, number, id] = decodeCursor(filter.cursor, 3) as [string, number, string];
    page = page.where('versions.created_at', '<=', at).where((eb) => {
      const key = eb.refTuple('versions.created_at', 'versions.number', 'versions.id');
      return eb(key, '<', eb.tuple(String(at), Number(number), String(id)));
    });
  }
  const rows = await page.execute();
  const total = await countLogged(scope, filter.promptId);
  const shown = rows.slice(0, filter.limit);
  const items = shown
    .filter((row) => isStoredId(row.id) && isStoredId(row.prompt_id))
    .map((row) => ({
      ...toVersionSummary(row),
      promptId: row.prompt_id,
      project: storedText(row.project),
      name: storedText(row.name),
    }));
  const last = shown.at(-1);
  const more = rows.length > filter.limit && last;
  return {
    items,
    nextCursor: more ? encodeCursor([last.created_at, last.number, last.id].map(storedText)) : null,
    total,
  };
}

/** All versions less those in the trash, because asking of each which prompt it belongs to takes far longer. */
async function countLogged({ db }: Reader, promptId: string | undefined): Promise<number> {
  const versions = db
    .selectFrom('versions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .$if(promptId !== undefined, (query) => query.where('versions.prompt_id', '=', promptId ?? ''));
  const inTrash = db.selectFrom('prompts').select('prompts.id').where('prompts.status', '=', 'trashed');
  const all = await versions.executeTakeFirstOrThrow();
  const trashed = await versions.where('versions.prompt_id', 'in', inTrash).executeTakeFirstOrThrow();
  return Number(all.count) - Number(trashed.count);
}

function filterConditions(eb: ExpressionBuilder<Tables, 'versions'>, filter: VersionFilter, latest: string | null) {
  const { promptId, text, author, label } = filter;
  const conditions = [eb('versions.prompt_id', '=', promptId)];
  const add = (condition: ReturnType<typeof eb.and>) => conditions.push(condition as (typeof conditions)[number]);
  if (text.trim() !== '') add(saysText(eb, foldText(text.trim())));
  if (author !== undefined) add(eb.and([eb('versions.author', '=', author)]));
  if (label === latestLabel) add(latest === null ? eb.and([eb.lit(false)]) : eb.and([eb('versions.id', '=', latest)]));
  else if (label !== undefined) {
    const labelled = eb
      .selectFrom('labels')
      .select('labels.version_id')
      .where('labels.prompt_id', '=', promptId)
      .where('labels.name', '=', label);
    add(eb.and([eb('versions.id', 'in', labelled)]));
  }
  return eb.and(conditions);
}

function saysText(eb: ExpressionBuilder<Tables, 'versions'>, text: string) {
  const number = /^v?(\d{1,9})$/.exec(text)?.[1];
  return eb.or([
    hasText(eb.ref('versions.folded'), text),
    ...(number === undefined ? [] : [eb('versions.number', '=', Number(number))]),
  ]);
}

/** Everyone who saved a version of a prompt, by name. */
export async function listAuthors(scope: Reader, promptId: string): Promise<string[]> {
  const rows = await scope.db
    .selectFrom('versions')
    .select('author')
    .distinct()
    .where('prompt_id', '=', promptId)
    .orderBy('author')
    .execute();
  return [...new Set(rows.map((row) => storedText(row.author)))];
}

async function toEntries(scope: Reader, rows: readonly VersionRow[], latest: string | null): Promise<VersionEntry[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const labels = await labelsOfPrompt(scope.db, { prompt: rows[0]!.prompt_id });
  const runs = await scope.db
    .selectFrom('runs')
    .select((eb) => ['version_id', eb.fn.countAll<number>().as('count'), eb.fn.avg<number | null>('score').as('score')])
    .where('version_id', 'in', ids)
    .groupBy('version_id')
    .execute();
  const runsOf = new Map(runs.map((row) => [row.version_id, row]));
  return rows.map((row) => ({
    ...toVersionSummary(row),
    labels: [
      ...(row.id === latest ? [latestLabel] : []),
      ...labels.filter((label) => label.version_id === row.id).map((label) => storedText(label.name)),
    ],
    size: sizeOf(row),
    runs: Number(runsOf.get(row.id)?.count ?? 0),
    score: averageOf(runsOf.get(row.id)?.score),
  }));
}

/** All of a prompt's, which are few, whatever page of its versions is shown. */
const labelsOfPrompt = prepared((db, value: ValueOf<{ prompt: string }>) =>
  db.selectFrom('labels').select(['version_id', 'name']).where('prompt_id', '=', value('prompt')).orderBy('name'),
);

function sizeOf(row: VersionRow): VersionEntry['size'] {
  const [added, removed] = [storedWhole(row.lines_added, null), storedWhole(row.lines_removed, null)];
  return added === null || removed === null ? null : { added, removed };
}

/** Postgres gives an average as a text. */
function averageOf(score: unknown): number | null {
  return score === null || score === undefined ? null : Number(score);
}
