import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { VersionEntry } from '../../../../src-core/contract/versions.ts';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { orpc } from '../../../live/api.ts';

export interface TimelineFilter {
  /** Found in notes and names of authors; or a number. */
  readonly text: string;
  readonly author: string | null;
  readonly label: string | null;
}

/** Versions of a prompt as far as they are read, newest first. */
export interface Timeline {
  /** Undefined while the first page is read. */
  readonly versions: readonly VersionEntry[] | undefined;
  /** How many the filter leaves, read or not. */
  readonly total: number | undefined;
  readonly error: Error | null;
  /** Reads the next page, when there is one. */
  readonly more: () => void;
}

const pageSize = 100;

/** Reads the history of a prompt page by page. */
export function useTimeline(promptId: string, { text, author, label }: TimelineFilter): Timeline {
  const query = useInfiniteQuery({
    ...orpc.versions.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        promptId,
        text,
        ...(author !== null && { author }),
        ...(label !== null && { label }),
        limit: pageSize,
        cursor,
      }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
    // The field says that it is too long; what was found before stays.
    enabled: tooLong('A search', text, longest.timelineSearch) === null,
  });
  const versions = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return {
    versions,
    total: query.data?.pages[0]?.total,
    error: query.error,
    more: () => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage(),
  };
}
