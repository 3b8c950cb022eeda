import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { connectWebSocket } from '../../src-core/client/connect.ts';
import type { Client } from '../../src-core/client/connection.ts';
import { startHost } from './host.ts';

/** The workbench: a real host on its own folder, and a signed-in window of a real browser. */
export interface App {
  readonly page: Page;
  readonly dataDir: string;
  /** As in `http://127.0.0.1:4321`. */
  readonly origin: string;
  /** The same API that the window uses, to prepare and to check. */
  readonly client: Client;
  /** Another window of the same browser. */
  openWindow(): Promise<Page>;
  /** Ends the host as a crash would. */
  killHost(): Promise<void>;
  /** Starts the host again on the same folder and port; the window stays open. */
  startHost(): Promise<void>;
  /** Both; the window sees the host go and come back. */
  restartHost(): Promise<void>;
  /** What went wrong in the windows so far: errors in the console, and requests that did not go to the host. */
  readonly problems: string[];
}

interface Options {
  /** Environment of the host, as for a key. */
  hostEnv: Readonly<Record<string, string>>;
}

/** Errors that every window reports while its host is away. */
const awayErrors =
  /Unable to preload|Failed to fetch dynamically imported module|WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;

/** A host that can be ended and started again on the same folder and port. */
interface HostHandle {
  readonly dataDir: string;
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  kill(): Promise<void>;
}

export const test = base.extend<{ app: App; host: HostHandle } & Options>({
  hostEnv: [{}, { option: true }],
  host: async ({ hostEnv }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'promptdev-e2e-'));
    let running = await startHost({ dataDir, port: 0, env: hostEnv });
    const { port, url } = running;
    await use({
      dataDir,
      url,
      port,
      start: async () => {
        running = await startHost({ dataDir, port, env: hostEnv });
      },
      kill: () => running.stop('SIGKILL'),
    });
    await running.stop('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  },
  app: async ({ context, host }, use) => {
    const { dataDir, port, url } = host;
    const origin = `http://127.0.0.1:${port}`;
    const problems: string[] = [];
    let wasAway = false;
    watch(context, origin, (problem) => {
      if (!wasAway || !awayErrors.test(problem)) problems.push(problem);
    });
    const cookie = await programCookie(url);
    const connection = connectWebSocket(() => new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { cookie } }), {
      backOff: { firstMs: 50, longestMs: 200 },
    });
    const page = await context.newPage();
    await page.goto(url);

    const app: App = {
      page,
      dataDir,
      origin,
      client: connection.client,
      problems,
      openWindow: async () => {
        const window = await context.newPage();
        await window.goto(origin);
        return window;
      },
      killHost: () => {
        wasAway = true;
        return host.kill();
      },
      startHost: async () => {
        await host.start();
        await expect.poll(() => connection.state().kind).toBe('open');
      },
      restartHost: async () => {
        await app.killHost();
        await app.startHost();
      },
    };
    await use(app);
    connection.close();
    await context.close();
    expect(problems, 'errors in the console and requests to other hosts').toEqual([]);
  },
});
export { expect };

const watch = (context: BrowserContext, origin: string, report: (problem: string) => void): void => {
  context.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => report(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const own = [`${origin}/`, 'blob:', 'data:', 'about:'].some((start) => request.url().startsWith(start));
    if (!own) report(`request: ${request.url()}`);
  });
};

/** A program may use the printed address once without using it up for the browser. */
const programCookie = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};
