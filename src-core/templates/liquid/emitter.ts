import type { Context, Emitter, LiquidNode, Token } from 'liquidjs/dist/liquid.browser.mjs';
import { createLocator, type Locator } from '../runtime/diagnostics.ts';
import type { LimitName, Limits } from '../runtime/limits.ts';
import type { SourceSpan } from '../runtime/types.ts';
import { isData, LimitExceeded } from './scope.ts';
import { inputShownBy } from './tags/analyze.ts';

/** Collects output within a limit and notes which template node wrote each stretch. */
export interface SpanEmitter extends Emitter {
  readonly spans: readonly SourceSpan[];
  /** Sets the node that writes next. */
  at(node: LiquidNode, context: Context): void;
}

/** `limit` is the row that bounds the text: `output` for the whole, `string` for a captured part. */
export function spanEmitter(limits: Limits, limit: LimitName & ('output' | 'string'), mapped: boolean): SpanEmitter {
  let buffer = '';
  const locators = new Map<string, Locator>();
  let current: { readonly node: LiquidNode; readonly context: Context } | null = null;
  const spans: SourceSpan[] = [];
  const locatorOf = ({ input }: Token): Locator => {
    const known = locators.get(input) ?? createLocator(input);
    locators.set(input, known);
    return known;
  };
  return {
    get buffer() {
      return buffer;
    },
    spans,
    at(node, context) {
      current = { node, context };
    },
    write(value) {
      const text = printed(value, limits[limit] - buffer.length, 0);
      if (text === null) throw new LimitExceeded(limit);
      if (mapped && text !== '' && current !== null)
        spans.push(spanOf(buffer.length, text.length, current, locatorOf(current.node.token)));
      buffer += text;
    },
  };
}

function spanOf(
  start: number,
  length: number,
  { node: { token }, context }: { readonly node: LiquidNode; readonly context: Context },
  locator: Locator,
): SourceSpan {
  const { line, column } = locator.position(token.begin);
  const path = inputShownBy(token);
  const isInput = path !== null && context.findScope(rootOf(path)) === context.environments;
  return { start, end: start + length, template: token.file ?? null, line, column, input: isInput ? path : null };
}

function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)![0];
}

/** A value as text, or null when that is longer than `most`. */
function printed(value: unknown, most: number, depth: number): string | null {
  if (!Array.isArray(value)) {
    const text = printedItem(value);
    return text.length > most ? null : text;
  }
  if (depth > 128) throw new LimitExceeded('dataDepth');
  // Lists print their items one after the other, as Liquid does.
  let text = '';
  for (const item of value) {
    const piece = printed(item, most - text.length, depth + 1);
    if (piece === null) return null;
    text += piece;
  }
  return text;
}

/** Objects print as JSON. */
function printedItem(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'object')
    return isData(value) || Object.getPrototypeOf(value) === null ? JSON.stringify(value) : String(value);
  return typeof value === 'function' || typeof value === 'symbol' ? '' : String(value);
}
