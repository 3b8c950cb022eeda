import { useEffect } from 'react';
import { create } from 'zustand';
import { type BlobSummary, mostDescribed } from '../../../src-core/contract/blobs.ts';
import { client, whenConnected } from '../api.ts';

/** Facts by hash; null for bytes that the workspace does not have. */
const useFacts = create<{ readonly facts: Readonly<Record<string, BlobSummary | null>> }>(() => ({ facts: {} }));

const wanted = new Set<string>();
let isAsking = false;

/** Size and type of bytes of the workspace; null when they are not there, undefined until that is known. */
export function useBlob(hash: string | undefined): BlobSummary | null | undefined {
  const found = useFacts(({ facts }) => (hash === undefined ? undefined : facts[hash]));
  useEffect(() => {
    // What was missing may have come since.
    if (hash !== undefined && !useFacts.getState().facts[hash]) want(hash);
  }, [hash]);
  return found;
}

/** Takes over what the host has just told of bytes. */
export function knowBlob(blob: BlobSummary): void {
  useFacts.setState(({ facts }) => ({ facts: { ...facts, [blob.hash]: blob } }));
}

function want(hash: string): void {
  wanted.add(hash);
  if (isAsking) return;
  isAsking = true;
  // Effects of one render ask together.
  queueMicrotask(() => void askAll());
}

async function askAll(): Promise<void> {
  while (wanted.size > 0) {
    const hashes = [...wanted].slice(0, mostDescribed);
    try {
      await whenConnected();
      const found = new Map((await client.blobs.describe({ hashes })).map((blob) => [blob.hash, blob]));
      const told = Object.fromEntries(hashes.map((hash) => [hash, found.get(hash) ?? null]));
      useFacts.setState(({ facts }) => ({ facts: { ...facts, ...told } }));
    } catch {
      // They are asked for again with the next view that shows them.
    }
    for (const hash of hashes) wanted.delete(hash);
  }
  isAsking = false;
}
