import type { Json } from '../../../contract/shared.ts';
import type { ParseOptions } from '../../runtime/types.ts';

/** A template that tries to use up time, memory or the stack. */
export interface Bomb {
  readonly name: string;
  readonly template: string;
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly includes?: Readonly<Record<string, string>>;
  readonly syntax?: ParseOptions['syntax'];
}

export function repeat(text: string, times: number) {
  return text.repeat(times);
}

/** A loop of nearly ten thousand turns. */
export function loop(body: string) {
  return `{% for i in range(9999) %}${body}{% endfor %}`;
}

/** Lists inside each other, as JSON.parse builds them without recursion. */
export function deepList(depth: number) {
  return JSON.parse(`${repeat('[', depth)}1${repeat(']', depth)}`) as Json;
}
export function deepDict(depth: number) {
  return JSON.parse(`${repeat('{"a":', depth)}1${repeat('}', depth)}`) as Json;
}

export const long = repeat('a', 1_000_000);
export const many = Array.from({ length: 100_000 }, (_, index) => index);
