import { AppError } from '../../../src-core/scope/errors.ts';
import { failureOfConnection } from './failures/connection-failures.ts';
import { EndpointFailure, failureOfStatus, type Place } from './failures/failures.ts';
import { ConnectionError } from './http/exchange.ts';
import type { Body, Transport } from './http/http-transport.ts';
import { parseLeniently } from './wire/wire-values.ts';

/** What goes with a request besides its content. */
export interface Sending {
  readonly signal: AbortSignal;
  /** Called when the request is written; again when it has to be written again. */
  readonly sent: () => void;
  /** Called whenever bytes of the answer arrive. */
  readonly received: () => void;
}

/** Sends requests to endpoints in the form of the OpenAI API. */
export interface Client {
  /**
   * POSTs JSON, or GETs when there is no body. Throws `EndpointFailure`, or an AppError when the target itself is
   * wrong; anything else is a bug.
   */
  send(place: Place, path: string, body: object | null, sending: Sending): Promise<Body>;
  /** Loads what the first request would wait for. */
  prepare(): Promise<void>;
}

/**
 * A client without the OpenAI SDK, which takes half of the processor time of a call to build a request (0.35 of 0.7 ms,
 * bench/remote-overhead.ts) and a quarter of a second to load, and keeps only one field of an error body.
 */
export function createClient(transport: Transport, now: () => number): Client {
  return {
    prepare: transport.prepare,
    async send(target, path, body, { signal, sent, received }) {
      const place = target.apiKey === '' ? { ...target, apiKey: null } : target;
      assertUsable(place);
      const answer = await transport
        .send({
          url: urlOf(place.baseUrl, path),
          method: body === null ? 'GET' : 'POST',
          headers: headersFor(place, body !== null),
          body: body === null ? '' : JSON.stringify(body),
          signal,
          sent,
          received,
        })
        .catch((error: unknown) => {
          throw error instanceof ConnectionError ? new EndpointFailure(failureOfConnection(place, error)) : error;
        });
      if (answer.kind === 'answer') return answer.body;
      const { status, headers, text } = answer;
      const said = parsed(text);
      throw new EndpointFailure({ ...failureOfStatus(place, { status, headers, body: said, now: now() }), body: said });
    },
  };
}

/** The query of an address, such as Azure's `?api-version=…`, stays after the path. */
function urlOf(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.hash = '';
  return url;
}

/**
 * The needed headers and none that describe this computer. Compression is refused, because it delays pieces of a
 * stream.
 */
function headersFor({ apiKey }: Place, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'PromptDev',
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
  };
}

/** An error body as JSON where it is some. */
function parsed(text: string): unknown {
  return parseLeniently(text) ?? text;
}

function assertUsable({ endpoint, baseUrl, apiKey }: Place): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppError(
      'invalid',
      `The address of ${endpoint} must start with "http://" or "https://", as in "https://api.openai.com/v1".`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'invalid',
      `The address of ${endpoint} must not contain a user name or password; enter the API key in its own field.`,
    );
  }
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new AppError(
      'invalid',
      `The API key of ${endpoint} contains a space or a character that cannot be sent; enter it again.`,
    );
  }
}
