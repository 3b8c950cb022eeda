/// <reference path="./liquidjs.d.ts" />
import {
  type Context,
  type Emitter,
  LiquidError,
  type LiquidNode,
  RenderError,
  TokenKind,
} from 'liquidjs/dist/liquid.browser.mjs';
import { Meter } from '../runtime/execution/meter.ts';
import type { LimitName, Limits } from '../runtime/limits.ts';
import { type ParseResult, type RenderOptions, type Template, TemplateError } from '../runtime/types.ts';
import { type SpanEmitter, spanEmitter } from './emitter.ts';
import { LimitExceeded } from './scope.ts';
import { analysisOfNodes } from './tags/analyze.ts';

/** A parsed Liquid template. */
export interface LiquidTemplate extends Template {
  readonly syntax: 'liquid';
  readonly nodes: readonly LiquidNode[];
}

export function isLiquid(template: Template): template is LiquidTemplate {
  return template.syntax === 'liquid' && 'nodes' in template;
}

/** Parses an included template. */
export type ParseIncluded = (source: string, name: string) => ParseResult;

/** The meter of one render, and which templates are currently inside each other. */
export interface RenderState {
  readonly meter: Meter;
  /** The nodes of an included template. */
  include(name: string): readonly LiquidNode[];
  /** liquidjs' own loop over nodes, plus counting, the source map and knowing which template is being rendered. */
  run(nodes: readonly LiquidNode[], context: Context, given: Emitter | undefined): Generator;
}

/** liquidjs takes some microseconds for each node, a step of ours a tenth of one. */
const stepsPerNode = 24;

class LiquidMeter extends Meter {
  override exceeded(name: LimitName): LimitExceeded {
    return new LimitExceeded(name);
  }
}

/** A template that is missing or includes itself. */
export class IncludeFailed extends Error {}

export function createRenderState(
  root: LiquidTemplate,
  options: RenderOptions,
  limits: Limits,
  output: SpanEmitter,
  parse: ParseIncluded,
  spent: number,
): RenderState {
  const active: (string | null)[] = [];
  const meter = new LiquidMeter(limits, spent);
  let depth = 0;
  return {
    meter,
    include(name) {
      const source = options.loader?.load(name)?.source;
      if (source === undefined) throw new IncludeFailed(`There is no template "${name.slice(0, 200)}".`);
      if (active.includes(name)) throw new IncludeFailed(circle([...active, name]));
      if (active.length > limits.includeDepth) throw new LimitExceeded('includeDepth');
      // Whether it is in the cache or not.
      meter.spend(source.length);
      const { template, problems } = parse(source, name);
      meter.tick();
      const error = problems.find(({ severity }) => severity === 'error');
      if (error !== undefined) throw new TemplateError(error);
      if (template === null || !isLiquid(template)) return [];
      if (options.sourceMap !== false) analysisOfNodes(template.nodes);
      return template.nodes;
    },
    *run(nodes, context, given) {
      const emitter = given === undefined ? (depth === 0 ? output : captured(limits)) : asSpanEmitter(given);
      const file = nodes[0]?.token.file ?? root.name;
      const outer = active.length;
      if (outer === 0 || active[outer - 1] !== file) active.push(file);
      depth += 1;
      if (depth > limits.recursion) throw new LimitExceeded('recursion');
      meter.step();
      for (const node of nodes) {
        meter.spend(stepsPerNode + weightOf(node));
        meter.tick();
        try {
          emitter.at(node, context);
          const text: unknown = yield node.render(context, emitter);
          emitter.at(node, context);
          if (text !== undefined && text !== '') emitter.write(text);
        } catch (thrown) {
          throw LiquidError.is(thrown) || thrown instanceof TemplateError ? thrown : new RenderError(thrown, node);
        }
        if (context.breakCalled || context.continueCalled) break;
      }
      depth -= 1;
      active.length = outer;
      return emitter.buffer;
    },
  };
}

const weights = new WeakMap<LiquidNode, number>();

/** The cost of a node: the length of its code and of its branches. */
function weightOf(node: LiquidNode): number {
  const known = weights.get(node);
  if (known !== undefined) return known;
  const { token, branches = [] } = node;
  const values = branches.reduce((sum, { values: several }) => sum + 1 + (several?.length ?? 0), 0);
  const weight = (token.kind === TokenKind.HTML ? 0 : (token.end - token.begin) >> 3) + 4 * values;
  weights.set(node, weight);
  return weight;
}

const captured = (limits: Limits): SpanEmitter => spanEmitter(limits, 'string', false);

/** The emitter that liquidjs makes for `block.super` records no source map. */
function asSpanEmitter(given: Emitter): SpanEmitter {
  return 'at' in given ? (given as SpanEmitter) : Object.assign(given, { spans: [], at: () => {} });
}

function circle(names: readonly (string | null)[]): string {
  const first = names.indexOf(names.at(-1) ?? null);
  const path = names.slice(first).map((name) => (name === null ? 'this template' : `"${name}"`));
  return `Templates include each other in a circle: ${path.join(' → ')}.`;
}

/** Limits on time and memory in the form that liquidjs uses. */
export function createLimiters({ meter }: RenderState) {
  const { limits } = meter;
  let allocated = 0;
  return {
    memoryLimit: {
      check: () => {},
      use: (count: number) => {
        if (!(count > 0)) return;
        if (count > limits.string) throw new LimitExceeded('string');
        meter.spend(count >> 3);
        allocated += count;
        if (allocated > 16 * limits.string) throw new LimitExceeded('string');
      },
    },
    renderLimit: {
      use: () => {},
      check: () => meter.step(),
    },
  };
}
