import { writeFile } from 'node:fs/promises';
import { implement } from '@orpc/server';
import { desktopContract } from '../src-core/desktop/contract.ts';
import { AppError } from '../src-core/scope/errors.ts';
import type { CallContext } from '../src-host/transports/context.ts';
import type { DesktopEvents } from './desktop-events.ts';

interface FileFilter {
  readonly name: string;
  readonly extensions: readonly string[];
}

/** Native dialogs and the platform's file manager, for one window. */
export interface NativeDialogs {
  /** The picked path, or null. */
  pickFile(title: string, filters: readonly FileFilter[]): Promise<string | null>;
  pickTarget(title: string, suggestedName: string, filters: readonly FileFilter[]): Promise<string | null>;
  reveal(path: string): void;
}

/** The `desktop` port: what a window may ask of the shell. */
export function createDesktopRouter(dialogs: NativeDialogs, events: DesktopEvents) {
  const port = implement(desktopContract).$context<CallContext>();
  return port.router({
    openFile: port.openFile.handler(async ({ input }) => {
      const path = await dialogs.pickFile(input.title, input.filters);
      return path === null ? null : { path };
    }),
    saveFile: port.saveFile.handler(async ({ input }) => {
      const path = await dialogs.pickTarget(input.title, input.suggestedName, input.filters);
      if (path === null) return null;
      await writeFile(path, input.text).catch((error: NodeJS.ErrnoException) => {
        throw new AppError('unavailable', `"${path}" could not be written (${error.code}).`, undefined, error);
      });
      return { path };
    }),
    revealPath: port.revealPath.handler(({ input }) => {
      dialogs.reveal(input.path);
      return { ok: true as const };
    }),
    events: port.events.handler(({ signal }) => events.follow(signal)),
  });
}
