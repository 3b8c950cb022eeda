/// <reference path="./liquidjs.d.ts" />
import { lowerLimits } from '../runtime/limits.ts';
import {
  type Inputs,
  type ParseOptions,
  type ParseResult,
  type RenderOptions,
  type RenderResult,
  type Template,
  TemplateError,
} from '../runtime/types.ts';
import { liquidDialect, parseNodes, withState } from './dialect.ts';
import { spanEmitter } from './emitter.ts';
import { OwnContext } from './own-context.ts';
import { problemOf } from './problems.ts';
import {
  createLimiters,
  createRenderState,
  isLiquid,
  type LiquidTemplate,
  type ParseIncluded,
} from './render-state.ts';
import { inputScope, LimitExceeded } from './scope.ts';
import { analysisOfNodes, type LiquidAnalysis } from './tags/analyze.ts';

/** Parses a Liquid template; the same shapes as for Jinja. */
export function parseLiquid(source: string, options: ParseOptions = {}): ParseResult {
  const name = options.name ?? null;
  const limits = lowerLimits(undefined);
  try {
    if (source.length > limits.source) throw new LimitExceeded('source');
    const nodes = parseNodes(source, name, limits);
    const template: LiquidTemplate = { syntax: 'liquid', source, name, nodes };
    return { template, problems: [] };
  } catch (thrown) {
    return { template: null, problems: [problemOf(thrown, { source, name, limits, parsing: true })] };
  }
}

/** Renders a Liquid template under the same limits as Jinja; throws a TemplateError. */
export function renderLiquid(
  template: Template,
  inputs: Inputs,
  options: RenderOptions = {},
  parse: ParseIncluded = (source, name) => parseLiquid(source, { name }),
  spent = 0,
): RenderResult {
  const root = requireLiquid(template);
  const limits = lowerLimits(options.limits);
  const isMapped = options.sourceMap !== false;
  // The analysis records which token shows which input, which the source map needs.
  if (isMapped) analysisOfNodes(root.nodes);
  const { scope, used } = inputScope(inputs, limits);
  const emitter = spanEmitter(limits, 'output', isMapped);
  const state = createRenderState(root, options, limits, emitter, parse, spent);
  const liquid = liquidDialect();
  const shared = { ...createLimiters(state), liquid, now: options.now ?? Date.now() };
  const context = new OwnContext(scope, liquid.options, options.strict === true, shared);
  try {
    withState(state, () => liquid.renderSync(root.nodes, context));
  } catch (thrown) {
    throw new TemplateError(problemOf(thrown, { source: root.source, name: root.name, limits, parsing: false }));
  }
  return { output: emitter.buffer, usedInputs: [...used], sourceMap: emitter.spans };
}

function requireLiquid(template: Template): LiquidTemplate {
  if (!isLiquid(template)) throw new TypeError('This template was not parsed by this engine.');
  return template;
}

/** What a Liquid template reads and names. */
export function analyzeLiquid(template: Template): LiquidAnalysis {
  return analysisOfNodes(requireLiquid(template).nodes);
}

/** The names of all tags, for completion and docs. */
export function liquidStatementNames(): readonly string[] {
  return Object.keys(liquidDialect().tags);
}
