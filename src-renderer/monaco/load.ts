import type * as monaco from 'monaco-editor/editor/editor.api.js';
import { whenConnected } from '../api.ts';

export type Monaco = typeof monaco;

const retryDelayMs = 1_000;
let loading: Promise<Monaco> | undefined;
let loaded: Monaco | null = null;

/** The text editor; in a chunk of its own, so that the window shows before it is read. */
export function loadMonaco(): Promise<Monaco> {
  loading ??= readUntilThere();
  return loading;
}

/** The text editor when it has been loaded. */
export const loadedMonaco = (): Monaco | null => loaded;

/** The host serves the chunk too, so it may be away just then; plain text shows meanwhile. */
async function readUntilThere(): Promise<Monaco> {
  for (;;) {
    try {
      const setup = await import('./setup.ts');
      loaded = setup.monaco;
      return setup.monaco;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      await whenConnected();
    }
  }
}
