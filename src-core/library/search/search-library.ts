import type { ExpressionBuilder } from 'kysely';
import { parseSearchQuery, type SearchQuery } from '../../content/search-terms/search-query.ts';
import { markedSnippets } from '../../content/search-terms/snippet.ts';
import type { LibraryHit } from '../../contract/library.ts';
import { decodeCursor, encodeCursor } from '../../scope/page.ts';
import type { Reader } from '../../scope/scope.ts';
import type { SearchHit, SearchPhrase } from '../../scope/search.ts';
import { isStoredId, storedText, storedWhole } from '../../tables/stored-fields.ts';
import type { Tables } from '../../tables/tables.ts';
import { filterConditions, leftOut, listPrompts } from '../prompts/list-prompts.ts';
import { numbersOf } from '../stored/version-numbers.ts';

/** Most versions and runs that are looked at. */
const lookedAtOthers = 500;

export interface LibrarySearch {
  readonly query: string;
  readonly kinds: readonly LibraryHit['kind'][];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Page {
  readonly items: LibraryHit[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Finds prompts, old versions and runs; filters without words list the prompts that they leave. */
export async function searchLibrary(scope: Reader, search: LibrarySearch): Promise<Page> {
  const query = parseSearchQuery(search.query, scope.now);
  if (query.match === null) return search.kinds.includes('prompt') ? browse(scope, search) : emptyPage;
  if (query.match.length === 0) return emptyPage;
  const start = search.cursor === undefined ? 0 : Number(decodeCursor(search.cursor, 1)[0]);
  const end = start + search.limit;
  const { hits, total } = await findHits(scope, search.kinds, query, query.match, end);
  return {
    items: await describe(scope, hits.slice(start, end), query),
    nextCursor: end < total ? encodeCursor([end]) : null,
    total,
  };
}

const emptyPage: Page = { items: [], nextCursor: null, total: 0 };

async function browse(scope: Reader, { query, limit, cursor }: LibrarySearch): Promise<Page> {
  const page = await listPrompts(scope, { search: query, tags: [], status: 'active', order: 'updated', limit, cursor });
  return {
    ...page,
    items: page.items.map(({ id, project, name, title, latestVersion, latestConfirmed }) => {
      const of = { project, name, title, versionNumber: latestVersion, versionConfirmed: latestConfirmed };
      return { kind: 'prompt', ref: id, promptId: id, ...of, snippet: '' };
    }),
  };
}

/** Active prompts that fit the filters, then what else is found of such prompts; a run without a prompt fits no filter. */
async function findHits(
  scope: Reader,
  kinds: LibrarySearch['kinds'],
  query: SearchQuery,
  match: readonly SearchPhrase[],
  end: number,
) {
  const { also } = query;
  const filter = { tags: [], status: 'active' } as const;
  const conditions = (eb: ExpressionBuilder<Tables, 'prompts'>) => eb.and(filterConditions(scope, eb, filter, query));
  const ids = scope.db.selectFrom('prompts').select('prompts.id');
  const except = leftOut(scope, filter, query);
  const prompts = kinds.includes('prompt')
    ? await scope.search.findPrompts({ match, also, except, limit: Math.max(end, lookedAtOthers) })
    : { hits: [], total: 0 };
  // All prompts stand before all others, so others are not looked for before the prompts are read to their end.
  if (prompts.hits.length < prompts.total) return prompts;
  const others = await scope.search.findOthers({
    match,
    also,
    kinds: kinds.filter((kind) => kind !== 'prompt'),
    among: ids.where(conditions),
    orWithoutPrompt: !isFiltered(query),
    limit: lookedAtOthers,
  });
  const fresh = await withoutRepeated(scope, prompts.hits, others);
  return { hits: [...prompts.hits, ...fresh], total: prompts.total + fresh.length };
}

const isFiltered = ({ tags, labels, models, updated }: SearchQuery): boolean =>
  [tags, labels, models, updated].some((filter) => filter.length > 0);

/** Where the prompt itself is found, its latest version mostly says the same again. */
async function withoutRepeated(scope: Reader, prompts: readonly SearchHit[], others: readonly SearchHit[]) {
  const elsewhere = new Set(others.map((hit) => hit.promptId));
  const both = prompts.map((hit) => hit.ref).filter((id) => elsewhere.has(id));
  if (both.length === 0) return others;
  const rows = await scope.db.selectFrom('prompts').select('latest_version_id').where('id', 'in', both).execute();
  const repeated = new Set(rows.map((row) => row.latest_version_id));
  return others.filter((hit) => !repeated.has(hit.ref));
}

async function describe(scope: Reader, hits: readonly SearchHit[], query: SearchQuery): Promise<LibraryHit[]> {
  if (hits.length === 0) return [];
  const refsOf = (kind: SearchHit['kind']) => hits.filter((hit) => hit.kind === kind).map((hit) => hit.ref);
  const promptIds = [...new Set(hits.flatMap((hit) => hit.promptId ?? []))];
  const [versionIds, runIds] = [refsOf('version'), refsOf('run')];
  const prompts =
    promptIds.length === 0
      ? []
      : await scope.db
          .selectFrom('prompts')
          .innerJoin('projects', 'projects.id', 'prompts.project_id')
          .select(['prompts.id', 'projects.name as project', 'prompts.name', 'prompts.title'])
          .where('prompts.id', 'in', promptIds)
          .execute();
  const runs =
    runIds.length === 0
      ? []
      : await scope.db
          .selectFrom('runs')
          .select(['id', 'version_id', 'version_number'])
          .where('id', 'in', runIds)
          .execute();
  const promptOf = new Map(prompts.map((row) => [row.id, row]));
  const numbers = await numbersOf(scope, [...versionIds, ...runs.map((run) => run.version_id)]);
  const runOf = new Map(runs.map((run) => [run.id, run]));
  const snippets = await markedSnippets(await scope.search.texts(hits), query.terms);
  return hits.flatMap((hit, i) => {
    if (!isStoredId(hit.ref)) return [];
    const { project, name, title } = promptOf.get(hit.promptId ?? '') ?? {};
    const run = runOf.get(hit.ref);
    const version = numbers.get(run?.version_id ?? hit.ref);
    return {
      ...hit,
      promptId: isStoredId(hit.promptId) ? hit.promptId : null,
      project: storedText(project),
      name: storedText(name),
      title: storedText(title),
      versionNumber: version?.number ?? storedWhole(run?.version_number, null),
      versionConfirmed: version?.confirmed ?? true,
      snippet: snippets[i] ?? '',
    };
  });
}
