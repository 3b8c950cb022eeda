import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { PromptSummary } from '../../../../src-core/contract/prompts.ts';
import { orpc, queryClient } from '../../../live/api.ts';
import { useList } from '../list-store.ts';
import { flatRows, folderRows, type ListRow } from './list-rows.ts';

/** The rows of the list of prompts, and how more of them are read. */
export interface PromptList {
  /** Undefined while the first of them are read. */
  readonly rows: readonly ListRow[] | undefined;
  readonly error: Error | null;
  /** Reads what is missing among these rows. */
  readonly show: (first: number, last: number) => void;
  /** The prompts from one row to another; reads those that are missing. */
  readonly promptsBetween: (first: number, last: number) => Promise<readonly PromptSummary[]>;
}

const pageSize = 200;
/** Prompts of one folder that are read at once. */
const folderPageSize = 100;
/** Parts of folders that are kept current; older ones are read again when they are shown. */
const keptParts = 12;

interface Filter {
  readonly search: string;
  readonly tags: readonly string[];
  readonly isEnabled: boolean;
}

/** One list in an order, or what a search finds, read page by page. */
export function useFlatList({ search, tags, isEnabled }: Filter): PromptList {
  const { status, arrangement, project } = useList();
  const list = useInfiniteQuery({
    ...orpc.prompts.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        search,
        tags: [...tags],
        ...(project !== null && { project }),
        status,
        order: arrangement === 'updated' || search.trim() !== '' ? 'updated' : 'name',
        limit: pageSize,
        cursor,
      }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  });
  const rows = useMemo(() => list.data && flatRows(list.data.pages.flatMap((page) => page.items)), [list.data]);
  return {
    rows,
    error: list.error,
    show: (_, last) => {
      const isNearEnd = rows !== undefined && last >= rows.length - 20;
      if (isNearEnd && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
    promptsBetween: async (first, last) => promptsOf(rows?.slice(first, last + 1) ?? []),
  };
}

/** A stretch of the prompts directly in a folder. */
interface Part {
  readonly folder: string;
  readonly page: number;
}

const keyOf = ({ folder, page }: Part): string => `${folder} ${page}`;
const partOf = ({ folder, index }: Extract<ListRow, { kind: 'gap' }>): Part => {
  return { folder, page: Math.floor(index / folderPageSize) };
};

/** The folders with their counts, and those prompts in them that are visible. */
export function useFolderList(isEnabled: boolean): PromptList {
  const { status, project, closedFolders } = useList();
  const [parts, setParts] = useState<readonly Part[]>([]);
  const inProject = project === null ? {} : { project };
  const folders = useQuery({
    ...orpc.library.folders.queryOptions({ input: { ...inProject, status } }),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  });
  const optionsOf = ({ folder, page }: Part) =>
    orpc.prompts.list.queryOptions({
      input: {
        ...inProject,
        ...(folder !== '' && { folder }),
        direct: true,
        status,
        order: 'name',
        limit: folderPageSize,
        offset: page * folderPageSize,
      },
    });
  const pages = useQueries({
    queries: parts.map((part) => ({ ...optionsOf(part), enabled: isEnabled })),
    combine: itemsOf,
  });
  const rows = useMemo(() => {
    if (folders.data === undefined) return undefined;
    const read = new Map(parts.map((part, i) => [keyOf(part), pages[i]]));
    return folderRows(
      folders.data,
      closedFolders,
      (folder, index) =>
        read.get(keyOf({ folder, page: Math.floor(index / folderPageSize) }))?.[index % folderPageSize],
    );
  }, [folders.data, closedFolders, parts, pages]);

  const missingParts = (first: number, last: number): readonly Part[] => {
    const gaps = (rows ?? [])
      .slice(Math.max(0, first), last + 1)
      .flatMap((row) => (row.kind === 'gap' ? [partOf(row)] : []));
    return [...new Map(gaps.map((part) => [keyOf(part), part])).values()];
  };
  return {
    rows,
    error: folders.error,
    show: (first, last) => {
      const missing = missingParts(first, last);
      setParts((known) => {
        const fresh = missing.filter((part) => !known.some((other) => keyOf(other) === keyOf(part)));
        return fresh.length === 0 ? known : [...known, ...fresh].slice(-keptParts);
      });
    },
    promptsBetween: async (first, last) => {
      const read = await Promise.all(
        missingParts(first, last).map(
          async (part) => [keyOf(part), await queryClient.fetchQuery(optionsOf(part))] as const,
        ),
      );
      const pagesRead = new Map(read);
      return promptsOf(
        (rows ?? []).slice(first, last + 1).map((row) => {
          if (row.kind !== 'gap') return row;
          const prompt = pagesRead.get(keyOf(partOf(row)))?.items[row.index % folderPageSize];
          return prompt === undefined ? row : { kind: 'prompt', prompt, depth: row.depth };
        }),
      );
    },
  };
}

// Defined once, so that equal answers do not make new rows.
const itemsOf = (pages: readonly { readonly data: { readonly items: PromptSummary[] } | undefined }[]) =>
  pages.map(({ data }) => data?.items);

const promptsOf = (rows: readonly ListRow[]): readonly PromptSummary[] =>
  rows.flatMap((row) => (row.kind === 'prompt' ? [row.prompt] : []));
