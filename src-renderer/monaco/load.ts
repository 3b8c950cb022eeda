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

/** The host serves this chunk and may be away; plain text shows until it is loaded. */
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
      // Browsers remember a failed import by its address, so a new attempt needs a new one.
      if (url !== null) read = () => import(/* @vite-ignore */ `${url}?attempt=${attempt}`) as Promise<Setup>;
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      await whenConnected();
    }
  }
}

/** The address of the module that could not be read, which the browser names in its error. */
const chunkIn = (error: unknown): string | null =>
  error instanceof Error ? (/\S+\/assets\/[\w-]+\.js/.exec(error.message)?.[0] ?? null) : null;

/** Loads failed style sheets again, which browsers do not do either; an editor without them cannot be used. */
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

/** Reading the rules of a failed style sheet throws. */
function isRead({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet !== null && sheet.cssRules.length > 0;
  } catch {
    return false;
  }
}
