/** A stream that one side pushes into and the other iterates; what comes after the end is ignored. */
export interface EventQueue<Item> extends AsyncIterable<Item> {
  push(item: Item): void;
  end(): void;
  /** Items pushed before are still delivered, then the iterator throws. */
  fail(error: unknown): void;
  /** Throws at once; undelivered items are dropped. */
  abort(error: unknown): void;
}

export function createEventQueue<Item>(): EventQueue<Item> {
  let items: Item[] = [];
  let outcome: { readonly error: unknown | null } | null = null;
  let wake: (() => void) | null = null;

  const settle = (error: unknown | null): void => {
    outcome ??= { error };
    wake?.();
  };

  return {
    push(item) {
      if (outcome !== null) return;
      items.push(item);
      wake?.();
    },
    end: () => settle(null),
    fail: (error) => settle(error),
    abort(error) {
      items = [];
      outcome = { error };
      wake?.();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
          continue;
        }
        if (outcome !== null) {
          if (outcome.error !== null) throw outcome.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    },
  };
}
