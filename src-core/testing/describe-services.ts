import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../contract/index.ts';
import type { ServiceCase } from './cases/case.ts';
import { importCases } from './cases/import-cases.ts';
import { libraryCases } from './cases/library-cases.ts';
import { runCases } from './cases/run-cases.ts';
import { tenantCases } from './cases/tenant-cases.ts';
import { versionCases } from './cases/version-cases.ts';
import { writerCases } from './cases/writer-cases.ts';
import { expectNothingShared, type Side, sideOf, type World } from './world.ts';

export const serviceCases: readonly ServiceCase[] = [
  ...libraryCases,
  ...versionCases,
  ...runCases,
  ...tenantCases,
  ...importCases,
  ...writerCases,
];

/** Of this computer and its model files, whatever the storage. */
const ofTheComputer = new Set([
  ...['models.addLocal', 'models.updateLocal', 'models.load', 'models.unload', 'models.release'],
  ...['models.countTokens', 'workspace.info', 'workspace.status'],
]);

/**
 * Every service through the router, on whichever storage: each case happens in two tenants at the same time under the same
 * names, and nothing of one may ever be told to the other.
 */
export function describeServices(name: string, openWorld: () => Promise<World>): void {
  describe(`the services on ${name}`, () => {
    let world: World;
    const called = new Set<string>();
    beforeAll(async () => {
      world = await openWorld();
    });
    afterAll(() => world.close());

    test.each(serviceCases)('$name', async (serviceCase) => {
      for (const { told } of await runCase(world, serviceCase)) for (const { operation } of told) called.add(operation);
    });

    test('every operation of the contract was called by a case', () => {
      const operations = Object.entries(contract).flatMap(([part, each]) =>
        Object.keys(each).map((key) => `${part}.${key}`),
      );
      expect(operations.filter((operation) => !called.has(operation) && !ofTheComputer.has(operation))).toEqual([]);
    });
  });
}

/** Runs a case on two new tenants at once; throws where it does not hold. */
export async function runCase(world: World, { run }: ServiceCase): Promise<readonly Side[]> {
  const tenants = await Promise.all([world.openTenant(), world.openTenant()]);
  const failed = new AbortController();
  try {
    const sides = await Promise.all(
      (['giraffe', 'zebra'] as const).map((mark, i) => sideOf(world, tenants[i]!, mark, failed.signal)),
    );
    const [ours, theirs] = sides as [Side, Side];
    const runs = [run(ours, theirs), run(theirs, ours)];
    await Promise.all(runs).catch((error: unknown) => failed.abort(error));
    // Both to their end, so that neither goes on in a tenant that is closed.
    await Promise.allSettled(runs);
    failed.signal.throwIfAborted();
    expectNothingShared(ours, theirs);
    return sides;
  } finally {
    await Promise.all(tenants.map((tenant) => tenant.close()));
  }
}
