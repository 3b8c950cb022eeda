import type { AnyContractProcedure } from '@orpc/contract';
import { implement } from '@orpc/server';
import { contract } from '../src-core/contract/index.ts';
import type { Call, ServiceOf } from '../src-core/service.ts';
import type { CallContext, HostRouter } from './transports/context.ts';

/** One service per part of the contract. */
export type Services = { readonly [Part in keyof typeof contract]: ServiceOf<(typeof contract)[Part]> };

type Operation = (input: unknown, call: Call) => unknown;

/** Gives every operation of the contract its function; the types of `Services` say that none is missing. */
export function createRouter(services: Services): HostRouter {
  const parts = Object.entries(contract).map(([part, operations]) => {
    const service = services[part as keyof Services] as unknown as Readonly<Record<string, Operation>>;
    const procedures = Object.entries(operations).map(([name, procedure]) => [name, handle(procedure, service[name]!)]);
    return [part, Object.fromEntries(procedures)];
  });
  return Object.fromEntries(parts) as HostRouter;
}

function handle(procedure: AnyContractProcedure, operation: Operation) {
  return implement(procedure)
    .$context<CallContext>()
    .handler(({ input, context, signal }) => operation(input, { clientId: context.clientId, signal }));
}
