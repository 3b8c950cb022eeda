import type { Query } from '@tanstack/react-query';
import { maxSummaries, type PromptSummary } from '../../../src-core/contract/prompts.ts';
import type { DraftMark } from '../../../src-core/contract/workspace.ts';
import { client, orpc, queryClient } from '../api.ts';
import {
  belongs,
  isElsewhere,
  isSearch,
  type ListInput,
  type PromptList,
  rowsOf,
  startsWithNewest,
  withMark,
  withNewest,
  withoutRows,
  withRow,
} from './prompt-lists.ts';
import { inputOf, letBeRead, patch, queriesOf, readAgain } from './queries.ts';

/** The newest of what was read of prompts, also of those in no list; so that nothing is read twice for the same list. */
const known = new Map<string, PromptSummary>();
const mostKnown = 2_000;

/** Shows in every list what became of drafts. Asks for a row only when a list lacks one that is at its top now. */
export function showDrafts(marks: readonly DraftMark[]): void {
  const missing = new Set<string>();
  for (const mark of marks) {
    const row = rowOf(mark.promptId);
    if (row !== undefined) remember(withMark(row, mark));
    for (const query of promptLists()) {
      const input = inputOf(query.queryKey) as ListInput;
      const list = query.state.data as PromptList | undefined;
      if (list === undefined) continue;
      if (hasRow(list, mark.promptId))
        patch<PromptList>(query, (now) => {
          const shown = rowsOf(now).find(({ id }) => id === mark.promptId);
          return shown === undefined ? now : withRow(input, now, withMark(shown, mark));
        });
      else if (query.isActive() && startsWithNewest(input, list)) missing.add(mark.promptId);
    }
  }
  const unknown = [...missing].filter((id) => !known.has(id));
  const read = unknown.length === 0 ? Promise.resolve() : readSummaries(unknown).then((rows) => rows.forEach(remember));
  void read.then(
    () => {
      for (const id of missing) putOnTop(id);
    },
    () => {
      // The host is away; everything is read again when it is back.
    },
  );
}

/** Shows prompts as they are now, with one question about all of them; lists that they may have come into or left are read again. */
export async function showPrompts(ids: ReadonlySet<string>): Promise<void> {
  const lists = promptLists();
  if (!lists.some((query) => query.isActive())) {
    for (const id of ids) known.delete(id);
    for (const query of lists) letBeRead(query);
    return readCounts();
  }
  // That many are read again faster as lists than one by one.
  if (ids.size > maxSummaries) return readLists();
  const rows = await readSummaries([...ids]).catch(() => null);
  if (rows === null) return readLists();
  const there = new Set(rows.map(({ id }) => id));
  const gone = [...ids].filter((id) => !there.has(id));
  if (gone.length > 0) dropPrompts(new Set(gone));
  let moved = false;
  for (const row of rows) moved = showRow(row) || moved;
  if (moved) readCounts();
}

/** Takes prompts that are gone for good out of every list. */
export function dropPrompts(ids: ReadonlySet<string>): void {
  for (const id of ids) known.delete(id);
  for (const query of promptLists()) patch<PromptList>(query, (list) => withoutRows(list, ids));
  readCounts();
}

/** Reads every list of prompts again, and how many there are where. */
export function readLists(): void {
  known.clear();
  for (const query of promptLists()) readAgain(query);
  readCounts();
}

/** True when the prompt may be in other lists and folders than before. */
function showRow(row: PromptSummary): boolean {
  const before = rowOf(row.id);
  const moved = before === undefined || isElsewhere(before, row);
  remember(row);
  for (const query of promptLists()) {
    const input = inputOf(query.queryKey) as ListInput;
    const list = query.state.data as PromptList | undefined;
    const shown = list && rowsOf(list).find(({ id }) => id === row.id);
    if (shown !== undefined && !isElsewhere(shown, row)) patch<PromptList>(query, (now) => withRow(input, now, row));
    else if (shown !== undefined) readAgain(query);
    // What a search finds by new words is found when it is asked the next time.
    else if (isSearch(input)) letBeRead(query);
    else if (belongs(input, row) && moved) readAgain(query);
  }
  if (!moved) putOnTop(row.id);
  return moved;
}

function putOnTop(id: string): void {
  const row = known.get(id);
  if (row === undefined) return;
  for (const query of promptLists()) {
    const input = inputOf(query.queryKey) as ListInput;
    patch<PromptList>(query, (list) => {
      if (hasRow(list, id) || !startsWithNewest(input, list) || belongs(input, row) !== true) return list;
      return row.updatedAt < (rowsOf(list)[0]?.updatedAt ?? '') ? list : withNewest(list, row);
    });
  }
}

async function readSummaries(ids: readonly string[]): Promise<readonly PromptSummary[]> {
  return client.prompts.summaries({ ids: ids.slice(0, maxSummaries) });
}

/** How many prompts there are in which folder and project and of which tag, and what finds or includes them by name. */
function readCounts(): void {
  for (const queryKey of [orpc.library.key(), orpc.prompts.tags.key()])
    void queryClient.invalidateQueries({ queryKey });
}

function promptLists(): readonly Query[] {
  return queriesOf(orpc.prompts.list.key());
}

function hasRow(list: PromptList, id: string): boolean {
  return rowsOf(list).some((row) => row.id === id);
}

function rowOf(id: string): PromptSummary | undefined {
  for (const query of promptLists()) {
    if (query.state.isInvalidated) continue;
    const list = query.state.data as PromptList | undefined;
    const row = list && rowsOf(list).find((each) => each.id === id);
    if (row !== undefined) return row;
  }
  return known.get(id);
}

function remember(row: PromptSummary): void {
  known.delete(row.id);
  known.set(row.id, { ...row, snippet: null });
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(oldest);
  }
}
