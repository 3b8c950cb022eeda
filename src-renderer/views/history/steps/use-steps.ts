import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { attempt } from '../../../components/overlays/attempt.ts';
import { client, orpc } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { draftRef, stepRef } from '../../../workbench/navigation/content-ref.ts';
import { openDiff } from '../../../workbench/navigation/open-history.ts';
import { adopt } from '../versions/history-actions.ts';

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

/** Sets the draft to a step; the current text remains a step too. */
export async function goToStep(handle: DraftHandle, step: string): Promise<void> {
  const { id } = handle.store.getState().prompt;
  const draft = await attempt('The draft stays as it is', async () => {
    await handle.flush();
    return client.prompts.goToStep({ id, step });
  });
  if (draft !== null) adopt(id, draft);
}

/** Shows how the draft differs from a step; saves what is typed first. */
export async function compareWithStep(handle: DraftHandle, step: string): Promise<void> {
  await handle.flush().catch(() => {});
  const { id, name } = handle.store.getState().prompt;
  openDiff({ before: stepRef(id, step), after: draftRef(id) }, `${name}: step → draft`);
}
