/** One event of a stream. */
export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** A chunk whose first choice has this delta. */
export function chunk(delta: unknown, finish: unknown = null, more: object = {}): string {
  return event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more });
}

/** A stream of these texts, ended properly. */
export function said(...texts: readonly string[]): string {
  return `${texts.map((content) => chunk({ content })).join('')}${chunk({}, 'stop')}${done}`;
}

/** A stream of these deltas, ended by a reason. */
export function deltas(finish: unknown, ...all: readonly unknown[]): string {
  return `${all.map((delta) => chunk(delta)).join('')}${chunk({}, finish)}${done}`;
}

export const done = 'data: [DONE]\n\n';

/** The delta of one tool call. */
export function call(fields: object): object {
  return { tool_calls: [fields] };
}
