/// <reference types="vite/client" />
import type * as monaco from 'monaco-editor/editor/editor.api.js';

export type Monaco = typeof monaco;

let loading: Promise<Monaco> | undefined;
let loaded: Monaco | null = null;

/** The text editor; in a chunk of its own, so that the window shows before it is read. */
export function loadMonaco(): Promise<Monaco> {
  loading ??= import('./setup.ts').then((setup) => {
    loaded = setup.monaco;
    return setup.monaco;
  });
  return loading;
}

/** The text editor when it has been loaded. */
export const loadedMonaco = (): Monaco | null => loaded;
