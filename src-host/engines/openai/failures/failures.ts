import type { ErrorCode } from '../../../../src-core/contract/error-codes.ts';
import type { EndpointCheck, RemoteTarget } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import { messageIn, titleOf, type WireError } from '../wire/error-words.ts';
import { oneLine } from '../wire/wire-values.ts';
import { retryAfter } from './retry.ts';

export type Problem =
  | Extract<EndpointCheck, { kind: 'failed' }>['problem']
  | 'rejected'
  | 'rate_limited'
  | 'redirect'
  | 'broken_stream';

/** Why one attempt failed, by what to do about it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly problem: Problem;
  /** One sentence. */
  readonly message: string;
  /** The endpoint's full message without the key; decisions are based on it, because `message` is shortened. */
  readonly said?: string;
  /** The body of an HTTP error as it came, JSON where it is that. */
  readonly body?: unknown;
  readonly retryable: boolean;
  /** What the endpoint asked for, milliseconds. */
  readonly retryAfterMs?: number;
  readonly status?: number;
}

export type Place = Pick<RemoteTarget, 'endpoint' | 'baseUrl' | 'apiKey'> & { readonly model?: string };

/** Carries a failure through code that throws. */
export class EndpointFailure extends Error {
  override readonly name = 'EndpointFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The parts of an HTTP error answer that are needed here. */
export interface StatusAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly now: number;
}

/** The failure that an HTTP status stands for. */
export function failureOfStatus(place: Place, { status, headers, body, now }: StatusAnswer): Failure {
  const words = redact(messageIn(body), place.apiKey);
  return withWords(failureWithWords(place, { status, headers, body, now }, words), words);
}

function withWords(failure: Failure, said: string): Failure {
  return said === '' ? failure : { ...failure, said };
}

function failureWithWords(place: Place, { status, headers, body, now }: StatusAnswer, words: string): Failure {
  const said = quote(place, words);
  const retryAfterMs = retryAfter(headers, now) ?? retryDelayIn(body);
  const name = place.endpoint;
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? 'another address';
    return fail(
      'invalid',
      'redirect',
      `${name} redirects to ${shorten(redact(to, place.apiKey))}, which PromptDev does not follow so that the key stays with ${originOf(place)}; enter the final address instead.`,
    );
  }
  switch (status) {
    case 401:
      return fail(
        'denied',
        'unauthorized',
        place.apiKey === null
          ? `${name} asks for an API key (401)${said}; enter one in Models.`
          : `${name} refused the API key (401)${said}; enter a valid key in Models.`,
        { status },
      );
    case 402:
      return fail('denied', 'unauthorized', `${name} wants to be paid first (402)${said}.`, { status });
    case 403:
      return fail('denied', 'unauthorized', `${name} does not allow this with the API key in use (403)${said}.`, {
        status,
      });
    case 404:
    case 405:
      return fail('not_found', 'not_found', notFoundSentence(place, status, said, words), { status });
    case 429:
      return rateLimited(place, said, body, retryAfterMs);
    default:
  }
  if (status >= 500 || status === 408 || status === 409 || status === 425) {
    return fail('unavailable', 'server_error', `${name} failed on its side (${status})${said}.`, {
      status,
      retryable: headers.get('x-should-retry') !== 'false',
      retryAfterMs,
    });
  }
  return fail('invalid', 'rejected', `${name} did not accept the request (${status})${said}.`, { status });
}

function notFoundSentence(place: Place, status: number, said: string, words: string): string {
  const { endpoint, baseUrl, model } = place;
  if (model === undefined) {
    return `${endpoint} has no list of models at ${baseUrl} (${status})${said}; check the address, which usually ends in "/v1", or type the name of a model in.`;
  }
  if (/model/i.test(words)) return `${endpoint} has no model "${model}" (${status})${said}.`;
  return `${endpoint} has no model "${model}", or no chat API at ${baseUrl} (${status})${said}.`;
}

