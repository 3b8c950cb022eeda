import { writeFile } from 'node:fs/promises';
import { implement } from '@orpc/server';
import { desktopContract } from '../src-core/desktop/contract.ts';
import { AppError } from '../src-core/errors.ts';
import type { CallContext } from '../src-host/transports/context.ts';
import type { DesktopEvents } from './desktop-events.ts';

interface FileFilter {
  readonly name: string;
  readonly extensions: readonly string[];
}

/** Native dialogs and the platform's shell, for one window. */
export interface Desk {
  /** The picked path, or null. */
  pickFile(title: string, filters: readonly FileFilter[]): Promise<string | null>;
  pickTarget(title: string, suggestedName: string, filters: readonly FileFilter[]): Promise<string | null>;
  /** Asks the person; the host name is what they should look at. */
  confirmLeaving(url: URL): Promise<boolean>;
  reveal(path: string): void;
  openExternal(url: string): Promise<void>;
}

/** The `desktop` port: what a window may ask of the shell. */
export const createDesktopRouter = (desk: Desk, events: DesktopEvents) => {
  const port = implement(desktopContract).$context<CallContext>();
  return port.router({
    openFile: port.openFile.handler(async ({ input }) => {
      const path = await desk.pickFile(input.title, input.filters);
      return path === null ? null : { path };
    }),
    saveFile: port.saveFile.handler(async ({ input }) => {
      const path = await desk.pickTarget(input.title, input.suggestedName, input.filters);
      if (path === null) return null;
      const { content } = input;
      const bytes = content.kind === 'text' ? content.text : Buffer.from(content.base64, 'base64');
      await writeFile(path, bytes).catch((error: NodeJS.ErrnoException) => {
        throw new AppError('unavailable', `"${path}" could not be written (${error.code}).`, undefined, error);
      });
      return { path };
    }),
    revealPath: port.revealPath.handler(({ input }) => {
      desk.reveal(input.path);
      return { ok: true as const };
    }),
    openExternal: port.openExternal.handler(async ({ input }) => {
      const url = new URL(input.url);
      if (!(await desk.confirmLeaving(url))) return { opened: false };
      await desk.openExternal(url.href);
      return { opened: true };
    }),
    events: port.events.handler(({ signal }) => events.follow(signal)),
  });
};
