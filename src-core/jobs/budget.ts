/** What may be spent on one job, US dollars. */
export interface Budget {
  /** Counts what an item cost; null (no price is known) counts as nothing. */
  spend(dollars: number | null): void;
  isSpent(): boolean;
  /** One sentence on what was not asked, once it is spent. */
  sentence(): string;
}

/** `limit` null: no bound. */
export function createBudget(limit: number | null, spent = 0): Budget {
  let dollars = spent;
  return {
    spend: (cost) => {
      dollars += cost ?? 0;
    },
    isSpent: () => limit !== null && dollars >= limit,
    sentence: () =>
      `The budget of $${limit} was spent ($${dollars.toFixed(4)}), so this was not asked. Start it anew with a larger one.`,
  };
}
