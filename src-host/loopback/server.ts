import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { AnyContractRouter } from '@orpc/contract';
import type { Router } from '@orpc/server';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Log } from '../../src-core/ports.ts';
import { AppError, toAppError } from '../../src-core/scope/errors.ts';
import { guardListener } from '../host/guard-listener.ts';
import type { CallContext } from '../transports/context.ts';
import { serveWebSocket } from '../transports/serve-calls.ts';
import { authorize, type Verdict } from './authorize.ts';
import { discardBody, hasBody } from './body.ts';
import { answer, answerError, secureHeaders, signInPage } from './responses.ts';
import { createSignIn } from './sign-in.ts';
import { openStaticFiles } from './static-files.ts';
import { openUploads } from './uploads.ts';

export interface LoopbackOptions<Contracts extends AnyContractRouter> {
  readonly router: Router<Contracts, CallContext>;
  readonly log: Log;
  readonly dataDir: string;
  /** Folder of the built window. */
  readonly rendererDir: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface Loopback {
  readonly port: number;
  /** A new address to print; it signs in one browser. */
  printedUrl(): string;
  /** A new address to start a browser with; it must be opened within 30 s. */
  openedUrl(): string;
  close(): Promise<void>;
}

const largestMessageBytes = 64 * 1024 * 1024;
const clientIdSchema = z.uuid();

/** Serves the window and its WebSocket on 127.0.0.1 to clients that signed in with an address of this server. */
export async function startLoopback<Contracts extends AnyContractRouter>({
  router,
  log,
  dataDir,
  rendererDir,
  port: wantedPort,
}: LoopbackOptions<Contracts>): Promise<Loopback> {
  const files = openStaticFiles(rendererDir);
  const uploads = openUploads(dataDir);
  const signIn = createSignIn(join(dataDir, 'loopback-sessions.json'), log);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes, perMessageDeflate: false });
  const server = createServer();
  const port = await listen(server, wantedPort);
  const headers = Object.entries(secureHeaders(port));
  // Cookies are shared by all ports of an address, so each host needs its own name.
  const cookieName = `promptdev-${port}`;

  const verdictOn = (request: IncomingMessage): Verdict =>
    authorize(
      {
        method: request.method ?? '',
        target: request.url ?? '',
        host: request.headers.host ?? null,
        origin: request.headers.origin ?? null,
        fetchSite: headerOf(request, 'sec-fetch-site'),
        signedIn: signIn.isSession(cookieOf(request, cookieName)),
      },
      port,
    );

  const receive = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (headerOf(request, 'x-promptdev') !== '1') {
      discardBody(request);
      return answerError(request, response, 403, {
        code: 'denied',
        message: 'An upload needs the header X-PromptDev.',
      });
    }
    if (expectsContinue(request)) response.writeContinue();
    try {
      const stored = await uploads.receive(path.slice('/models/'.length), request);
      answer(request, response, 201, 'application/json', JSON.stringify({ path: stored }));
    } catch (thrown) {
      // The client closed the connection, so there is nobody to answer.
      if (request.errored) return;
      const error = toAppError(thrown);
      if (error.code === 'internal') log.error('An upload failed', thrown);
      discardBody(request);
      answerError(request, response, error.code === 'internal' ? 500 : 422, error.toData());
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const verdict = verdictOn(request);
    for (const [name, value] of headers) response.setHeader(name, value);
    const code = verdict.kind !== 'refuse' && verdict.path === '/' ? verdict.query.get('code') : null;
    if (verdict.kind === 'enter' && verdict.path.startsWith('/models/'))
      return receive(verdict.path, request, response);
    // Nothing has read the body, but a client that is still sending must get the answer.
    if (hasBody(request)) discardBody(request);
    if (verdict.kind === 'refuse') return answer(request, response, verdict.status, 'text/plain', verdict.sentence);
    if (verdict.kind === 'unauthenticated') {
      const token = code && mayExchange(request) ? signIn.exchange(code, visitorOf(request)) : null;
      if (token === null) return answer(request, response, 401, 'text/html', signInPage);
      response.setHeader('Set-Cookie', `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    }
    if (code !== null) return void response.writeHead(303, { Location: '/', 'Cache-Control': 'no-store' }).end();
    if (files.serve(verdict.path, request, response)) return;
    answer(request, response, 404, 'text/plain', 'There is nothing here.');
  };
  const onRequest = guardListener(log, 'A request failed', handle, answerFailure);
  server.on('request', onRequest);
  // Without this Node answers `Expect: 100-continue` before the request is authorised.
  server.on('checkContinue', onRequest);

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A client that disconnects must not end the host.
    stream.on('error', () => {});
    const verdict = verdictOn(request);
    if (verdict.kind === 'refuse') return refuseUpgrade(stream, verdict.status);
    if (verdict.kind === 'unauthenticated') return refuseUpgrade(stream, 401);
    if (verdict.path !== '/rpc') return refuseUpgrade(stream, 404);
    const clientId = clientIdSchema.safeParse(verdict.query.get('client'));
    const serve = (socket: WebSocket): void => {
      socket.on('error', (error) => log.error('A window broke its connection', error));
      serveWebSocket(router, socket, { clientId: clientId.success ? clientId.data : randomUUID(), log });
    };
    sockets.handleUpgrade(
      request,
      stream,
      head,
      guardListener(log, 'A window could not be served', serve, (socket) => socket.terminate()),
    );
  };
  server.on(
    'upgrade',
    guardListener(log, 'An upgrade failed', upgrade, (_, stream) => refuseUpgrade(stream, 500)),
  );

  const urlWith = (code: string): string => `http://127.0.0.1:${port}/?code=${code}`;
  return {
    port,
    printedUrl: () => urlWith(signIn.printedCode()),
    openedUrl: () => urlWith(signIn.openedCode()),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<number> => {
  // An upload may take longer than any limit on a whole request.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
};

const listenError = (error: NodeJS.ErrnoException, port: number): AppError => {
  if (error.code === 'EADDRINUSE') {
    return new AppError('unavailable', `Port ${port} is already in use; choose another, or --port 0 for any free one.`);
  }
  if (error.code === 'EACCES') {
    return new AppError(
      'denied',
      `Port ${port} needs rights that you do not have; choose one above 1023, or --port 0.`,
    );
  }
  return new AppError('unavailable', `PromptDev cannot listen on 127.0.0.1:${port} (${error.code}).`, undefined, error);
};

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};

const cookieOf = (request: IncomingMessage, name: string): string | null => {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const found = cookies.find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? null;
};

/** HEAD and prefetch requests must not use up the code. */
const mayExchange = (request: IncomingMessage): boolean =>
  request.method === 'GET' && headerOf(request, 'sec-purpose') === null;

const visitorOf = (request: IncomingMessage) =>
  headerOf(request, 'sec-fetch-mode') === 'navigate' ? 'browser' : 'program';

const expectsContinue = (request: IncomingMessage): boolean =>
  headerOf(request, 'expect')?.toLowerCase() === '100-continue';

/** Answers with the error when answering a request failed. */
const answerFailure = (request: IncomingMessage, response: ServerResponse): void => {
  if (response.headersSent) return void response.destroy();
  discardBody(request);
  answer(request, response, 500, 'text/plain', 'PromptDev could not answer this; its log (host.log) says why.');
};

/** How long a refused client may take to close the connection, milliseconds. */
const refusedMs = 1_000;

const refuseUpgrade = (stream: Duplex, status: number): void => {
  stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  setTimeout(() => stream.destroy(), refusedMs).unref();
};