function rateLimited(place: Place, said: string, body: unknown, retryAfterMs: number | undefined): Failure {
  const all = JSON.stringify(body ?? '');
  const outOfCredit = /insufficient.?(?:quota|balance|credit|funds)|billing|out of credit|no credit/i.test(all);
  // Google mentions billing also when it only asks to wait.
  if (outOfCredit && retryAfterMs === undefined)
    return fail(
      'unavailable',
      'rate_limited',
      `${place.endpoint} says that the account has no credit left (429)${said}.`,
      { status: 429 },
    );
  const wait =
    retryAfterMs === undefined
      ? 'try again later or lower the concurrency'
      : `it asks to wait ${seconds(retryAfterMs)}`;
  return fail('unavailable', 'rate_limited', `${place.endpoint} limits the rate of requests (429)${said}; ${wait}.`, {
    status: 429,
    retryable: true,
    retryAfterMs,
  });
}

/** The answer is not what an OpenAI-compatible endpoint sends. */
export function failureOfAnswer(problem: 'not_openai' | 'broken_stream' | 'server_error', message: string): Failure {
  return fail('unavailable', problem, message);
}

/** An error in place of an answer or inside one: some endpoints answer 200 and put the real status there. */
export function failureInAnswer(place: Place, { status, body }: WireError): Failure {
  if (status !== null && status !== 500) {
    return failureOfStatus(place, { status, headers: new Headers(), body, now: 0 });
  }
  const words = redact(messageIn(body), place.apiKey);
  const message = `${place.endpoint} failed while it answered${quote(place, words)}.`;
  return withWords({ ...failureOfAnswer('server_error', message), retryable: true }, words);
}

/** An HTML page where JSON was expected: a proxy, a sign-in page, or an address without the API path. */
export function webPage(place: Place, page: string): Failure {
  const title = quote(place, titleOf(page)).replace(/^: /, ' ');
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with a web page${title} instead of JSON; check that ${place.baseUrl} is the API address, which usually ends in "/v1".`,
  );
}

/** The error to show for a failure, without the key. */
export function toEndpointError(place: Place, failure: Failure, attempts: number): AppError {
  const tried = attempts > 1 ? failure.message.replace(/\.$/, ` (tried ${attempts} times).`) : failure.message;
  return new AppError(failure.code, redact(tried, place.apiKey), {
    endpoint: place.endpoint,
    problem: failure.problem,
    ...(failure.status !== undefined && { status: failure.status }),
    ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    ...(attempts > 1 && { attempts }),
  });
}

/** Removes the key, in any encoding in which an endpoint may echo it, and the bytes of images from a text. */
export function redact(text: string, apiKey: string | null): string {
  const plain = text.replace(/;base64,[A-Za-z0-9+/=]{20,}/g, ';base64,[bytes]');
  return apiKey === null || apiKey === '' ? plain : plain.replaceAll(apiKey, '[key]');
}

/** A failure that is not to be retried unless `more` says so. */
export function fail(
  code: ErrorCode,
  problem: Problem,
  message: string,
  more: { readonly retryable?: boolean; readonly retryAfterMs?: number | undefined; readonly status?: number } = {},
): Failure {
  return {
    code,
    problem,
    message,
    retryable: more.retryable ?? false,
    ...(more.retryAfterMs !== undefined && { retryAfterMs: more.retryAfterMs }),
    ...(more.status !== undefined && { status: more.status }),
  };
}

/**
 * `: "…"` with the endpoint's message, or nothing without one; the key is removed before shortening, because half a key
 * would not be found.
 */
export function quote(place: Place, text: string): string {
  const words = shorten(redact(text, place.apiKey)).replace(/\.$/, '');
  return words === '' ? '' : `: "${words}"`;
}

/** Shortens a text for messages. */
export function shorten(text: string): string {
  return oneLine(text, 200);
}

/** Google says how long to wait in the body: `"retryDelay": "37s"`. */
function retryDelayIn(body: unknown): number | undefined {
  const found = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(JSON.stringify(body ?? ''));
  return found ? Number(found[1]) * 1_000 : undefined;
}

/** A time in words, as in `30 s` or `2 hours`. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${Math.round(milliseconds / 100) / 10} s`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 60 / 24)} days`;
}

/** Scheme, host and port. */
export function originOf(place: Place): string {
  return new URL(place.baseUrl).origin;
}
