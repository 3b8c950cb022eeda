import { expect } from 'vitest';
import type { Client } from '../client/connection.ts';
import { contentSchema, type PromptContent, type PromptContentInput } from '../contract/content.ts';
import { sleep } from '../follow.ts';
import type { Session } from '../scope/scope.ts';

/** What a storage offers to be tested: tenants, with people in them, served by processes. */
export interface World {
  /** Several people work in one tenant. */
  readonly isShared: boolean;
  /** Base URL of an endpoint whose model `echo` repeats what it is told and `endless` goes on until it is cancelled. */
  readonly endpoint: string;
  /** A tenant in which nobody has been yet. */
  openTenant(): Promise<Tenant>;
  close(): Promise<void>;
}

export interface Tenant {
  /** A new window. Every process is one more host on the same storage; without several people all names are the same person. */
  join(person: string, process?: 'here' | 'elsewhere'): Promise<Client>;
  /** What no operation does yet, or tells, as the host itself. */
  session(): Promise<Pick<Session, 'read' | 'write'>>;
  close(): Promise<void>;
}

/** One of two tenants in which the same happens at the same time under the same names. */
export interface Side {
  /** A word that stands in every text of this tenant, and in none of the other. */
  readonly mark: string;
  readonly isShared: boolean;
  readonly endpoint: string;
  readonly client: Client;
  join(person: string, process?: 'here' | 'elsewhere'): Promise<Client>;
  /** As the host itself, beside all operations. */
  readonly read: Session['read'];
  readonly write: Session['write'];
  /** A content with one message, which has the mark. */
  content(template: string, parts?: Partial<PromptContentInput>): PromptContent;
  /** Aborts when the test failed on the other side, for which this one need not wait any more. */
  readonly abandoned: AbortSignal;
  /** Everything that anybody of this tenant was answered, and what they were told of changes and failures. */
  readonly told: readonly Telling[];
}

export interface Telling {
  /** As in `prompts.list`. */
  readonly operation: string;
  readonly asked: string;
  readonly answer: string;
}

/** The tenant as one side of a test, each of whose clients keeps what it is told. */
export async function sideOf(world: World, tenant: Tenant, mark: string, abandoned: AbortSignal): Promise<Side> {
  const told: Telling[] = [];
  const join: Side['join'] = async (person, process) =>
    keepingWhatIsTold(await tenant.join(`${person} ${mark}`, process), told);
  return {
    mark,
    isShared: world.isShared,
    endpoint: world.endpoint,
    client: await join('Ada'),
    join,
    read: async (work) => (await tenant.session()).read(work),
    write: async (work) => (await tenant.session()).write(work),
    content: (template, parts = {}) =>
      contentSchema.parse({ messages: [{ role: 'user', content: `${template} (${mark})` }], ...parts }),
    abandoned,
    told,
  };
}

type Call = (input?: unknown, options?: unknown) => Promise<unknown>;

function keepingWhatIsTold(client: Client, told: Telling[]): Client {
  const keep = (operation: string, input: unknown, answer: unknown): void =>
    void told.push({ operation, asked: textOf(input), answer: textOf(answer) });
  const part = (name: string, operations: Readonly<Record<string, Call>>) =>
    new Proxy(operations, {
      get: (target, key) => {
        const operation = `${name}.${String(key)}`;
        return async (input?: unknown, options?: unknown) => {
          try {
            const answer = await target[String(key)]!(input, options);
            if (isStream(answer)) return keepingEach(answer, (event) => keep(operation, input, event));
            keep(operation, input, answer);
            return answer;
          } catch (error) {
            keep(operation, input, error);
            throw error;
          }
        };
      },
    });
  return new Proxy(client, {
    get(target, key) {
      const operations: unknown = Reflect.get(target, key);
      // Whoever awaits a client asks it for `then`.
      if (key === 'then' || operations === undefined) return operations;
      return part(String(key), operations as Readonly<Record<string, Call>>);
    },
  });
}

function isStream(answer: unknown): answer is AsyncGenerator<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

async function* keepingEach(stream: AsyncGenerator<unknown>, keep: (event: unknown) => void): AsyncGenerator<unknown> {
  for await (const event of stream) {
    keep(event);
    yield event;
  }
}

function textOf(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? '';
  const { message, ...rest } = value;
  return `${message} ${JSON.stringify(rest)}`;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ids that somebody was told and did not ask with themselves. */
function idsIn({ asked, answer }: Telling): readonly string[] {
  return (answer.match(uuid) ?? []).filter((id) => !asked.includes(id));
}

/** No text and no id of one side was ever told to the other, but for what they asked with. */
export function expectNothingShared(one: Side, other: Side): void {
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    const theirs = new Set(there.told.flatMap(idsIn));
    for (const telling of here.told) {
      const { operation, asked, answer } = telling;
      const foreign = idsIn(telling).filter((id) => theirs.has(id));
      const says = answer.includes(there.mark) && !asked.includes(there.mark);
      expect({ operation, foreign, says }, answer.slice(0, 300)).toEqual({ operation, foreign: [], says: false });
    }
  }
}

/** Polls until `check` gives something; fails after fifteen seconds. */
export async function eventually<Result>(
  check: () => Promise<Result | null | undefined | false>,
  abandoned?: AbortSignal,
): Promise<Result> {
  for (const deadline = Date.now() + 15_000; ; ) {
    const result = await check();
    if (result) return result;
    abandoned?.throwIfAborted();
    if (Date.now() > deadline) throw new Error('It did not come true within fifteen seconds.');
    await sleep(20);
  }
}

/** The failure of a call, which has to fail. */
export async function failureOf(call: Promise<unknown>): Promise<{ readonly code?: string; readonly message: string }> {
  const failure = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  return failure as Error & { readonly code?: string };
}
