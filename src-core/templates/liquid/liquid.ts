/// <reference path="./liquidjs.d.ts" />
import {
  type Context,
  Liquid,
  LiquidError,
  type LiquidTemplate,
  RenderError,
  type Variable,
} from 'liquidjs/dist/liquid.browser.mjs';
import { type LimitName, type Limits, limitWords, lowerLimits } from '../limits.ts';
import {
  type FreeInput,
  type Inputs,
  type ParseOptions,
  type ParseResult,
  type Position,
  type Problem,
  type ProblemCode,
  type RenderOptions,
  type RenderResult,
  type Template,
  TemplateError,
} from '../types.ts';
import { type SpanEmitter, spanEmitter } from './emitter.ts';
import { OwnContext } from './own-context.ts';
import { inputScope, LimitExceeded } from './scope.ts';

/** Parses a Liquid template; the same shapes as for Jinja. */
export function parseLiquid(source: string, options: ParseOptions = {}): ParseResult {
  const name = options.name ?? null;
  try {
    createLiquid(lowerLimits(undefined), {}, null).parse(checkedSource(source, name), name ?? undefined);
    return { template: { syntax: 'liquid', source, name }, problems: [] };
  } catch (thrown) {
    return { template: null, problems: [problemOf(thrown, { source, name, parsing: true })] };
  }
}

/** Renders a Liquid template under the same limits as Jinja; throws a TemplateError. */
export function renderLiquid(template: Template, inputs: Inputs, options: RenderOptions = {}): RenderResult {
  const limits = lowerLimits(options.limits);
  const { scope, used } = inputScope(inputs, limits);
  const emitter = spanEmitter(limits, 'output', options.sourceMap !== false);
  try {
    const liquid = createLiquid(limits, options, emitter, template.name);
    const parsed = liquid.parse(checkedSource(template.source, template.name), template.name ?? undefined);
    const shared = { ...createLimiters(limits), liquid };
    liquid.renderSync(parsed, new OwnContext(scope, liquid.options, options.strict === true, shared));
  } catch (thrown) {
    throw new TemplateError(problemOf(thrown, { source: template.source, name: template.name, parsing: false }));
  }
  return { output: emitter.buffer, usedInputs: [...used], sourceMap: emitter.spans };
}

/** The names that a Liquid template reads and does not define itself. */
export function inputsOfLiquid(template: Template): readonly FreeInput[] {
  const liquid = createLiquid(lowerLimits(undefined), {}, null);
  const { globals } = liquid.analyzeSync(liquid.parse(template.source), { partials: false });
  return Object.entries(globals).map(([name, variables]) => ({
    name,
    paths: variables.map((variable) => {
      const path = pathOf(variable);
      const start = { line: variable.location.row, column: variable.location.col };
      return { path, start, end: { line: start.line, column: start.column + path.length } };
    }),
  }));
}

/** Filters that would run a value as an expression; templates have them not. */
export const removedLiquidFilters: readonly string[] = [
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
];

/** The names of all tags, for completion and docs. */
export function liquidStatementNames(): readonly string[] {
  return Object.keys(createLiquid(lowerLimits(undefined), {}, null).tags);
}

function createLiquid(
  limits: Limits,
  options: RenderOptions,
  output: SpanEmitter | null,
  rootName: string | null = null,
): Liquid {
  const active: (string | null)[] = [];
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    relativeReference: false,
    // The sum over a template and what it includes; each source is checked on its own.
    parseLimit: limits.source * limits.includeDepth,
    fs: includedFiles(options, limits, active),
  });
  for (const name of removedLiquidFilters) delete liquid.filters[name];
  // liquidjs looks names up in these without asking whether they are own members.
  Object.setPrototypeOf(liquid.filters, null);
  Object.setPrototypeOf(liquid.tags, null);
  if (output !== null) liquid.renderer.renderTemplates = meteredRender(limits, output, active, rootName);
  return liquid;
}

/** What liquidjs sees as its file system: the loader, and which templates are inside each other right now. */
function includedFiles({ loader }: RenderOptions, limits: Limits, active: readonly (string | null)[]) {
  const find = (name: string) => loader?.load(name) ?? null;
  return {
    resolve: (_folder: string, name: string) => name,
    existsSync: () => true,
    containsSync: () => true,
    readFileSync: (name: string) => {
      const found = find(name);
      if (found === null) throw new IncludeFailed(`There is no template "${name}" to include.`);
      if (active.includes(name))
        throw new IncludeFailed(
          `"${name}" includes itself: ${[...active, name].map((part) => part ?? 'this template').join(' → ')}.`,
        );
      if (active.length > limits.includeDepth) throw new LimitExceeded('includeDepth');
      if (found.source.length > limits.source) throw new LimitExceeded('source');
      return found.source;
    },
  };
}

