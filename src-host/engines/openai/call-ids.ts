import type { ChatMessage } from '../../../src-core/ports.ts';
import { AppError } from '../../../src-core/scope/errors.ts';

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Gives calls and results the ids that they are sent with; asked in the order of the conversation. */
export interface CallIds {
  ofCall(call: Named): string;
  /** Throws `invalid` when no call can be meant. */
  ofResult(result: Named, messageIndex: number): string;
}

/**
 * Calls that were written without an id get one that stands nowhere else in the conversation. A result without an id
 * answers the first call before it that has no result, of the same name when it has one.
 */
export function createCallIds(messages: readonly ChatMessage[]): CallIds {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const results = parts.filter((part) => part.type === 'tool_result');
  const answered = new Set(results.map(({ id }) => id));
  const taken = new Set([...answered, ...parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []))]);
  const open: Named[] = [];
  let count = 0;

  function madeId(): string {
    do count += 1;
    while (taken.has(`call_${count}`));
    return `call_${count}`;
  }

  return {
    ofCall({ id: given, name }) {
      const id = given === '' ? madeId() : given;
      // A call that a result names is not open to one without an id.
      if (given === '' || !answered.has(given)) open.push({ id, name });
      return id;
    },
    ofResult({ id, name }, messageIndex) {
      if (id !== '') return id;
      const at = open.findIndex((call) => name === undefined || call.name === name);
      const [call] = at < 0 ? [] : open.splice(at, 1);
      if (call !== undefined) return call.id;
      const which = name === undefined ? 'call' : `call of ${JSON.stringify(name)}`;
      throw new AppError(
        'invalid',
        `Message ${messageIndex + 1} has a tool result without an id, and no ${which} before it waits for a result: give the result the id of its call, or take it out.`,
        { message: messageIndex, part: 'tool_result' },
      );
    },
  };
}
