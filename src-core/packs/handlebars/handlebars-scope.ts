import type { JsonObject } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';
import { freeVariable, jinjaLiteral, jinjaMember } from '../text/jinja-source.ts';
import type { InputNames } from '../text/names.ts';
import type { InputUses, Use } from './handlebars-inputs.ts';
import { memberOf, type Value } from './handlebars-values.ts';
import { type Call, calledName, type Expression, type Path, type Program, statementsOf } from './parse-handlebars.ts';

export type Dialect = 'dotprompt' | 'semantic-kernel';

/** What a conversion of one prompt needs. */
export interface HandlebarsContext {
  /** Whose helpers there are. */
  readonly dialect: Dialect;
  readonly names: InputNames;
  readonly losses: Losses;
  /** Schemas of declared inputs, by the names of the file. */
  readonly schemas: ReadonlyMap<string, JsonObject>;
  /** Those of them that need not be given and have no default. */
  readonly optional: ReadonlySet<string>;
  /** Names that partials read, by the names that templates give the partials; those that are not there are left out. */
  readonly partials: ReadonlyMap<string, readonly string[]>;
}

export interface Loop {
  /** Name of the key's variable; null of a list. */
  readonly key: string | null;
  /** Name of a variable with the index, set where a loop inside asks for it. */
  index: string | null;
}

/** What names mean at a place. */
export interface Frame {
  /** What `this` is, outermost first; null is all the inputs. */
  readonly contexts: readonly (Value | null)[];
  readonly loops: readonly Loop[];
  /** Names behind `as |…|`. */
  readonly params: ReadonlyMap<string, Value>;
}

export const rootFrame: Frame = { contexts: [null], loops: [], params: new Map() };

/** A conversion under way. */
export interface Walk {
  readonly context: HandlebarsContext;
  readonly uses: InputUses;
  /** Names that a new variable must not get. */
  readonly used: Set<string>;
}

/** Helpers that compare, of Dotprompt, of Semantic Kernel and of the collections that many add. */
const comparisons: Readonly<Record<string, string>> = {
  ...{ ifEquals: '==', unlessEquals: '!=', eq: '==', equals: '==', ne: '!=', notEquals: '!=' },
  ...{ gt: '>', gte: '>=', lt: '<', lte: '<=', greaterThan: '>', lessThan: '<', and: 'and', or: 'or' },
};
const builtIn = new Set(['ifEquals', 'unlessEquals']);

/** The operator that a helper of two values stands for; one that is not Dotprompt's own is a loss. */
export function operatorOf(name: string, losses: Losses): string | null {
  if (!Object.hasOwn(comparisons, name)) return null;
  if (!builtIn.has(name)) unknownHelper(name, losses, 'It is taken for what its name says.');
  return comparisons[name]!;
}

export function unknownHelper(name: string, losses: Losses, what: string): void {
  losses.add('approximated', 'unknown-helper', name, `"${name}" is code of another program. ${what}`);
}

/** Jinja of an expression. */
export function jinjaOf(walk: Walk, expression: Expression, frame: Frame, use: Use): Value {
  switch (expression.type) {
    case 'PathExpression':
      return pathValue(walk, expression, frame, use);
    case 'SubExpression':
      return callValue(walk, expression, frame);
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return { source: jinjaLiteral(expression.value) };
    default:
      return { source: 'none' };
  }
}

/** A helper within an expression. */
function callValue(walk: Walk, call: Call, frame: Frame): Value {
  const { losses } = walk.context;
  const name = calledName(call.path) ?? '';
  const [first, second] = call.params;
  if (name === 'lookup' && first !== undefined && second !== undefined) return lookup(walk, first, second, frame);
  if (name === 'not' && first !== undefined) {
    unknownHelper(name, losses, 'It is taken for what its name says.');
    return { source: `(not ${jinjaOf(walk, first, frame, 'tested').source})` };
  }
  const operator = second === undefined ? null : operatorOf(name, losses);
  if (operator !== null) {
    const use = operator === 'and' || operator === 'or' ? 'tested' : 'value';
    const values = call.params.map((param) => jinjaOf(walk, param, frame, use).source);
    return { source: `(${values.join(` ${operator} `)})` };
  }
  const values = call.params.map((param) => jinjaOf(walk, param, frame, 'value'));
  unknownHelper(name, losses, 'Its first value stands in its place.');
  return values[0] ?? { source: 'none' };
}

