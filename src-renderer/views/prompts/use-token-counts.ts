import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import type { Model } from '../../../src-core/contract/models.ts';
import { client } from '../../api.ts';
import { useSettings } from '../../workbench/settings-store.ts';
import { useModels } from '../models/use-models.ts';
import type { Preview } from './use-preview.ts';

/** How many tokens the rendered messages have. */
export interface TokenCounts {
  /** By message. */
  readonly counts: readonly number[];
  readonly total: number;
  /** False when they are estimated, because the model's tokenizer is not here. */
  readonly exact: boolean;
  /** Tokens that fit into the model; null when that is not known. */
  readonly context: number | null;
  readonly modelTitle: string;
}

const pauseMs = 250;

/** Counts the tokens of the rendered messages, a moment after the last change; null while nothing is known. */
export function useTokenCounts(messages: Preview['messages'], model: string | null): TokenCounts | null {
  const { defaultModel } = useSettings();
  const id = model ?? defaultModel;
  const found = useModels()?.find((candidate) => candidate.id === id);
  const texts = useSettled(messages?.map(({ text }) => text).join('\u0000') ?? null);
  const { data } = useQuery({
    // A model that has been loaded counts exactly.
    queryKey: ['token counts', id, found?.kind === 'local' && found.state.kind === 'ready', texts],
    queryFn: async () => {
      const parts = texts?.split('\u0000') ?? [];
      const { counts, exact } = await client.models.countTokens({ id, texts: parts });
      return { counts, exact, id };
    },
    enabled: texts !== null && found !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    retry: false,
  });
  if (messages === null || found === undefined || data === undefined || data.id !== id) return null;
  const { counts, exact } = data;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { counts, total, exact, context: contextOf(found), modelTitle: found.title };
}

/** A value once it has not changed for a moment. */
function useSettled<Value>(value: Value): Value {
  const deferred = useDeferredValue(value);
  const [settled, setSettled] = useState(deferred);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(deferred), pauseMs);
    return () => clearTimeout(timer);
  }, [deferred]);
  return settled;
}

/** What fits into a model as it is, or would be, loaded. */
export function contextOf(model: Model): number | null {
  if (model.kind === 'remote') return model.contextLength;
  if (model.state.kind === 'ready') return model.state.contextSize;
  return model.contextSize ?? model.memory.contextSize;
}
