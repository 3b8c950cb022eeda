import { setImmediate as nextTurn } from 'node:timers/promises';
import { isPlainObject } from '../../../../src-core/contract/json.ts';
import type { EndpointCheck, ModelOffer, RemoteTarget } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';
import type { Client } from '../client.ts';
import { failureOfConnection, failureOfSilence } from '../failures/connection-failures.ts';
import {
  EndpointFailure,
  type Failure,
  failureInAnswer,
  failureOfAnswer,
  type Place,
  quote,
  redact,
  webPage,
} from '../failures/failures.ts';
import { createBodyText } from '../http/body-text.ts';
import { ConnectionError } from '../http/exchange.ts';
import { createWatchdog, type Watchdog } from '../http/watchdog.ts';
import { errorIn, messageIn } from '../wire/error-words.ts';
import { parseLeniently } from '../wire/wire-values.ts';
import { createModelListReader } from './model-list.ts';
import { offersIn } from './offers.ts';

const maxListBytes = 64 * 1024 * 1024;
/** Listing models is fast, so an endpoint that has not answered by then is not available. */
const longestWaitMs = 30_000;
/** Milliseconds of reading a list before the event loop gets a turn. */
const sliceMs = 20;
/** Characters of a list that is parsed at once, in any shape; a longer one is read entry by entry. */
const readWhole = 300_000;

type FailedCheck = Extract<EndpointCheck, { kind: 'failed' }>;

/** Asks the endpoint for its models, which shows whether address, key and API are right. Throws only for bugs. */
export async function checkEndpoint(client: Client, target: Omit<RemoteTarget, 'model'>): Promise<EndpointCheck> {
  const { endpoint, baseUrl, apiKey } = target;
  const place: Place = { endpoint, baseUrl, apiKey };
  const waitMs = Math.min(target.timeoutMs, longestWaitMs);
  let started = performance.now();
  const watchdog = createWatchdog(new AbortController().signal, { timeoutMs: waitMs, idleTimeoutMs: waitMs });
  const sent = () => {
    started = performance.now();
  };
  try {
    const { models, latencyMs } = await readList(client, place, watchdog, sent, () => performance.now() - started);
    if (models.length > 0) return { kind: 'ok', models, latencyMs: Math.round(latencyMs) };
    return failed(
      place,
      'no_models',
      `${endpoint} answers but offers no models; load one there, or type the name of a model in.`,
    );
  } catch (error) {
    if (watchdog.reason() !== null) return failed(place, 'timeout', failureOfSilence(place, waitMs).message);
    if (error instanceof AppError) return failed(place, 'not_openai', error.message);
    const failure = error instanceof ConnectionError ? failureOfConnection(place, error) : failureFrom(error);
    return failed(place, problemOf(failure), failure.message);
  } finally {
    watchdog.dispose();
  }
}

async function readList(
  client: Client,
  place: Place,
  watchdog: Watchdog,
  sent: () => void,
  elapsed: () => number,
): Promise<{ readonly models: readonly ModelOffer[]; readonly latencyMs: number }> {
  const sending = { signal: watchdog.signal, sent, received: watchdog.touch };
  const body = await client.send(place, '/models', null, sending);
  const latencyMs = elapsed();
  watchdog.signal.addEventListener('abort', body.destroy, { once: true });
  const decoder = createBodyText(body.contentType);
  const reader = createModelListReader();
  /** The whole text; null once it is too long to be parsed at once. */
  let small: string | null = '';
  let size = 0;
  let turnEnds = performance.now() + sliceMs;
  const take = (text: string): void => {
    if (small !== null && small.length + text.length <= readWhole) {
      small += text;
      return;
    }
    if (small?.trimStart().startsWith('<')) throw new EndpointFailure(webPage(place, small));
    reader.push(`${small ?? ''}${text}`);
    small = null;
  };
  try {
    for await (const bytes of body.chunks) {
      size += bytes.length;
      if (size > maxListBytes)
        throw new EndpointFailure(
          failureOfAnswer('not_openai', `${place.endpoint} sent a list of models of more than 64 MB.`),
        );
      take(decoder.push(bytes));
      if (small !== null) continue;
      if (performance.now() > turnEnds) {
        await nextTurn();
        turnEnds = performance.now() + sliceMs;
      }
    }
    take(decoder.end());
    const models = small === null ? await reader.end() : modelsIn(place, small);
    if (models === null) throw new EndpointFailure(notAList(place, null));
    body.finish();
    return { models, latencyMs };
  } catch (error) {
    body.destroy();
    throw error instanceof SyntaxError ? new EndpointFailure(notAList(place, null)) : error;
  }
}

/** The models by name, each once, of a list that is small enough to be read whole, in whichever shape. */
function modelsIn(place: Place, text: string): readonly ModelOffer[] {
  if (text.trimStart().startsWith('<')) throw new EndpointFailure(webPage(place, text));
  const answer = parseLeniently(text);
  const error = isPlainObject(answer) ? errorIn(answer) : null;
  if (error) throw new EndpointFailure(failureInAnswer(place, error));
  const offers = offersIn(answer);
  if (offers === null) throw new EndpointFailure(notAList(place, answer ?? text));
  return [...offers].sort((a, b) => a.model.localeCompare(b.model));
}

function notAList(place: Place, answer: unknown): Failure {
  return failureOfAnswer(
    'not_openai',
    `${place.endpoint} answered with something that is not a list of models${quote(place, messageIn(answer))}; check that ${place.baseUrl} is an OpenAI-compatible API.`,
  );
}

/** Unexpected errors are bugs and are thrown. */
function failureFrom(error: unknown): Failure {
  if (error instanceof EndpointFailure) return error.failure;
  throw error;
}

function problemOf({ problem }: Failure): FailedCheck['problem'] {
  switch (problem) {
    case 'rejected':
    case 'redirect':
    case 'broken_stream':
      return 'not_openai';
    case 'rate_limited':
      return 'server_error';
    default:
      return problem;
  }
}

function failed(place: Place, problem: FailedCheck['problem'], message: string): FailedCheck {
  return { kind: 'failed', problem, message: redact(message, place.apiKey) };
}
