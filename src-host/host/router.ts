import type { AnyContractProcedure } from '@orpc/contract';
import { implement } from '@orpc/server';
import { contract } from '../../src-core/contract/index.ts';
import type { OperationMeta } from '../../src-core/contract/operation.ts';
import { type Actor, requirePermission } from '../../src-core/scope/actor.ts';
import { AppError } from '../../src-core/scope/errors.ts';
import { runAgain, SerialisationFailure, type Store, sessionOf } from '../../src-core/scope/scope.ts';
import type { ServiceOf } from '../../src-core/scope/service.ts';
import type { CallContext, HostRouter } from '../transports/context.ts';

/** One service per part of the contract. */
export type Services = { readonly [Part in keyof typeof contract]: ServiceOf<(typeof contract)[Part]> };

type Operation = (input: unknown, scope: unknown) => unknown;

/** What calls run on. */
export interface RouterOptions {
  readonly store: Store;
  /** Who stands behind a connection. */
  readonly actorOf: (context: CallContext) => Actor;
  /** A failure of the disk and the like as the sentence that says so; anything else as it is. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Gives every operation of the services its function; the types of `Services` say that none is missing. This is the one
 * place that checks what a caller may do, opens the scope that the operation's `access` asks for, and runs a write again
 * that another one got in the way of.
 */
export function createRouter(services: Partial<Services>, options: RouterOptions): HostRouter {
  const served = Object.entries(contract).filter(([part]) => part in services);
  const parts = served.map(([part, operations]) => {
    const service = services[part as keyof Services] as unknown as Readonly<Record<string, Operation>>;
    const procedures = Object.entries(operations).map(([name, procedure]) => [
      name,
      handle(`${part}.${name}`, procedure, service[name]!, options),
    ]);
    return [part, Object.fromEntries(procedures)];
  });
  return Object.fromEntries(parts) as HostRouter;
}

function handle(
  name: string,
  procedure: AnyContractProcedure,
  operation: Operation,
  { store, actorOf, explain }: RouterOptions,
) {
  const { access, needs } = procedure['~orpc'].meta as OperationMeta;
  const run = (input: unknown, actor: Actor, signal: AbortSignal | undefined): unknown => {
    switch (access) {
      case 'read':
        return store.read(actor, async (scope) => operation(input, scope), signal);
      case 'write':
        return runAgain(() => store.write(actor, async (scope) => operation(input, scope), signal));
      case 'job':
      case 'watch':
        return operation(input, sessionOf(store, actor, signal));
    }
  };
  return implement(procedure)
    .$context<CallContext>()
    .handler(async ({ input, context, signal }) => {
      try {
        const actor = actorOf(context);
        requirePermission(actor, needs, name);
        return await run(input, actor, signal);
      } catch (error) {
        throw error instanceof SerialisationFailure ? tooBusy(error) : explain(error);
      }
    });
}

function tooBusy(cause: unknown): AppError {
  return new AppError('unavailable', 'Others are changing the same things just now. Try again.', undefined, cause);
}
