import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../src-core/scope/errors.ts';
import { follow, followToEnd } from './follow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function* streamOf(events: readonly number[], failure?: Error) {
  yield* events;
  if (failure !== undefined) throw failure;
}

const away = new AppError('unavailable', 'The host is away.');

test('a stream without an end is opened again whenever it breaks off or ends, until the signal', async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const streams = [streamOf([1, 2], away), streamOf([3])];
  let opened = 0;
  const ended = follow(
    async () => {
      const stream = streams[opened];
      opened += 1;
      if (stream === undefined) throw away;
      return stream;
    },
    (event) => seen.push(event),
    stop.signal,
  );
  await vi.advanceTimersByTimeAsync(1_600);
  expect(seen).toEqual([1, 2, 3]);
  expect(opened).toBe(4);
  stop.abort();
  await ended;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(opened).toBe(4);
});

test('a stream with an end goes on after it broke off, and is over at its end', async () => {
  const seen: number[] = [];
  const streams = [streamOf([1], away), streamOf([2])];
  const ended = followToEnd(
    async () => streams.shift() ?? streamOf([99]),
    (event) => seen.push(event),
    new AbortController().signal,
  );
  await vi.advanceTimersByTimeAsync(600);
  await ended;
  expect(seen).toEqual([1, 2]);
});

test('what does not exist is not asked for again', async () => {
  const gone = new AppError('not_found', 'There is no such run.');
  let opened = 0;
  const ended = followToEnd(
    async () => {
      opened += 1;
      throw gone;
    },
    () => {},
    new AbortController().signal,
  );
  await expect(ended).rejects.toBe(gone);
  expect(opened).toBe(1);
});

test('a stream that is given up rejects nothing and is not opened again', async () => {
  const stop = new AbortController();
  stop.abort();
  await followToEnd(
    async () => streamOf([1]),
    () => expect.unreachable(),
    stop.signal,
  );
});
