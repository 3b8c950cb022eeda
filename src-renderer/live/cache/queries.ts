import type { Query, QueryKey } from '@tanstack/react-query';
import { queryClient } from '../api.ts';

/** What a query asks its operation for. */
export function inputOf(key: QueryKey): Readonly<Record<string, unknown>> {
  const [, options] = key as readonly [unknown, { readonly input?: Readonly<Record<string, unknown>> }?];
  return options?.input ?? {};
}

export function queriesOf(key: QueryKey): readonly Query[] {
  return queryClient.getQueryCache().findAll({ queryKey: key });
}

/** Reads a query again: at once while something shows it, else when something does. */
export function readAgain(query: Query): void {
  void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true });
}

/** Lets a query be read again the next time that something shows it, and not before. */
export function letBeRead(query: Query): void {
  void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: 'none' });
}

/** Puts a newer answer in the place of the one that a query has, which stays as old as it is. */
export function patch<Data>(query: Query, change: (data: Data) => Data): void {
  const { data, dataUpdatedAt, isInvalidated, fetchStatus } = query.state;
  // It is read anew the next time that something shows it.
  if (data === undefined || (isInvalidated && !query.isActive())) return;
  const next = change(data as Data);
  if (next === data) return;
  queryClient.setQueryData(query.queryKey, next, { updatedAt: dataUpdatedAt });
  // What is on its way may have been read before the change.
  if (fetchStatus === 'fetching') readAgain(query);
}

/** Ids of the rows of a list that is read page by page, or in one. */
export function idsIn(data: unknown): ReadonlySet<string> {
  const { pages, items } = (data ?? {}) as { readonly pages?: readonly Paged[]; readonly items?: Paged['items'] };
  const rows = pages === undefined ? (items ?? []) : pages.flatMap((page) => page.items);
  return new Set(rows.map(({ id }) => id));
}

interface Paged {
  readonly items: readonly { readonly id: string }[];
}
