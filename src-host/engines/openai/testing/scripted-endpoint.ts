import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Behaviour, behaviourOf, standardModels } from './behaviours.ts';
import {
  answer,
  type ChatBody,
  sendError,
  sendJson,
  sendPieces,
  startStream,
  streamEndlessly,
} from './write-answer.ts';

export interface ScriptedEndpointOptions {
  /** Models beside the standard ones (see `standardModels`); the same name replaces. */
  readonly models?: Readonly<Record<string, Behaviour>>;
  /** When given, a request without exactly this bearer key is answered 401. */
  readonly apiKey?: string;
  /** What `GET /v1/models` does; absent lists the models. */
  readonly list?: Behaviour | { readonly kind: 'models'; readonly ids: readonly string[] };
  /** 0 (default) takes a free port. */
  readonly port?: number;
}

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ChatBody;
  readonly at: number;
  /** True once the client went away before the answer was complete. */
  aborted: boolean;
}

export interface ScriptedEndpoint {
  /** Base URL including `/v1`. */
  readonly baseUrl: string;
  readonly origin: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** The largest number of chat requests that were open at the same time. */
  readonly peakConcurrency: number;
  /** Forgets requests, peak and how often a `times` behaviour has happened. */
  reset(): void;
  close(): Promise<void>;
}

/** A real HTTP server on 127.0.0.1 that stands in for an OpenAI-compatible endpoint; the model name chooses what it does. */
export async function startScriptedEndpoint(options: ScriptedEndpointOptions = {}): Promise<ScriptedEndpoint> {
  const requests: RecordedRequest[] = [];
  const happened = new Map<string, number>();
  const sockets = new Set<Socket>();
  const load = { open: 0, peak: 0 };

  const server = createServer((request, response) => {
    // A client that resets its connection is part of the script, never a reason for this process to end.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record: RecordedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: await readJson(request),
      at: performance.now(),
      aborted: false,
    };
    requests.push(record);
    response.once('close', () => {
      record.aborted = !response.writableFinished;
    });
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return sendError(response, 401, 'Incorrect API key provided.');
    }
    if (request.method === 'GET' && record.path === '/v1/models') return await list(record, response);
    if (request.method === 'POST' && record.path === '/v1/chat/completions') return await chat(record, response);
    sendError(response, 404, `There is no ${record.method} ${record.path}.`);
  }

  async function list(record: RecordedRequest, response: ServerResponse): Promise<void> {
    const behaviour = options.list ?? {
      kind: 'models',
      ids: [...Object.keys(standardModels), ...Object.keys(options.models ?? {})],
    };
    if (behaviour.kind !== 'models') return await perform(behaviour, '(list)', record, response);
    sendJson(response, 200, {
      object: 'list',
      data: behaviour.ids.map((id) => ({ id, object: 'model', owned_by: 'scripted' })),
    });
  }

  async function chat(record: RecordedRequest, response: ServerResponse): Promise<void> {
    load.open += 1;
    load.peak = Math.max(load.peak, load.open);
    response.once('close', () => {
      load.open -= 1;
    });
    const model = record.body.model ?? '';
    const behaviour = behaviourOf(model, options.models ?? {});
    if (!behaviour) return sendError(response, 404, `The model '${model}' does not exist.`);
    await perform(behaviour, model, record, response);
  }

  async function perform(
    behaviour: Behaviour,
    model: string,
    record: RecordedRequest,
    response: ServerResponse,
  ): Promise<void> {
    const { body } = record;
    switch (behaviour.kind) {
      case 'answer':
        return await answer(response, body, behaviour);
      case 'status':
        if (isOver(model, behaviour.times)) return await answer(response, body, {});
        return sendError(response, behaviour.status, behaviour.message ?? 'Scripted failure.', behaviour.headers);
      case 'hang':
        if (behaviour.afterChunks !== undefined) await startStream(response, body, behaviour.afterChunks);
        return;
      case 'reset':
        if (isOver(model, behaviour.times)) return await answer(response, body, {});
        if (behaviour.afterChunks !== undefined) await startStream(response, body, behaviour.afterChunks);
        response.socket?.resetAndDestroy();
        return;
      case 'cut':
        await startStream(response, body, behaviour.afterChunks);
        response.end();
        return;
      case 'raw':
        response.writeHead(behaviour.status ?? 200, { 'content-type': behaviour.contentType });
        return await sendPieces(response, typeof behaviour.body === 'string' ? [behaviour.body] : behaviour.body);
      case 'redirect':
        response.writeHead(307, { location: behaviour.location }).end();
        return;
      case 'endless':
        return await streamEndlessly(response, body, behaviour.chunkDelayMs, behaviour.field);
      default:
        return behaviour satisfies never;
    }
  }

  function isOver(model: string, times: number | undefined): boolean {
    const count = (happened.get(model) ?? 0) + 1;
    happened.set(model, count);
    return times !== undefined && count > times;
  }

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    baseUrl: `${origin}/v1`,
    origin,
    requests,
    get peakConcurrency() {
      return load.peak;
    },
    reset() {
      requests.length = 0;
      happened.clear();
      load.peak = load.open;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function readJson(request: IncomingMessage): Promise<ChatBody> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  if (parts.length === 0) return {};
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as ChatBody;
}