class IncludeFailed extends Error {}

/** liquidjs' own loop over nodes, plus step counting, the source map and knowing which template is being rendered. */
function meteredRender(limits: Limits, output: SpanEmitter, active: (string | null)[], rootName: string | null) {
  let steps = 0;
  let depth = 0;
  let outermost = true;
  return function* render(templates: readonly LiquidTemplate[], context: Context, given?: object): Generator {
    const emitter = (given as SpanEmitter | undefined) ?? (outermost ? output : spanEmitter(limits, 'string', false));
    outermost = false;
    const file = templates[0]?.token.file ?? rootName;
    const outer = active.length;
    if (outer === 0 || active[outer - 1] !== file) active.push(file);
    depth += 1;
    if (depth > limits.recursion) throw new LimitExceeded('recursion');
    context.renderLimit.check(performance.now());
    for (const template of templates) {
      steps += 1;
      if (steps > limits.steps) throw new LimitExceeded('steps');
      context.renderLimit.check(performance.now());
      try {
        emitter.at(template, context);
        const html: unknown = yield template.render(context, emitter);
        emitter.at(template, context);
        if (html !== undefined && html !== '') emitter.write(html);
      } catch (thrown) {
        throw LiquidError.is(thrown) ? thrown : new RenderError(thrown, template);
      }
      if (context.breakCalled || context.continueCalled) break;
    }
    depth -= 1;
    active.length = outer;
    return emitter.buffer;
  };
}

function createLimiters(limits: Limits) {
  const deadline = performance.now() + limits.milliseconds;
  let allocated = 0;
  return {
    memoryLimit: {
      check: () => {},
      use: (count: number) => {
        if (!(count > 0)) return;
        if (count > limits.string) throw new LimitExceeded('string');
        allocated += count;
        if (allocated > 16 * limits.string) throw new LimitExceeded('string');
      },
    },
    renderLimit: {
      use: () => {},
      check: (now: number) => {
        if (now > deadline) throw new LimitExceeded('milliseconds');
      },
    },
  };
}

function checkedSource(source: string, name: string | null): string {
  const { source: longest } = lowerLimits(undefined);
  if (source.length > longest)
    throw new TemplateError(limitProblem('source', name, { line: 1, column: 1 }, { line: 1, column: 1 }));
  return source;
}

interface Where {
  readonly source: string;
  readonly name: string | null;
  readonly parsing: boolean;
}

function problemOf(thrown: unknown, where: Where): Problem {
  if (thrown instanceof TemplateError) return thrown.problem;
  const isLiquid = LiquidError.is(thrown);
  const cause = isLiquid ? (thrown.originalError ?? thrown) : thrown;
  if (cause !== thrown && LiquidError.is(cause)) return problemOf(cause, where);
  const token = isLiquid ? thrown.token : null;
  const start = token === null ? { line: 1, column: 1 } : positionIn(token.input, token.begin);
  const end = token === null ? start : positionIn(token.input, token.end);
  const template = token?.file ?? where.name;
  if (cause instanceof LimitExceeded) return limitProblem(cause.limit, template, start, end);
  if (cause instanceof RangeError) return limitProblem(where.parsing ? 'nesting' : 'recursion', template, start, end);
  if (!(cause instanceof Error) || (!isLiquid && !(cause instanceof IncludeFailed))) throw thrown;
  const message = sentence(cause.message);
  return { severity: 'error', code: codeOf(cause, message, where.parsing), message, template, start, end };
}

function codeOf(cause: Error, message: string, parsing: boolean): ProblemCode {
  if (cause instanceof IncludeFailed) return 'include';
  if (/^undefined variable/i.test(message)) return 'undefined';
  if (/^undefined filter|^tag ".*" not found/i.test(message)) return 'unknown';
  return parsing || cause.name === 'ParseError' || cause.name === 'TokenizationError' ? 'syntax' : 'type';
}

function sentence(message: string): string {
  const [first = ''] = message.replace(/, (file:.*, )?line:\d+, col:\d+/, '').split('\n');
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!?]$/.test(first) ? '' : '.'}`;
}

function limitProblem(limit: LimitName, template: string | null, start: Position, end: Position): Problem {
  const message = `The template uses more than ${lowerLimits(undefined)[limit]} ${limitWords[limit]}.`;
  return { severity: 'error', code: 'limit', message, template, start, end, limit };
}

function positionIn(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const lastNewline = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastNewline };
}

function pathOf({ segments }: Variable): string {
  return segments
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (typeof segment !== 'string') return '[]';
      return index === 0 ? segment : `.${segment}`;
    })
    .join('');
}
