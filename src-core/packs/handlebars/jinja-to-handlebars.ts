import { parseBody } from '../../templates/engine.ts';
import type { Body, Expression, ForNode, IfNode, Statement, WithNode } from '../../templates/syntax/nodes.ts';
import { assembleHandlebars, type Token } from './assemble-handlebars.ts';

export interface JinjaToHandlebars {
  /** The name of an input in the file. */
  readonly nameOf: (input: string) => string;
  /** Changes text between tags, as for XML. */
  readonly encode?: (text: string) => string;
}

/** A template of Handlebars, or what it has no counterpart for. */
export type WrittenHandlebars = { readonly text: string } | { readonly problem: string };

/** What a name that the template sets itself means. */
interface Bound {
  readonly kind: 'item' | 'key' | 'index';
  /** Number of loops around the one that sets it, itself included. */
  readonly level: number;
}

interface Frame {
  readonly level: number;
  readonly bound: ReadonlyMap<string, Bound>;
}

class Unsupported extends Error {}

/** Names that Handlebars takes for something else when they stand alone. */
const taken =
  /^(?:if|unless|each|with|lookup|log|json|role|history|media|section|ifEquals|unlessEquals|else|this|true|false|null|undefined|as)$/;

/**
 * Handlebars that prints what a Jinja template does: variables, paths, `if`, `for`, `include`, and what readers of Handlebars
 * make of its helpers. Filters, tests, arithmetic, `set` and macros have no counterpart.
 */
