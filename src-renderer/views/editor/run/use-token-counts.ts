import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Model } from '../../../../src-core/contract/models.ts';
import type { ChatMessage } from '../../../../src-core/ports.ts';
import { client } from '../../../live/api.ts';
import type { DraftHandle } from '../../../live/drafts/draft-store.ts';
import { useSettings } from '../../../live/settings.ts';
import { useModels } from '../../models/state/use-models.ts';
import type { LivePreview, PreviewStore } from '../preview/live-preview.ts';

/** How many tokens the rendered messages have. */
export interface TokenCounts {
  /** Of the text of each message. */
  readonly counts: readonly number[];
  /** Of everything that the model reads, with what its chat template adds. */
  readonly total: number;
  /** False when they are estimated, because the model's tokenizer is not here. */
  readonly exact: boolean;
  /** Tokens that fit into the model; null when that is not known. */
  readonly context: number | null;
  readonly modelTitle: string;
}

const pauseMs = 250;
/** Longer than a window that types waits between two saves: what another one types is counted when it rests. */
const othersPauseMs = 1_000;

/** Counts the tokens of the rendered messages, a moment after the last change; null while nothing is known. */
export function useTokenCounts(handle: DraftHandle, preview: PreviewStore, model: string | null): TokenCounts | null {
  const { defaultModel } = useSettings();
  const id = model ?? defaultModel;
  const found = useModels()?.find((candidate) => candidate.id === id);
  const settled = useSettledMessages(handle, preview);
  const messages = settled?.messages ?? null;
  const { data } = useQuery({
    // A model that has been loaded counts exactly.
    queryKey: ['token counts', id, found?.kind === 'local' && found.state.kind === 'ready', settled?.number],
    queryFn: async () => {
      const count = await client.models.countTokens({ id, messages: (messages ?? []).map(writable) });
      return { ...count, id };
    },
    enabled: messages !== null && found !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    retry: false,
  });
  if (messages === null || found === undefined || data === undefined || data.id !== id) return null;
  const { counts, total, exact } = data;
  return { counts, total, exact, context: contextOf(found), modelTitle: found.title };
}

function writable({ role, content }: ChatMessage) {
  return { role, content: typeof content === 'string' ? content : [...content] };
}

interface Settled {
  /** Identifies the messages in the query key, for which they are too long. */
  readonly number: number;
  readonly messages: readonly ChatMessage[];
}

let settledCount = 0;

/** The rendered messages once they have not changed for a moment; null before the first. */
function useSettledMessages(handle: DraftHandle, preview: PreviewStore): Settled | null {
  const [settled, setSettled] = useState<Settled | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => setSettled(settle(preview.getState())), ms);
    };
    const isOwn = () => handle.store.getState().save.kind !== 'saved';
    wait(pauseMs);
    const stop = preview.subscribe(
      (now, before) => now.messages !== before.messages && wait(isOwn() ? pauseMs : othersPauseMs),
    );
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [handle, preview]);
  return settled;
}

function settle({ messages }: LivePreview): Settled | null {
  if (messages === null) return null;
  settledCount += 1;
  return { number: settledCount, messages: messages.map(({ role, content }) => ({ role, content })) };
}

/** The context size with which a model is or would be loaded. */
export function contextOf(model: Model): number | null {
  if (model.kind === 'remote') return model.contextLength;
  if (model.state.kind === 'ready') return model.state.contextSize;
  return model.contextSize ?? model.memory.contextSize;
}
