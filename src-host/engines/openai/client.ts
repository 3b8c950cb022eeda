import type { OpenAI } from 'openai';
import { AppError } from '../../../src-core/errors.ts';
import { EndpointFailure, failureOfConnection, failureOfStatus, type Place } from './failures.ts';
import type { Body, Transport } from './http-transport.ts';
import { parseLeniently } from './wire-values.ts';

/** Sends requests to endpoints through the OpenAI SDK. */
export interface Client {
  /** POSTs JSON, or GETs when there is no body. Throws `EndpointFailure`, or an AppError when the target itself is wrong. */
  send(place: Place, path: string, body: object | null, signal: AbortSignal): Promise<Body>;
  /** Loads the SDK, so that the first request need not wait for it. */
  prepare(): Promise<void>;
}

/** Longer than any wait of ours: the watchdog decides, not the SDK. */
const sdkTimeoutMs = 2_147_483_647;

/**
 * SDK clients, one per endpoint; the SDK is loaded when the first request is sent. It builds requests and types errors, and
 * its own streaming is left aside: that has no size limit and takes 0.2 ms more processor time per call (bench/remote-overhead.ts).
 */
export function createClient(transport: Transport, now: () => number): Client {
  /** The SDK passes on only what it takes for the error in a body; the words may be elsewhere. */
  const errorTexts = new WeakMap<Headers, string>();
  const clients = new Map<string, { readonly baseUrl: string; readonly apiKey: string | null; readonly sdk: OpenAI }>();

  async function sdkFor(place: Place): Promise<OpenAI> {
    const known = clients.get(place.endpoint);
    if (known && known.baseUrl === place.baseUrl && known.apiKey === place.apiKey) return known.sdk;
    const { OpenAI: Sdk } = await import('openai');
    const sdk = new Sdk({
      baseURL: place.baseUrl.replace(/\/+$/, ''),
      // The SDK insists on a key; without one of ours the header is taken away again.
      apiKey: place.apiKey ?? 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      defaultHeaders: { 'User-Agent': 'PromptDev', ...(place.apiKey === null && { Authorization: null }) },
      maxRetries: 0,
      timeout: sdkTimeoutMs,
      logLevel: 'off',
      fetch: async (url, init) => {
        const response = await transport.fetch(url, init);
        if (!response.ok) errorTexts.set(response.headers, await response.clone().text());
        return response;
      },
    });
    clients.set(place.endpoint, { baseUrl: place.baseUrl, apiKey: place.apiKey, sdk });
    return sdk;
  }

  return {
    async prepare() {
      await import('openai');
    },
    async send(target, path, body, signal) {
      const place = target.apiKey === '' ? { ...target, apiKey: null } : target;
      assertUsable(place);
      const sdk = await sdkFor(place);
      try {
        const response = await (body === null
          ? sdk.get(path, { signal })
          : sdk.post(path, { body, signal })
        ).asResponse();
        return transport.bodyOf(response);
      } catch (error) {
        const { APIError } = await import('openai');
        if (error instanceof APIError && typeof error.status === 'number') {
          const headers = error.headers ?? new Headers();
          const body = bodyOf(errorTexts.get(headers) ?? error.message);
          throw new EndpointFailure(failureOfStatus(place, { status: error.status, headers, body, now: now() }));
        }
        throw new EndpointFailure(failureOfConnection(place, error));
      }
    },
  };
}

/** An error body as JSON where it is some. */
function bodyOf(text: string): unknown {
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
