/** Filled by the storage work that follows; declared here so that ports.ts type-checks. */
export interface Tables {
  settings: { key: string; value: string };
}
