import type { EngineEvent, GenerateRequest, RemoteEngine, RemoteTarget } from '../../../../src-core/ports.ts';
import { AppError } from '../../../../src-core/scope/errors.ts';

/** What came out of one call: every event, the joined text, and the error if it ended in one. */
export interface Outcome {
  readonly events: readonly EngineEvent[];
  readonly text: string;
  readonly error: AppError | null;
}

export const hello: GenerateRequest = { messages: [{ role: 'user', content: 'Hello dear world' }], sampling: {} };

/** A target with short waits, so that tests of failures are fast. */
export function targetOf(baseUrl: string, model: string, changes: Partial<RemoteTarget> = {}): RemoteTarget {
  return {
    endpoint: 'scripted',
    baseUrl,
    model,
    apiKey: null,
    maxConcurrency: 16,
    timeoutMs: 5_000,
    idleTimeoutMs: 5_000,
    neverSend: [],
    maxRetries: 0,
    ...changes,
  };
}

/** Runs one call to its end; anything but an AppError is a fault of the engine and is thrown. */
export async function drive(
  engine: RemoteEngine,
  target: RemoteTarget,
  request: GenerateRequest = hello,
  signal: AbortSignal = new AbortController().signal,
  onEvent: (event: EngineEvent) => void = () => {},
): Promise<Outcome> {
  const events: EngineEvent[] = [];
  let error: AppError | null = null;
  try {
    for await (const event of engine.generate(target, request, signal)) {
      events.push(event);
      onEvent(event);
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    error = thrown;
  }
  const text = events.reduce((so, event) => {
    if (event.kind === 'replace') return event.output;
    return event.kind === 'delta' ? so + event.text : so;
  }, '');
  return { events, text, error };
}
