/** One event of a stream. */
export const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** A chunk whose first choice has this delta. */
export const chunk = (delta: unknown, finish: unknown = null, more: object = {}): string =>
  event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more });

/** A stream of these texts, ended properly. */
export const said = (...texts: readonly string[]): string =>
  `${texts.map((content) => chunk({ content })).join('')}${chunk({}, 'stop')}${done}`;

/** A stream of these deltas, ended by a reason. */
export const deltas = (finish: unknown, ...all: readonly unknown[]): string =>
  `${all.map((delta) => chunk(delta)).join('')}${chunk({}, finish)}${done}`;

export const done = 'data: [DONE]\n\n';

/** The delta of one tool call. */
export const call = (fields: object): object => ({ tool_calls: [fields] });
