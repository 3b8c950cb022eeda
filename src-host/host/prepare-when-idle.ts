export interface Preparation {
  /** Whether it is of any use here. */
  readonly isWanted: () => Promise<boolean>;
  readonly isBusy: () => boolean;
  /** What would otherwise be done while a person waits for it. */
  readonly prepare: () => Promise<void>;
  /** Nothing happens sooner, and a busy host is asked again so much later. */
  readonly delayMs: number;
}

/** Prepares once, at a moment when nobody waits for the host; returns how to call it off. */
export function prepareWhenIdle({ isWanted, isBusy, prepare, delayMs }: Preparation): () => void {
  let timer = setTimeout(look, delayMs).unref();
  return () => clearTimeout(timer);

  function look(): void {
    if (isBusy()) {
      timer = setTimeout(look, delayMs).unref();
      return;
    }
    // Whatever fails here is done, and reported, when it is needed.
    void isWanted().then(
      (wanted) => (wanted ? prepare().catch(() => undefined) : undefined),
      () => undefined,
    );
  }
}
