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
   * POSTs JSON, or GETs when there is no body. Throws `EndpointFailure`, or an AppError when the target itself is wrong; anything
   * else is a fault of ours.
   */
  send(place: Place, path: string, body: object | null, sending: Sending): Promise<Body>;
  /** Loads what the first request would wait for. */
  prepare(): Promise<void>;
}

/**
 * A client without the OpenAI SDK: building a request with that takes more processor time than everything else about a call
 * (0.35 ms of 0.7, bench/remote-overhead.ts), loading it a quarter of a second, and of an error it keeps only one field of the body.
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

/** An address may have a query of its own, such as Azure's `?api-version=…`, which stays behind the path. */
function urlOf(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.hash = '';
  return url;
}

/** What an endpoint needs and nothing about this computer. One that compresses holds pieces back, so it is asked not to. */
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
