import type { Log } from '../../src-core/ports.ts';

/**
 * Wraps an event listener so that nothing it throws, now or later, ends the process: it is logged, and `recover` answers
 * whoever waits.
 */
export function guardListener<Arguments extends readonly unknown[]>(
  log: Log,
  what: string,
  listener: (...args: Arguments) => unknown,
  recover: (...args: Arguments) => void = () => {},
): (...args: Arguments) => void {
  const fail = (thrown: unknown, args: Arguments): void => {
    log.error(what, thrown);
    try {
      recover(...args);
    } catch (again) {
      log.error(what, again);
    }
  };
  return (...args) => {
    try {
      const result = listener(...args);
      if (result instanceof Promise) result.catch((thrown: unknown) => fail(thrown, args));
    } catch (thrown) {
      fail(thrown, args);
    }
  };
}
