import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDataDir } from '../files/data-dir.ts';
import { openHost } from '../host/host.ts';
import { openWindow } from './open-window.ts';
import { startLoopback } from './server.ts';

export interface WorkbenchOptions {
  /** As typed; absent takes the platform's folder. */
  readonly dataDir?: string;
  readonly port: number;
  /** Opens a browser window when there is a display. */
  readonly open: boolean;
  /** Takes the one line that says where the workbench is. */
  readonly print: (line: string) => void;
}

export interface Workbench {
  /** Prints a new address, because each signs in one browser only. */
  printAddress(): void;
  close(): Promise<void>;
}

/** Beside the build (`out/main`) or, when run from sources, in it. */
const rendererDir = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, '..', 'renderer'), join(here, '..', '..', 'renderer')];
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? join(here, '..', '..', 'out', 'renderer');
};

/** Opens the host and serves the workbench on 127.0.0.1 until it is closed. */
export async function serveWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const dataDir = openDataDir(options.dataDir);
  const host = await openHost({ dataDir, stays: true });
  const { port } = options;
  const loopback = await startLoopback({
    router: host.router,
    log: host.log,
    dataDir,
    rendererDir: rendererDir(),
    port,
  }).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });
  const printAddress = () => options.print(`PromptDev is ready: ${loopback.printedUrl()}`);
  printAddress();
  if (options.open) void openWindow(loopback.openedUrl(), dataDir);
  return {
    printAddress,
    close: async () => {
      await loopback.close();
      await host.close();
    },
  };
}
