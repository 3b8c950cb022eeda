import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { z } from 'zod';
import type { CallContext } from '../../transports/context.ts';
import { type Loopback, startLoopback } from '../server.ts';

export const pingContract = { ping: oc.output(z.object({ clientId: z.string() })) };

const implementer = implement(pingContract).$context<CallContext>();
const router = implementer.router({
  ping: implementer.ping.handler(({ context }) => ({ clientId: context.clientId })),
});

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface LoopbackRequest {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface LoopbackFixture {
  readonly folder: string;
  readonly dataDir: string;
  readonly loopback: Loopback;
  /** What the server logged as an error. */
  readonly problems: readonly string[];
  /** Sends one request to the server, with any `Host` that the test wants. */
  request(what: LoopbackRequest): Promise<Answer>;
  /** The cookie that the printed address gives a browser. */
  signIn(): Promise<string>;
  close(): Promise<void>;
}

/** A loopback server over a tiny window and a one-operation router, in a folder of its own. */
export async function openFixture(port = 0): Promise<LoopbackFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'promptdev-loopback-'));
  const rendererDir = join(folder, 'renderer');
  const dataDir = join(folder, 'data');
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  mkdirSync(dataDir);
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>PromptDev</title>');
  writeFileSync(join(rendererDir, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'outside the window');
  const problems: string[] = [];
  const loopback = await startLoopback({
    router,
    log: { info: () => {}, error: (message) => void problems.push(message) },
    dataDir,
    rendererDir,
    port,
  });
  const request = (what: LoopbackRequest) => send(loopback.port, what);
  return {
    folder,
    dataDir,
    loopback,
    problems,
    request,
    signIn: async () => {
      const { pathname, search } = new URL(loopback.printedUrl());
      const answer = await request({ path: pathname + search, headers: { 'sec-fetch-mode': 'navigate' } });
      return cookieFrom(answer);
    },
    close: async () => {
      await loopback.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The `name=value` of the cookie that an answer sets, or an empty string. */
export function cookieFrom(answer: Answer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

const send = (port: number, { path = '/', method = 'GET', headers = {}, body }: LoopbackRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false, setHost: !('host' in headers) },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      },
    );
    // A refused upgrade comes back as an ordinary answer; an accepted one as this.
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
