import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { attempt } from '../../../components/attempt.ts';
import { client, orpc } from '../../../live/api.ts';
import type { DraftHandle } from '../../editor/draft/draft-store.ts';
import { draftRef, stepRef } from '../content-ref.ts';
import { adopt } from '../history-actions.ts';
import { openDiff } from '../open-history.ts';

const pageSize = 100;

/** The steps of a draft as far as they are read, newest first. */
export function useSteps(promptId: string) {
  const query = useInfiniteQuery({
    ...orpc.prompts.draftSteps.infiniteOptions({
      input: (cursor: string | undefined) => ({ id: promptId, limit: pageSize, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const steps = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return {
    steps,
    error: query.error,
    more: () => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage(),
  };
}

/** One step of a draft's undo tree. */
export type DraftStep = NonNullable<ReturnType<typeof useSteps>['steps']>[number];

/** Lets the draft say what it said at a step; what it says now stays a step to come back to. */
export async function goToStep(handle: DraftHandle, step: string): Promise<void> {
  const { id } = handle.store.getState().prompt;
  const draft = await attempt('The draft stays as it is', async () => {
    await handle.flush();
    return client.prompts.goToStep({ id, step });
  });
  if (draft !== null) adopt(id, draft);
}

/** Shows how the draft differs now from what it said at a step; everything typed so far counts. */
export async function compareWithStep(handle: DraftHandle, step: string): Promise<void> {
  await handle.flush().catch(() => {});
  const { id, name } = handle.store.getState().prompt;
  openDiff({ before: stepRef(id, step), after: draftRef(id) }, `${name}: step → draft`);
}
