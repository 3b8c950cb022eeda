import type * as monaco from 'monaco-editor/editor/editor.api.js';
import { whenConnected } from '../live/api.ts';

export type Monaco = typeof monaco;
type Setup = typeof import('./setup.ts');

const retryDelayMs = 1_000;
let loading: Promise<Monaco> | undefined;
let loaded: Monaco | null = null;

/** The text editor; in a chunk of its own, so that the window shows before it is read. */
export function loadMonaco(): Promise<Monaco> {
  loading ??= readUntilThere();
  return loading;
}

/** The text editor when it has been loaded. */
export function loadedMonaco(): Monaco | null {
  return loaded;
}

/** The host serves the chunk too, so it may be away just then; plain text shows meanwhile. */
async function readUntilThere(): Promise<Monaco> {
  let read = (): Promise<Setup> => import('./setup.ts');
  for (let attempt = 1; ; attempt += 1) {
    try {
      const setup = await read();
      await readStyles();
      loaded = setup.monaco;
      return setup.monaco;
    } catch (error) {
      const url = chunkIn(error);
      // A browser does not ask again for a module that it could not read once, unless its address is another one.
      if (url !== null) read = () => import(/* @vite-ignore */ `${url}?attempt=${attempt}`) as Promise<Setup>;
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      await whenConnected();
    }
  }
}

/** The address of the module that could not be read, which the browser names in its error. */
const chunkIn = (error: unknown): string | null =>
  error instanceof Error ? (/\S+\/assets\/[\w-]+\.js/.exec(error.message)?.[0] ?? null) : null;

/** Reads style sheets that could not be read, which browsers do not ask for again either; an editor without them is a mess. */
async function readStyles(): Promise<void> {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    if (isRead(link)) continue;
    const again = link.cloneNode() as HTMLLinkElement;
    const done = new Promise((resolve, reject) => {
      again.onload = resolve;
      again.onerror = () => reject(new Error(`The style sheet ${again.href} could not be read.`));
    });
    link.replaceWith(again);
    await done;
  }
}

/** The rules of one that could not be read may not be looked at. */
function isRead({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet !== null && sheet.cssRules.length > 0;
  } catch {
    return false;
  }
}
