import { AppError } from '../../src-core/scope/errors.ts';

type Open<Event> = (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
type OnEvent<Event> = (event: Event) => void;

const retryDelayMs = 500;

/** Takes the events of a stream that has no end until the signal; when it breaks off it is opened again. */
export async function follow<Event>(open: Open<Event>, onEvent: OnEvent<Event>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // The host is away, which the banner says.
    await takeAll(open, onEvent, signal).catch(() => {});
    await pause(signal);
  }
}

/**
 * Takes the events of a stream to its end, or until the signal; when it breaks off it is opened again. Rejects when what it
 * is about does not exist.
 */
export async function followToEnd<Event>(
  open: Open<Event>,
  onEvent: OnEvent<Event>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await takeAll(open, onEvent, signal);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') throw error;
      await pause(signal);
    }
  }
}

async function takeAll<Event>(open: Open<Event>, onEvent: OnEvent<Event>, signal: AbortSignal): Promise<void> {
  for await (const event of await open(signal)) onEvent(event);
}

/** Waits before the next attempt; not at all once the signal has ended. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, retryDelayMs);
    signal.addEventListener('abort', end);
  });
}
