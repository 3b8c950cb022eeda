const isAsyncIterator = (value: unknown): value is AsyncIterator<unknown> & AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;

/** Maps the errors of a stream with `toError`; any other result is returned unchanged. */
export function mapStreamErrors(result: unknown, toError: (thrown: unknown) => Error): unknown {
  if (!isAsyncIterator(result)) return result;
  const mapped = async <Result>(step: () => Promise<Result>): Promise<Result> => {
    try {
      return await step();
    } catch (thrown) {
      throw toError(thrown);
    }
  };
  const stream: AsyncGenerator<unknown, unknown, void> = {
    next: () => mapped(() => result.next()),
    return: (value) =>
      mapped(async () => {
        await result.return?.(value);
        return { done: true, value };
      }),
    throw: async (thrown) => {
      await result.return?.(undefined);
      throw thrown;
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => {
      await stream.return(undefined);
    },
  };
  return stream;
}

/** Reads the next event of a stream only when `room` resolves; any other result is returned unchanged. */
export function paceStream(result: unknown, room: () => Promise<void> | undefined): unknown {
  if (!isAsyncIterator(result)) return result;
  const stream: AsyncIterableIterator<unknown> = {
    async next() {
      await room();
      return result.next();
    },
    return: async (value) => (await result.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
