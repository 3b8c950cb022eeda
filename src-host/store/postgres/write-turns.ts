/**
 * Those of one process that write to a tenant come after one another before they take a connection: many who wait for the
 * tenant's lock would else hold all connections, and nobody of another tenant had any.
 */
export function createWriteTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(tenant: string, work: () => Promise<Result>): Promise<Result> => {
    const before = last.get(tenant) ?? Promise.resolve();
    const mine = before.then(work);
    const done = mine.catch(() => undefined);
    last.set(tenant, done);
    try {
      return await mine;
    } finally {
      if (last.get(tenant) === done) last.delete(tenant);
    }
  };
}
