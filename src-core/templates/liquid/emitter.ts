import type { Context, Emitter, LiquidNode, Token } from 'liquidjs/dist/liquid.browser.mjs';
import type { LimitName, Limits } from '../limits.ts';
import type { SourceSpan } from '../types.ts';
import { inputShownBy } from './analyze.ts';
import { isData, LimitExceeded } from './scope.ts';

/** Collects output within a limit and notes which template node wrote each stretch. */
export interface SpanEmitter extends Emitter {
  readonly spans: readonly SourceSpan[];
  /** Says which node writes next. */
  at(node: LiquidNode, context: Context): void;
}

/** `limit` is the row that bounds the text: `output` for the whole, `string` for a captured part. */
export function spanEmitter(limits: Limits, limit: LimitName & ('output' | 'string'), mapped: boolean): SpanEmitter {
  let buffer = '';
  let current: { readonly node: LiquidNode; readonly context: Context } | null = null;
  const spans: SourceSpan[] = [];
  return {
    get buffer() {
      return buffer;
    },
    spans,
    at(node, context) {
      current = { node, context };
    },
    write(value) {
      const text = printed(value, 0);
      if (buffer.length + text.length > limits[limit]) throw new LimitExceeded(limit);
      if (mapped && text !== '' && current !== null) spans.push(spanOf(buffer.length, text.length, current));
      buffer += text;
    },
  };
}

function spanOf(
  start: number,
  length: number,
  { node: { token }, context }: { readonly node: LiquidNode; readonly context: Context },
): SourceSpan {
  const [line, column] = positionOf(token);
  const path = inputShownBy(token);
  const isInput = path !== null && context.findScope(rootOf(path)) === context.environments;
  return { start, end: start + length, template: token.file ?? null, line, column, input: isInput ? path : null };
}

/** Counting lines is too slow to do for every turn of a loop. */
const positions = new WeakMap<Token, [line: number, column: number]>();

function positionOf(token: Token): [line: number, column: number] {
  const position = positions.get(token) ?? token.getPosition();
  positions.set(token, position);
  return position;
}

function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)![0];
}

/** Lists print their items one after the other, as Liquid does; objects print as JSON. */
function printed(value: unknown, depth: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (depth > 128) throw new LimitExceeded('dataDepth');
  if (Array.isArray(value)) return value.map((item) => printed(item, depth + 1)).join('');
  if (typeof value === 'object')
    return isData(value) || Object.getPrototypeOf(value) === null ? JSON.stringify(value) : String(value);
  return typeof value === 'function' || typeof value === 'symbol' ? '' : String(value);
}