export function jinjaToHandlebars(template: string, options: JinjaToHandlebars): WrittenHandlebars {
  if (!/\{[{%#]/.test(template) && !template.includes('\\')) {
    const text = assembleHandlebars([{ text: template }], options.encode ?? same);
    return text === null ? { problem: 'a backslash before braces' } : { text };
  }
  try {
    const body = parseBody(template.replace(/\r\n?/g, '\n'), 'jinja');
    const tokens = bodyTokens(body, { level: 0, bound: new Map() }, options);
    const text = assembleHandlebars(tokens, options.encode ?? same);
    return text === null ? { problem: 'a backslash before braces' } : { text };
  } catch (thrown) {
    return { problem: thrown instanceof Unsupported ? thrown.message : 'a mistake in the template' };
  }
}

function same(text: string): string {
  return text;
}

function bodyTokens(body: Body, frame: Frame, options: JinjaToHandlebars): Token[] {
  return body.flatMap((statement) => statementTokens(statement, frame, options));
}

function statementTokens(statement: Statement, frame: Frame, options: JinjaToHandlebars): Token[] {
  switch (statement.kind) {
    case 'output':
      return statement.parts.map((part) =>
        part.kind === 'text' ? { text: part.text } : outputToken(part, frame, options),
      );
    case 'if':
      return ifTokens(statement, frame, options);
    case 'for':
      return forTokens(statement, frame, options);
    case 'include':
      return [partialToken(statement.template, '')];
    case 'with':
      return [withToken(statement, frame, options)];
    default:
      throw new Unsupported(`"${statement.kind}"`);
  }
}

function outputToken(part: Expression, frame: Frame, options: JinjaToHandlebars): Token {
  if (part.kind === 'constant' && typeof part.value === 'string') return { text: part.value };
  if (part.kind === 'filter' && part.operand !== null && part.name === 'dump') {
    const [indent, ...more] = part.args.positional;
    const isPlain = more.length === 0 && part.args.named.length === 0;
    const spaces = indent?.kind === 'constant' ? Number(indent.value) : 0;
    if (isPlain && (indent === undefined || Number.isInteger(spaces)))
      return tag(`json ${argument(part.operand, frame, options)}${indent === undefined ? '' : ` indent=${spaces}`}`);
  }
  return tag(printed(part, frame, options));
}

/** What prints as JavaScript prints is written as the value alone. */
function printed(part: Expression, frame: Frame, options: JinjaToHandlebars): string {
  if (part.kind === 'filter' && part.operand !== null && isPrinting(part)) return pathOf(part.operand, frame, options);
  const isNotNone = part.kind === 'condition' && part.otherwise === null && isNoneTest(part.test);
  if (isNotNone) return pathOf(part.value, frame, options);
  return pathOf(part, frame, options);
}

function isPrinting({ name, args }: Extract<Expression, { kind: 'filter' }>): boolean {
  const [first] = args.positional;
  if (name === 'lower') return args.positional.length === 0;
  return name === 'join' && args.positional.length === 1 && first?.kind === 'constant' && first.value === ',';
}

function isNoneTest(test: Expression): boolean {
  return test.kind === 'not' && test.operand.kind === 'test' && test.operand.name === 'none';
}

function ifTokens({ branches, otherwise }: IfNode, frame: Frame, options: JinjaToHandlebars): Token[] {
  const written = branches.map(({ test, body }) => ({
    condition: conditionOf(test, frame, options),
    body: bodyTokens(body, frame, options),
  }));
  const [first, ...rest] = written;
  return [
    block(`#${first!.condition}`),
    ...first!.body,
    ...rest.flatMap(({ condition, body }) => [block(`else ${condition}`), ...body]),
    ...(otherwise.length > 0 ? [block('else'), ...bodyTokens(otherwise, frame, options)] : []),
    block(`/${first!.condition.split(' ')[0]}`),
  ];
}

/** `if x`, `unless x`, `ifEquals a b`. */
function conditionOf(test: Expression, frame: Frame, options: JinjaToHandlebars): string {
  if (test.kind === 'not') {
    const inner = conditionOf(test.operand, frame, options);
    if (inner.startsWith('if ')) return `unless ${inner.slice(3)}`;
    throw new Unsupported('"not" before a comparison');
  }
  if (test.kind === 'compare') {
    const [only, ...more] = test.rest;
    if (only === undefined || more.length > 0 || (only.operator !== '==' && only.operator !== '!='))
      throw new Unsupported('a comparison other than "==" and "!="');
    const helper = only.operator === '==' ? 'ifEquals' : 'unlessEquals';
    return `${helper} ${argument(test.first, frame, options)} ${argument(only.operand, frame, options)}`;
  }
  return `if ${pathOf(presentValue(test) ?? test, frame, options)}`;
}

/** The value of `x is defined and x is not none`, which is what a condition over an object means. */
function presentValue(test: Expression): Expression | null {
  if (test.kind !== 'and') return null;
  const [defined, notNone, ...more] = test.operands;
  if (defined?.kind !== 'test' || defined.name !== 'defined' || notNone === undefined || more.length > 0) return null;
  return isNoneTest(notNone) ? defined.operand : null;
}

function forTokens(node: ForNode, frame: Frame, options: JinjaToHandlebars): Token[] {
  if (node.test !== null || node.recursive) throw new Unsupported('a loop with a condition or a recursive one');
  const level = frame.level + 1;
  const bound = new Map(frame.bound);
  const { source, target } = node;
  let list = source;
  if (target.kind === 'name') bound.set(target.name, { kind: 'item', level });
  else {
    const [key, item, ...more] = target.kind === 'targets' ? target.items : [];
    const isItems = source.kind === 'call' && source.callee.kind === 'attribute' && source.callee.name === 'items';
    if (!isItems || key?.kind !== 'name' || item?.kind !== 'name' || more.length > 0)
      throw new Unsupported('a loop over several values');
    list = (source.callee as Extract<Expression, { kind: 'attribute' }>).object;
    bound.set(key.name, { kind: 'key', level }).set(item.name, { kind: 'item', level });
  }
  const [first, ...rest] = node.body;
  const setsIndex = first?.kind === 'set' && first.target.kind === 'name' && isLoop(first.value, 'index0');
  if (setsIndex && first.target.kind === 'name') bound.set(first.target.name, { kind: 'index', level });
  return [
    block(`#each ${pathOf(withoutEmpty(list), frame, options)}`),
    ...bodyTokens(setsIndex ? rest : node.body, { level, bound }, options),
    ...(node.otherwise.length > 0 ? [block('else'), ...bodyTokens(node.otherwise, frame, options)] : []),
    block('/each'),
  ];
}

/** Only what gives an include its values. */
function withToken({ bindings, body }: WithNode, frame: Frame, options: JinjaToHandlebars): Token {
  const [only, ...more] = body.filter((each) => each.kind !== 'output' || each.parts.length > 0);
  if (only?.kind !== 'include' || more.length > 0) throw new Unsupported('"with"');
  const given = bindings.map(({ target, value }) => {
    if (target.kind !== 'name') throw new Unsupported('"with"');
    return ` ${target.name}=${argument(value, frame, options)}`;
  });
  return partialToken(only.template, given.join(''));
}

function partialToken(template: Expression, given: string): Token {
  if (template.kind !== 'constant' || typeof template.value !== 'string')
    throw new Unsupported('an include of a computed name');
  const name = template.value.replace(/@.*$/, '');
  return block(`> ${/^[a-z_][\w/-]*$/i.test(name) ? name : `"${name}"`}${given}`);
}

/** A value as a parameter: a path, or a literal. */
function argument(expression: Expression, frame: Frame, options: JinjaToHandlebars): string {
  if (expression.kind !== 'constant') return pathOf(expression, frame, options);
  const { value } = expression;
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string' || /\\$|\\"/.test(value)) throw new Unsupported('a literal of this kind');
  return `"${value.replaceAll('"', '\\"')}"`;
}

function pathOf(expression: Expression, frame: Frame, options: JinjaToHandlebars): string {
  for (const name of ['first', 'last'] as const) if (isLoop(expression, name)) return loopValue(name, frame);
  if (isLoop(expression, 'index0')) return loopValue('index', frame);
  const segments: string[] = [];
  let current = expression;
  for (;;) {
    if (current.kind === 'attribute') segments.unshift(current.name);
    else if (current.kind === 'item' && current.key.kind === 'constant') segments.unshift(keyOf(current.key.value));
    else if (isLength(current)) segments.unshift('length');
    else break;
    current = withoutEmpty(current.kind === 'filter' ? current.operand! : current.object);
  }
  if (current.kind !== 'name') throw new Unsupported(`"${current.kind}" in an expression`);
  return pathFrom(current.name, segments, frame, options);
}

/** `x or {}` and `x or []`, whose members are those of `x`. */
function withoutEmpty(expression: Expression): Expression {
  if (expression.kind !== 'or') return expression;
  const [value, empty, ...more] = expression.operands;
  const isEmpty =
    (empty?.kind === 'dict' && empty.entries.length === 0) || (empty?.kind === 'list' && empty.items.length === 0);
  return value !== undefined && isEmpty && more.length === 0 ? value : expression;
}

function keyOf(key: unknown): string {
  if (typeof key === 'string' && !/[[\]]/.test(key)) return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw new Unsupported('a key of this kind');
}

function isLength(expression: Expression): expression is Extract<Expression, { kind: 'filter' }> {
  return expression.kind === 'filter' && expression.name === 'length' && expression.operand !== null;
}

function pathFrom(name: string, segments: readonly string[], frame: Frame, { nameOf }: JinjaToHandlebars): string {
  const bound = frame.bound.get(name);
  if (bound === undefined && name === 'loop') throw new Unsupported('"loop"');
  const up = frame.level - (bound?.level ?? 0);
  if (bound !== undefined && bound.kind !== 'item') {
    if (segments.length > 0) throw new Unsupported('a member of a key');
    return `@${'../'.repeat(up)}${bound.kind}`;
  }
  const all = bound === undefined ? [nameOf(name), ...segments] : segments;
  if (all.length === 0) return up === 0 ? 'this' : '../'.repeat(up).slice(0, -1);
  const path = all.map(segmentOf).join('.');
  if (up > 0) return `${'../'.repeat(up)}${path}`;
  return (all.length === 1 && taken.test(all[0]!)) || all[0] === 'this' ? `this.${path}` : path;
}

/** A word as it stands, anything else in brackets. */
function segmentOf(segment: string): string {
  if (/[[\]]/.test(segment)) throw new Unsupported('a name with brackets');
  return /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u.test(segment) &&
    !/^(?:this|true|false|null|undefined|as|else)$/.test(segment)
    ? segment
    : `[${segment}]`;
}

function loopValue(name: string, frame: Frame): string {
  if (frame.level === 0) throw new Unsupported('"loop" outside of a loop');
  return `@${name}`;
}

function isLoop(expression: Expression, name: string): boolean {
  if (expression.kind !== 'attribute' || expression.name !== name) return false;
  return expression.object.kind === 'name' && expression.object.name === 'loop';
}

function tag(text: string): Token {
  return { tag: text, takesLine: false };
}

function block(text: string): Token {
  return { tag: text, takesLine: true };
}
