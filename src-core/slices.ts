/** How long work may hold the thread that serves everybody before it lets others in, milliseconds. */
const sliceMs = 12;

/** Divides long work: awaiting `next` between two steps lets whatever waits run, whenever a slice of time is used up. */
export function createSlices() {
  let started = performance.now();
  return {
    async next(): Promise<void> {
      if (performance.now() - started < sliceMs) return;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 0);
      });
      started = performance.now();
    },
  };
}

export type Slices = ReturnType<typeof createSlices>;
