import { foldCase } from '../../../src-core/content/search-terms/fold-text.ts';
import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import type { DraftMark } from '../../../src-core/contract/workspace.ts';

/** What a list of prompts was asked for, as in the contract. */
export interface ListInput {
  readonly search?: string;
  readonly tags?: readonly string[];
  readonly project?: string;
  readonly folder?: string;
  readonly direct?: boolean;
  readonly offset?: number;
  readonly status?: PromptSummary['status'];
  readonly order?: 'updated' | 'name';
}

interface ListPage {
  readonly items: readonly PromptSummary[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** A list as a window holds it: one page, or those that were read so far. */
export type PromptList = ListPage | { readonly pages: readonly ListPage[]; readonly pageParams: readonly unknown[] };

export function rowsOf(list: PromptList): readonly PromptSummary[] {
  return 'pages' in list ? list.pages.flatMap((page) => page.items) : list.items;
}

/** A row with what is known of its draft now. */
export function withMark(row: PromptSummary, { hasChanges, updatedAt }: DraftMark): PromptSummary {
  return { ...row, hasChanges, updatedAt };
}

/** The list with a row of it as it is now, at the place that it has now; the same list when it is not among its rows. */
export function withRow(input: ListInput, list: PromptList, row: PromptSummary): PromptList {
  const rows = rowsOf(list);
  const at = rows.findIndex(({ id }) => id === row.id);
  const before = rows[at];
  if (before === undefined) return list;
  const now = { ...row, snippet: before.snippet };
  if (!isByTime(input) || row.updatedAt <= before.updatedAt) return withRows(list, rows.with(at, now));
  const others = rows.toSpliced(at, 1);
  return withRows(list, others.toSpliced(placeOf(others, now), 0, now));
}

/** The list with a row that changed last of all and was further down than what is read of it; a single page stays as long as it is. */
export function withNewest(list: PromptList, row: PromptSummary): PromptList {
  if (!('pages' in list)) return { ...list, items: [row, ...list.items.slice(0, -1)] };
  const [first, ...others] = list.pages;
  return first === undefined ? list : { ...list, pages: [{ ...first, items: [row, ...first.items] }, ...others] };
}

/** The list without these rows; the same list when it has none of them. */
export function withoutRows(list: PromptList, ids: ReadonlySet<string>): PromptList {
  const gone = rowsOf(list).filter(({ id }) => ids.has(id)).length;
  if (gone === 0) return list;
  const trim = (page: ListPage): ListPage => ({
    ...page,
    items: page.items.filter(({ id }) => !ids.has(id)),
    total: Math.max(0, page.total - gone),
  });
  return 'pages' in list ? { ...list, pages: list.pages.map(trim) } : trim(list);
}

/** Whether a prompt whose row is not there comes first when it is changed: the list is not read to its end. */
export function startsWithNewest(input: ListInput, list: PromptList): boolean {
  const page = 'pages' in list ? list.pages.at(-1) : list;
  return isByTime(input) && (input.offset ?? 0) === 0 && page !== undefined && page.nextCursor !== null;
}

/** Whether a prompt belongs into a list; null when only the host can tell, because the list is a search. */
export function belongs(input: ListInput, row: PromptSummary): boolean | null {
  if (row.status !== (input.status ?? 'active')) return false;
  if (input.project !== undefined && row.project !== input.project) return false;
  if (!isInFolder(input, row.name)) return false;
  const tags = new Set(row.tags.map(foldCase));
  if (!(input.tags ?? []).every((tag) => tags.has(foldCase(tag)))) return false;
  return isSearch(input) ? null : true;
}

/** Whether a change may move a prompt between lists and folders, or to another place in one that is sorted by name. */
export function isElsewhere(before: PromptSummary, after: PromptSummary): boolean {
  const place = ({ name, status, project, tags }: PromptSummary) => JSON.stringify([name, status, project, tags]);
  return place(before) !== place(after);
}

export function isSearch({ search = '' }: ListInput): boolean {
  return search.trim() !== '';
}

function isByTime(input: ListInput): boolean {
  return (input.order ?? 'updated') === 'updated' && !isSearch(input);
}

function isInFolder({ folder = '', direct = false }: ListInput, name: string): boolean {
  const path = folder.replace(/\/$/, '');
  if (direct) return name.slice(0, Math.max(0, name.lastIndexOf('/'))) === path;
  return path === '' || name.startsWith(`${path}/`);
}

/** Newest first; of two of the same moment the one with the greater id. */
function placeOf(rows: readonly PromptSummary[], { updatedAt, id }: PromptSummary): number {
  const after = rows.findIndex((row) => row.updatedAt < updatedAt || (row.updatedAt === updatedAt && row.id < id));
  return after < 0 ? rows.length : after;
}

/** The same pages with other rows, as many on each as before. */
function withRows(list: PromptList, rows: readonly PromptSummary[]): PromptList {
  if (!('pages' in list)) return { ...list, items: rows };
  let start = 0;
  const pages = list.pages.map((page) => {
    const items = rows.slice(start, start + page.items.length);
    start += page.items.length;
    return items.every((row, i) => row === page.items[i]) ? page : { ...page, items };
  });
  return { ...list, pages };
}
