import { useEffect, useState } from 'react';
import { client } from '../api.ts';

interface Shown {
  /** An address of this window alone; never that of another computer. */
  readonly url: Promise<string | null>;
  users: number;
}

const shown = new Map<string, Shown>();

/** The types that a browser draws and that cannot run anything. */
const drawnTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Whether bytes of this type are shown as a picture. */
export function isDrawn(mediaType: string): boolean {
  return drawnTypes.includes(mediaType);
}

/** The address of an image of the workspace while something shows it; null until it is loaded, and when it is none. */
export function useImageUrl(hash: string | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (hash === null) return;
    let isCurrent = true;
    const entry = shown.get(hash) ?? { url: oneAtATime(() => load(hash)), users: 0 };
    shown.set(hash, entry);
    entry.users += 1;
    void entry.url.then((made) => isCurrent && setUrl(made));
    return () => {
      isCurrent = false;
      entry.users -= 1;
      if (entry.users === 0) release(hash, entry);
      setUrl(null);
    };
  }, [hash]);
  return url;
}

function release(hash: string, entry: Shown): void {
  if (shown.get(hash) === entry) shown.delete(hash);
  void entry.url.then((url) => url !== null && URL.revokeObjectURL(url));
}

async function load(hash: string): Promise<string | null> {
  // It may have been scrolled past while it waited.
  if ((shown.get(hash)?.users ?? 0) === 0) return null;
  const { data, mediaType } = await client.blobs.get({ hash });
  if (!isDrawn(mediaType)) return null;
  return URL.createObjectURL(new Blob([bytesOf(data)], { type: mediaType }));
}

let last: Promise<unknown> = Promise.resolve();

/** Bytes are large, so no two of them are under way at once. */
function oneAtATime(work: () => Promise<string | null>): Promise<string | null> {
  const next = last.then(work).catch(() => null);
  last = next;
  return next;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
