import type { TemplateLoader } from '../ports.ts';
import { globalNames, globalsFor } from './builtins/globals.ts';
import { compileProgram, type Program } from './compile/program.ts';
import { analyzeInputs, type InputAnalysis } from './free-inputs.ts';
import { analyzeLiquid, parseLiquid, renderLiquid } from './liquid/liquid.ts';
import { compileNunjucks } from './nunjucks/compile/program.ts';
import { nunjucksGlobalNames, nunjucksGlobals } from './nunjucks/globals.ts';
import { parseNunjucksBody } from './nunjucks/syntax/parse.ts';
import { createLocator, Failure, type Locator, limitFailure, problemAt } from './runtime/diagnostics.ts';
import { Context } from './runtime/execution/frame.ts';
import { createLibrary, type LoadedTemplate, ownBlocks } from './runtime/execution/library.ts';
import { Runtime } from './runtime/execution/runtime.ts';
import type { MapRecorder } from './runtime/execution/source-map.ts';
import { inputSource } from './runtime/json-values.ts';
import { defaultLimits, lowerLimits } from './runtime/limits.ts';
import {
  type Inputs,
  type ParseOptions,
  type ParseResult,
  type Problem,
  type RenderOptions,
  type RenderResult,
  type Template,
  TemplateError,
} from './runtime/types.ts';
import { tokenize } from './syntax/lexer.ts';
import { LocatedFailure } from './syntax/located-failure.ts';
import type { Body } from './syntax/nodes.ts';
import { parseTemplateBody } from './syntax/parse-statements.ts';
import { createTokenStream } from './syntax/token-stream.ts';

export { parseJsonInputs } from './runtime/json-inputs.ts';
export { TemplateError } from './runtime/types.ts';

/** A template of our own interpreter: Jinja, or nunjucks with its own parser and semantics. */
interface OwnTemplate extends Template {
  readonly syntax: 'jinja' | 'nunjucks';
  readonly program: Program;
  readonly inputs: InputAnalysis;
  readonly options: ParseOptions;
}

/** Parsed templates by content, the least recently used first. */
const cache = new Map<string, ParseResult>();
const cacheSize = 300;
/** All sources in the cache, in characters; a parsed template takes up to a hundred times its source. */
const cachedSource = 1024 * 1024;
let cachedLength = 0;
/** Milliseconds that parsing took, which the first render has less, so that both together are bounded. */
const parsingTimes = new WeakMap<Template, number>();
/** Milliseconds of parsing that are not counted, so that a busy machine leaves time for rendering. */
const uncountedParsingMs = 30;
const mostCharged = 150;

/** Parses a template. The same content gives the same result again; problems that are no errors leave a template. */
export function parseTemplate(source: string, options: ParseOptions = {}): ParseResult {
  const key = [
    options.syntax ?? 'jinja',
    options.trimBlocks === true,
    options.lstripBlocks === true,
    JSON.stringify(options.name ?? null),
    source,
  ].join('\n');
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const started = performance.now();
  const result = options.syntax === 'liquid' ? parseLiquid(source, options) : parseOwn(source, options);
  if (result.template !== null) parsingTimes.set(result.template, performance.now() - started);
  cache.set(key, result);
  cachedLength += key.length;
  for (const oldest of cache.keys()) {
    if (cache.size <= cacheSize && cachedLength <= cachedSource) break;
    cache.delete(oldest);
    cachedLength -= oldest.length;
  }
  return result;
}

function parseOwn(source: string, options: ParseOptions): ParseResult {
  const name = options.name ?? null;
  const text = source.replace(/\r\n?/g, '\n');
  const locator = createLocator(text);
  const problems: Problem[] = [];
  try {
    if (source.length > defaultLimits.source) throw new LocatedFailure(limitFailure('source', defaultLimits), 0, 0);
    const syntax = options.syntax === 'nunjucks' ? 'nunjucks' : 'jinja';
    const body = parseBody(text, syntax, options);
    const inputs = analyzeInputs(body, syntax === 'nunjucks' ? nunjucksGlobalNames : globalNames);
    const warn = (failure: LocatedFailure) => {
      problems.push({ ...problemAt(failure, name, locator, failure.start, failure.end), severity: 'warning' });
    };
    const compile = syntax === 'nunjucks' ? compileNunjucks : compileProgram;
    const program = compile(body, name, text, inputs, warn);
    const template: OwnTemplate = { syntax, source, name, program, inputs, options };
    return { template, problems };
  } catch (thrown) {
    return { template: null, problems: [...problems, parseProblem(thrown, name, locator)] };
  }
}

/** The statements of a source whose newlines are all `\n`; throws a LocatedFailure. */
export function parseBody(text: string, syntax: 'jinja' | 'nunjucks', options: ParseOptions = {}): Body {
  const blanks = { trimBlocks: options.trimBlocks === true, lstripBlocks: options.lstripBlocks === true };
  if (syntax === 'nunjucks') return parseNunjucksBody(text, blanks);
  return parseTemplateBody(createTokenStream(tokenize(text, blanks)));
}

