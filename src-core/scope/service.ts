import type { AnySchema, ContractProcedure, ErrorMap, InferSchemaOutput, Meta } from '@orpc/contract';

/** Who calls, and until when the answer matters. */
export interface Call {
  /** Identifies the window or program for the length of its connection. */
  readonly clientId: string;
  readonly signal: AbortSignal | undefined;
}

type Answer<Output> = [Output] extends [AsyncIterable<infer Event>] ? AsyncGenerator<Event> : Promise<Output> | Output;

/** A service is one function per operation of its part of the contract: parsed input in, output (or a stream of it) out. */
export type ServiceOf<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends ContractProcedure<
    infer Input extends AnySchema,
    infer Output extends AnySchema,
    ErrorMap,
    Meta
  >
    ? (input: InferSchemaOutput<Input>, call: Call) => Answer<InferSchemaOutput<Output>>
    : never;
};
