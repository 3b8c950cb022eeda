/// <reference path="./liquidjs.d.ts" />
import {
  defaultOperators,
  Liquid,
  type LiquidNode,
  Parser,
  type Token,
  TokenKind,
  type TokenSource,
} from 'liquidjs/dist/liquid.browser.mjs';
import type { Limits } from '../runtime/limits.ts';
import { adaptValues } from './adapt-values.ts';
import { ownFilters, removedLiquidFilters } from './filters.ts';
import { meteredFilter, meteredOperator } from './metered-filters.ts';
import type { RenderState } from './render-state.ts';
import { LimitExceeded } from './scope.ts';
import { trimBlankBlock } from './tags/blank-bodies.ts';
import { SlicedForTag } from './tags/for-tag.ts';
import { DocTag, IfChangedTag, IncludeTag, NamedRenderTag, StrictAssignTag } from './tags/partial-tags.ts';
import { VerbatimTokenizer } from './tags/tokenizer.ts';

/**
 * The current render, for liquidjs' callbacks that do not say which it is. Rendering is synchronous, so there is only
 * one.
 */
let current: RenderState | null = null;
let dialect: Liquid | null = null;

/** The Liquid engine with our tags and filters; one instance serves all renders, because it keeps no state of them. */
export function liquidDialect(): Liquid {
  dialect ??= createDialect();
  return dialect;
}

/** Runs `render` with the includes and counters of `state`. */
export function withState<Result>(state: RenderState, render: () => Result): Result {
  const outer = current;
  current = state;
  try {
    return render();
  } finally {
    current = outer;
  }
}

/** Parses within the limits on nodes and nesting; throws what liquidjs throws, with a LimitExceeded inside. */
export function parseNodes(source: string, name: string | null, limits: Limits): readonly LiquidNode[] {
  return new MeteredParser(liquidDialect(), limits).parse(source, name ?? undefined);
}

class MeteredParser extends Parser {
  readonly #limits: Limits;
  readonly #blank = new WeakSet<LiquidNode>();
  /** Parsing may take half of the time limit; the rest is for rendering. */
  readonly #deadline: number;
  #nodes = 0;
  #depth = 0;

  constructor(liquid: Liquid, limits: Limits) {
    super(liquid);
    this.#limits = limits;
    this.#deadline = performance.now() + limits.milliseconds / 2;
  }

  override parse(source: string, name?: string): LiquidNode[] {
    const { options } = this.liquid;
    // Checked before parsing, which is slow for each tag. A node has an opening and a closing tag, so twice as many
    // tags are allowed.
    if (occurrences(source, '{{') > this.#limits.nodes || occurrences(source, '{%') > 2 * this.#limits.nodes)
      throw new LimitExceeded('nodes');
    const tokens = new VerbatimTokenizer(source, options.operators, name).readTopLevelTokens(options);
    return this.parseTokens(tokenQueue(tokens));
  }

  override parseToken(token: Token, rest: TokenSource): LiquidNode {
    const isLong = token.kind !== TokenKind.HTML && token.end - token.begin > longToken;
    this.#nodes += 1 + (isLong ? separatorsIn(token) : 0);
    if (this.#nodes > this.#limits.nodes) throw new LimitExceeded('nodes');
    // A short template is not refused for the time that a busy machine takes.
    if (this.#nodes > this.#limits.nodes / 4 && performance.now() > this.#deadline)
      throw new LimitExceeded('milliseconds');
    this.#depth += 1;
    if (this.#depth > this.#limits.nesting) throw new LimitExceeded('nesting');
    const node = super.parseToken(token, rest);
    if (!isLong) this.#nodes += node.value?.filters.length ?? 0;
    this.#depth -= 1;
    adaptValues(node);
    trimBlankBlock(node, this.#blank);
    return node;
  }
}

function occurrences(source: string, part: string): number {
  let count = 0;
  for (let at = source.indexOf(part); at !== -1; at = source.indexOf(part, at + part.length)) count += 1;
  return count;
}

const separator = /"[^"]*"|'[^']*'|([,|]|\b(?:or|and)\b)/g;

/** Length from which a tag is checked before it is parsed. */
const longToken = 1_000;

/** Each filter, argument and condition of a long tag counts, because reading them takes long. */
function separatorsIn({ input, begin, end }: Token): number {
  let count = 0;
  for (const [, found] of input.slice(begin, end).matchAll(separator)) if (found !== undefined) count += 1;
  return count;
}

/** A queue with an index, because `shift` on a long array moves all other items. */
function tokenQueue(tokens: readonly Token[]): TokenSource {
  let next = 0;
  return {
    get length() {
      return tokens.length - next;
    },
    shift() {
      next += 1;
      return tokens[next - 1];
    },
  };
}

function createDialect(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    lenientIf: true,
    relativeReference: false,
    timezoneOffset: 0,
    preserveTimezones: true,
    locale: 'en-US',
    operators: Object.fromEntries(
      Object.entries({ ...defaultOperators, '<>': defaultOperators['!='] }).map(([name, operator]) => [
        name,
        meteredOperator(operator, () => stateOf().meter),
      ]),
    ),
    fs: { resolve: (_folder: string, name: string) => name },
  });
  Object.assign(liquid.filters, ownFilters);
  for (const name of removedLiquidFilters) delete liquid.filters[name];
  for (const [name, filter] of Object.entries(liquid.filters))
    liquid.filters[name] = meteredFilter(name, filter as Parameters<typeof meteredFilter>[1], () => stateOf().meter);
  Object.assign(liquid.tags, {
    assign: StrictAssignTag,
    doc: DocTag,
    for: SlicedForTag,
    ifchanged: IfChangedTag,
    include: IncludeTag,
    render: NamedRenderTag,
  });
  // liquidjs looks names up in these without asking whether they are own members.
  Object.setPrototypeOf(liquid.filters, null);
  Object.setPrototypeOf(liquid.tags, null);
  const run: RenderState['run'] = (nodes, context, emitter) => stateOf().run(nodes, context, emitter);
  liquid.renderer.renderTemplates = run as typeof liquid.renderer.renderTemplates;
  liquid._parsePartialFile = includedNodes;
  liquid._parseLayoutFile = includedNodes;
  return liquid;
}

// biome-ignore lint/correctness/useYield: liquidjs takes what the generator returns.
function* includedNodes(name: string): Generator<unknown, readonly LiquidNode[]> {
  return stateOf().include(name);
}

function stateOf(): RenderState {
  if (current === null) throw new Error('Nothing is being rendered.');
  return current;
}