function parseProblem(thrown: unknown, name: string | null, locator: Locator): Problem {
  if (thrown instanceof LocatedFailure) return problemAt(thrown, name, locator, thrown.start, thrown.end);
  if (isStackOverflow(thrown)) return problemAt(limitFailure('nesting', defaultLimits), name, locator, 0, 0);
  throw thrown;
}

/** The stack overflowed before a limit was reached, which does no harm. */
function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && /call stack/i.test(thrown.message);
}

/** Renders a template that was parsed. Throws a TemplateError and nothing else. */
export function renderTemplate(template: Template, inputs: Inputs, options: RenderOptions = {}): RenderResult {
  const spent = Math.min(mostCharged, Math.max(0, (parsingTimes.get(template) ?? 0) - uncountedParsingMs));
  parsingTimes.delete(template);
  if (template.syntax === 'liquid') return renderLiquid(template, inputs, options, parseIncludedLiquid, spent);
  if (!isOwn(template)) throw new TypeError('This template was not parsed by this engine.');
  const used: string[] = [];
  const chatTemplate = options.chatTemplate === true;
  const isNunjucks = template.syntax === 'nunjucks';
  const globals = isNunjucks ? nunjucksGlobals : globalsFor(chatTemplate);
  const runtime = new Runtime({
    limits: lowerLimits(options.limits),
    spent,
    strict: options.strict === true,
    chatTemplate,
    plainNumbers: isNunjucks,
    sourceMap: options.sourceMap !== false,
    now: () => options.now ?? Date.now(),
    makeLibrary: (made) => createLibrary(template.name, (name) => load(options.loader, name, template, made), globals),
  });
  const given = inputSource(runtime, inputs, used);
  const names = {
    get(name: string) {
      const value = given.get(name);
      return value === undefined ? globals.get(name) : value;
    },
  };
  const { program } = template;
  try {
    program.renderRoot(runtime, new Context(template.name, names, ownBlocks(program)));
  } catch (thrown) {
    throw renderError(thrown, runtime);
  }
  return new Outcome(runtime, used);
}

const parseIncludedLiquid = (source: string, name: string) => parseTemplate(source, { syntax: 'liquid', name });

/** A finished render; the source map is computed when it is first read, because most renders never need it. */
class Outcome implements RenderResult {
  readonly output: string;
  readonly usedInputs: readonly string[];
  private readonly recorder: MapRecorder | null;
  private spans: RenderResult['sourceMap'] | null = null;

  constructor(runtime: Runtime, usedInputs: readonly string[]) {
    this.output = runtime.out;
    this.usedInputs = usedInputs;
    this.recorder = runtime.map;
  }

  get sourceMap(): RenderResult['sourceMap'] {
    this.spans ??= this.recorder === null ? [] : this.recorder.spans(this.output.length);
    return this.spans;
  }
}

function renderError(thrown: unknown, runtime: Runtime): unknown {
  if (thrown instanceof TemplateError) return thrown;
  const failure = thrown instanceof RangeError ? overflow(thrown, runtime) : thrown;
  if (!(failure instanceof Failure)) return thrown;
  return new TemplateError(
    problemAt(failure, runtime.template, createLocator(runtime.source), runtime.at, runtime.at + 1),
  );
}

/** JavaScript's own limits count as limits too, though ours should be reached first. */
function overflow(thrown: RangeError, runtime: Runtime): Failure {
  return runtime.exceeded(isStackOverflow(thrown) ? 'recursion' : 'string');
}

function load(
  loader: TemplateLoader | undefined,
  name: string,
  from: OwnTemplate,
  runtime: Runtime,
): LoadedTemplate | null {
  const found = loader?.load(name) ?? null;
  if (found === null) return null;
  // Whether it is in the cache or not.
  runtime.spend(found.source.length);
  const { template, problems } = parseTemplate(found.source, { ...from.options, name });
  runtime.tick();
  const error = problems.find(({ severity }) => severity === 'error');
  if (template === null || !isOwn(template)) {
    if (error !== undefined) throw new TemplateError(error);
    return null;
  }
  return {
    name,
    program: template.program,
    inputs: found.inputs === undefined ? null : inputSource(runtime, found.inputs, null),
  };
}

function isOwn(template: Template): template is OwnTemplate {
  return template.syntax !== 'liquid' && 'program' in template;
}

/** What a template reads and names, with the text that the places are offsets in. */
export function analysisOf(template: Template): { readonly analysis: InputAnalysis; readonly text: string } {
  if (template.syntax === 'liquid') return { analysis: analyzeLiquid(template), text: template.source };
  if (!isOwn(template)) throw new TypeError('This template was not parsed by this engine.');
  return { analysis: template.inputs, text: template.program.source };
}
