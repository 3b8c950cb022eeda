import type { AnyContractProcedure } from '@orpc/contract';
import { implement } from '@orpc/server';
import { contract } from '../../src-core/contract/index.ts';
import type { Call, ServiceOf } from '../../src-core/scope/service.ts';
import { explain } from '../store/sqlite/explain-failure.ts';
import type { CallContext, HostRouter } from '../transports/context.ts';

/** One service per part of the contract. */
export type Services = { readonly [Part in keyof typeof contract]: ServiceOf<(typeof contract)[Part]> };

type Operation = (input: unknown, call: Call) => unknown;

/** Gives every operation of the services its function; the types of `Services` say that none is missing. */
export function createRouter(services: Partial<Services>, databaseFile: string): HostRouter {
  const served = Object.entries(contract).filter(([part]) => part in services);
  const parts = served.map(([part, operations]) => {
    const service = services[part as keyof Services] as unknown as Readonly<Record<string, Operation>>;
    const procedures = Object.entries(operations).map(([name, procedure]) => [
      name,
      handle(procedure, service[name]!, databaseFile),
    ]);
    return [part, Object.fromEntries(procedures)];
  });
  return Object.fromEntries(parts) as HostRouter;
}

function handle(procedure: AnyContractProcedure, operation: Operation, databaseFile: string) {
  return implement(procedure)
    .$context<CallContext>()
    .handler(async ({ input, context, signal }) => {
      try {
        return await operation(input, { clientId: context.clientId, signal });
      } catch (error) {
        // A full disk is nothing that a person should have to look up in a log.
        throw explain(error, databaseFile);
      }
    });
}
