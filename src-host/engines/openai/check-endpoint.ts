import { AppError } from '../../../src-core/errors.ts';
import type { EndpointCheck, ModelOffer, RemoteTarget } from '../../../src-core/ports.ts';
import type { Client } from './client.ts';
import { errorIn, messageIn } from './error-words.ts';
import {
  EndpointFailure,
  type Failure,
  failureInAnswer,
  failureOfAnswer,
  failureOfConnection,
  failureOfTimeout,
  type Place,
  quote,
  redact,
  webPage,
} from './failures.ts';
import { offersIn } from './offers.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';
import { isFacts, parseLeniently } from './wire-values.ts';

const maxListBytes = 16 * 1024 * 1024;

type FailedCheck = Extract<EndpointCheck, { kind: 'failed' }>;

/** Asks the endpoint for its models, which shows whether address, key and API are right. */
export async function checkEndpoint(client: Client, target: Omit<RemoteTarget, 'model'>): Promise<EndpointCheck> {
  const { endpoint, baseUrl, apiKey, timeoutMs } = target;
  const place: Place = { endpoint, baseUrl, apiKey };
  const started = performance.now();
  const watchdog = createWatchdog(new AbortController().signal, timeoutMs);
  try {
    const models = modelsIn(place, await readList(client, place, watchdog));
    const latencyMs = Math.round(performance.now() - started);
    if (models.length > 0) return { kind: 'ok', models, latencyMs };
    return failed(
      place,
      'no_models',
      `${endpoint} answers but offers no models; load one there, or type the name of a model in.`,
    );
  } catch (error) {
    if (error instanceof AppError) return failed(place, 'not_openai', error.message);
    const failure =
      watchdog.reason() === 'timeout' ? failureOfTimeout(place, timeoutMs, false) : failureFrom(place, error);
    return failed(place, problemOf(failure), failure.message);
  } finally {
    watchdog.dispose();
  }
}

async function readList(client: Client, place: Place, watchdog: Watchdog): Promise<string> {
  const body = await client.send(place, '/models', null, watchdog.signal);
  watchdog.signal.addEventListener('abort', body.destroy, { once: true });
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    for await (const bytes of body.chunks) {
      watchdog.touch();
      size += bytes.length;
      if (size > maxListBytes)
        throw new EndpointFailure(
          failureOfAnswer('not_openai', `${place.endpoint} sent a list of models of more than 16 MB.`),
        );
      text += decoder.decode(bytes, { stream: true });
    }
  } catch (error) {
    body.destroy();
    throw error;
  }
  body.finish();
  return text;
}

/** The models by name, each once. */
function modelsIn(place: Place, text: string): readonly ModelOffer[] {
  if (text.trimStart().startsWith('<')) throw new EndpointFailure(webPage(place, text));
  const answer = parseLeniently(text);
  const error = isFacts(answer) ? errorIn(answer) : null;
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

function failureFrom(place: Place, error: unknown): Failure {
  return error instanceof EndpointFailure ? error.failure : failureOfConnection(place, error);
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
