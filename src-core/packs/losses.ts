/** What an import does to a thing that has no home of the same shape here. */
export const lossKinds = ['kept', 'approximated', 'dropped', 'refused', 'unresolved'] as const;
export type LossKind = (typeof lossKinds)[number];

/** One line of the report that a person reads before anything is imported. */
export interface Loss {
  /** Kept: inert in the metadata. Refused: code, secrets, paths. Unresolved: names something that is not there. */
  readonly kind: LossKind;
  /** A word that stays the same, as `secret`, `history` or `parameter:top_k`. */
  readonly what: string;
  /** The place in the file (`providers[0].config.apiKey`, a name, a reference); '' for the whole file. Never a secret's value. */
  readonly where: string;
  /** One sentence. */
  readonly why: string;
  /** From 1. */
  readonly line?: number;
}

/** Collects the losses of one file; the same thing at the same place counts once. */
export interface Losses {
  add(kind: LossKind, what: string, where: string, why: string, line?: number): void;
  all(): readonly Loss[];
}

/** Losses of one file that are listed; a file can have a million. */
export const mostLosses = 2_000;

export function createLosses(): Losses {
  const losses = new Map<string, Loss>();
  return {
    add(kind, what, where, why, line) {
      const key = JSON.stringify([kind, what, where]);
      if (losses.has(key) || losses.size >= mostLosses) return;
      losses.set(key, { kind, what, where, why, ...(line !== undefined && { line }) });
    },
    all: () => [...losses.values()],
  };
}
