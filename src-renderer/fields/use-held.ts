import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { useEffect } from 'react';
import type { z } from 'zod';
import { create } from 'zustand';
import type { Json } from '../../src-core/contract/shared.ts';
import { loadStatesWhenConnected, recall, remember } from '../live/window-state.ts';

/** What fields hold, by their keys; null where they hold nothing, absent until it is known. */
const useAllHeld = create<Readonly<Record<string, Json>>>(() => ({}));

interface HeldOptions<Value> {
  /** Checks what is read back, because an older PromptDev may have written it. */
  readonly schema: z.ZodType<Value>;
  /** What of it may be stored; everything when absent. */
  readonly keep?: (value: Value) => Value;
}

/**
 * Keeps what is typed and not in effect yet until it is set to null: over its component, a reload, the window and a
 * restart of the host.
 */
export function useHeld<Value extends Json>(
  key: string,
  { schema, keep = (value) => value }: HeldOptions<Value>,
): readonly [Value | null, (value: Value | null) => void] {
  const value = useAllHeld((all) => all[key]) as Value | null | undefined;
  const isKnown = value !== undefined;
  useEffect(() => {
    if (isKnown) return;
    void readBack(key, schema);
  }, [key, isKnown, schema]);
  return [
    value ?? null,
    (next) => {
      const before = useAllHeld.getState()[key];
      useAllHeld.setState({ [key]: next });
      if (next !== null || before != null) remember(stateKey(key), next === null ? null : keep(next));
    },
  ];
}

/** Tries until the host has answered, because a failed read does not mean that nothing is stored. */
async function readBack<Value extends Json>(key: string, schema: z.ZodType<Value>): Promise<void> {
  if (reading.has(key)) return;
  reading.add(key);
  // A person may begin to type meanwhile.
  const isWanted = () => useAllHeld.getState()[key] === undefined;
  await loadStatesWhenConnected([stateKey(key)], isWanted);
  reading.delete(key);
  if (!isWanted()) return;
  useAllHeld.setState({ [key]: recall<Value | null>(stateKey(key), schema.nullable(), null) });
}

const reading = new Set<string>();

/** The host takes keys of 200 characters, and names of models may be longer. */
const stateKey = (key: string) => `held.${key.length < 150 ? key : bytesToHex(sha256(utf8ToBytes(key)))}`;