export function lookup(walk: Walk, object: Expression, key: Expression, frame: Frame): Value {
  const { source } = jinjaOf(walk, object, frame, key.type === 'NumberLiteral' ? 'list' : 'members');
  if (key.type === 'StringLiteral') return { source: jinjaMember(source, key.value) };
  return { source: `${source}[${jinjaOf(walk, key, frame, 'value').source}]` };
}

function pathValue(walk: Walk, path: Path, frame: Frame, use: Use): Value {
  const parts = path.parts.map((part) => (typeof part === 'string' ? part : ''));
  if (path.data) return dataValue(walk, path, parts, frame, use);
  const [head, ...rest] = parts;
  const isScoped = /^(?:\.|this\b)/.test(path.original);
  const param = head === undefined || path.depth > 0 || isScoped ? undefined : frame.params.get(head);
  if (param !== undefined) return rest.reduce(memberOf, param);
  const at = frame.contexts.length - 1 - path.depth;
  const context = frame.contexts[Math.max(0, at)] ?? null;
  if (context !== null) return parts.reduce(memberOf, context);
  return head === undefined ? wholeContext(walk) : inputValue(walk, head, rest, use);
}

/** An input, or what is inside one. */
export function inputValue(walk: Walk, head: string, rest: readonly string[], use: Use): Value {
  const { names, schemas, optional } = walk.context;
  const name = names.legal(head);
  const isLength = rest.length === 1 && rest[0] === 'length' && schemas.get(head)?.type !== 'object';
  walk.uses.add(name, rest.length === 0 ? use : isLength || /^\d+$/.test(rest[0]!) ? 'list' : 'members');
  return rest.reduce(memberOf, {
    source: name,
    schema: schemas.get(head),
    isInput: true,
    isOptional: optional.has(head),
  });
}

/** All inputs as one object, where the template asks for `this` outside of every block. */
function wholeContext({ context: { names, losses, schemas } }: Walk): Value {
  losses.add('approximated', 'root-context', 'this', 'All inputs together are an object of the declared ones here.');
  const members = [...schemas.keys()].map((name) => `${jinjaLiteral(name)}: ${names.legal(name)}`);
  return { source: members.length === 0 ? names.legal('this') : `{${members.join(', ')}}` };
}

/** `@index`, `@root.x` and what programs hand over beside the inputs. */
function dataValue(walk: Walk, path: Path, [head = '', ...rest]: readonly string[], frame: Frame, use: Use): Value {
  if (head === 'root') return rest.length === 0 ? wholeContext(walk) : inputValue(walk, rest[0]!, rest.slice(1), use);
  const loop = frame.loops[frame.loops.length - 1 - path.depth];
  const isOwn = path.depth === 0;
  if (loop !== undefined && rest.length === 0) {
    if (head === 'key' && loop.key !== null) return { source: loop.key };
    if ((head === 'index' || head === 'key') && !isOwn) {
      loop.index ??= freeVariable('index', walk.used);
      return { source: loop.index };
    }
    if (head === 'index' || head === 'key') return { source: 'loop.index0', schema: { type: 'integer' } };
    if ((head === 'first' || head === 'last') && isOwn) return { source: `loop.${head}`, schema: { type: 'boolean' } };
  }
  walk.context.losses.add(
    'approximated',
    'context-variable',
    `@${head}`,
    `What a program hands over as "@${head}" is the input "${head}" here.`,
  );
  return inputValue(walk, head, rest, use);
}

/** Names that a template reads, as far as they need no block to be known. */
export function headsOf(program: Program): Set<string> {
  const heads = new Set<string>();
  const add = (expression: Expression) => {
    if (expression.type === 'PathExpression') {
      for (const part of expression.parts) if (typeof part === 'string') heads.add(part);
    } else if (expression.type === 'SubExpression') addCall(expression);
  };
  const addCall = ({ path, params, hash }: Call) => {
    for (const expression of [path, ...params, ...(hash?.pairs ?? []).map(({ value }) => value)]) add(expression);
  };
  for (const statement of statementsOf(program)) {
    if (statement.type === 'MustacheStatement' || statement.type === 'BlockStatement') addCall(statement);
    if (statement.type === 'PartialStatement' || statement.type === 'PartialBlockStatement')
      addCall({ ...statement, path: statement.name });
  }
  return heads;
}
