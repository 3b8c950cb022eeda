import type { AnySchema, ContractProcedure, ErrorMap, InferSchemaOutput } from '@orpc/contract';
import type { OperationMeta } from '../contract/operation.ts';
import type { Reader, Session, Writer } from './scope.ts';

type Answer<Output> = [Output] extends [AsyncIterable<infer Event>]
  ? AsyncGenerator<Event> | Promise<AsyncGenerator<Event>>
  : Promise<Output> | Output;

/** What an operation is given, by its `access`. */
type ScopeOf<Meta> =
  Meta extends OperationMeta<'read'> ? Reader : Meta extends OperationMeta<'write'> ? Writer : Session;

/** A service is one function per operation of its part of the contract: parsed input in, output (or a stream of it) out. */
export type ServiceOf<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends ContractProcedure<
    infer Input extends AnySchema,
    infer Output extends AnySchema,
    ErrorMap,
    infer Meta
  >
    ? (input: InferSchemaOutput<Input>, scope: ScopeOf<Meta>) => Answer<InferSchemaOutput<Output>>
    : never;
};
