/*
 * The part of JavaScript's expressions that PromptL has: values, members, operators, calls and assignments.
 */

/** Where an expression stands in its source. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export type Expression = Place &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'value'; readonly value: string | number | boolean | null }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'object'; readonly entries: readonly { readonly key: string; readonly value: Expression }[] }
    | { readonly kind: 'member'; readonly object: Expression; readonly key: string; readonly isOptional?: boolean }
    | { readonly kind: 'item'; readonly object: Expression; readonly key: Expression }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'condition';
        readonly test: Expression;
        readonly then: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'join'; readonly parts: readonly Expression[] }
    | { readonly kind: 'assign'; readonly target: Expression; readonly operator: string; readonly value: Expression }
  );

interface Token extends Place {
  readonly kind: 'name' | 'number' | 'text' | 'template' | 'operator' | 'end';
  readonly text: string;
}

const pattern =
  /(?<blank>\s+)|(?<name>[\p{XID_Start}_$][\p{XID_Continue}$]*)|(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<text>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?<template>`(?:[^`\\]|\\[\s\S])*`)|(?<operator>===|!==|\*\*=?|\?\?=?|\?\.|&&|\|\||==|!=|<=|>=|\+\+|--|[-+*/%]=|[-+*/%<>!?:.,()[\]{}=])/uy;

const levels: Readonly<Record<string, number>> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '===': 4,
  '!==': 4,
  '<': 5,
  '>': 5,
  '<=': 5,
  '>=': 5,
  in: 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '**': 8,
};
const deepest = 60;
/** Of one expression; longer ones would nest deeper than what prints them takes. */
const mostTokens = 500;

class Unparsed extends Error {}

/** Null for what is no expression of this part of the language. */
export function parseExpression(source: string): Expression | null {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof Unparsed) return null;
    throw error;
  }
}

function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let at = 0; at < source.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const groups = pattern.exec(source)?.groups;
    if (groups === undefined || tokens.length >= mostTokens) throw new Unparsed();
    const [kind, text] = Object.entries(groups).find(([, value]) => value !== undefined)!;
    if (kind !== 'blank') tokens.push({ kind: kind as Token['kind'], text: text!, start: at, end: pattern.lastIndex });
  }
  return [...tokens, { kind: 'end', text: '', start: source.length, end: source.length }];
}

function parse(source: string): Expression {
  const tokens = tokenize(source);
  let next = 0;
  let depth = 0;
  const peek = () => tokens[next]!;
  const take = () => tokens[next++]!;
  const isNext = (text: string) => peek().kind === 'operator' && peek().text === text;
  const eat = (text: string) => isNext(text) && take() !== undefined;
  const need = (text: string): Token => {
    if (!isNext(text)) throw new Unparsed();
    return take();
  };

  const whole = expression();
  if (peek().kind !== 'end') throw new Unparsed();
  return whole;

  function expression(): Expression {
    depth += 1;
    if (depth > deepest) throw new Unparsed();
    const left = conditional();
    const { kind, text } = peek();
    const isAssignment = kind === 'operator' && /^(?:[-+*/%]|\*\*|\?\?)?=$/.test(text);
    depth -= 1;
    if (!isAssignment) return left;
    take();
    const value = expression();
    return { kind: 'assign', target: left, operator: text.slice(0, -1), value, start: left.start, end: value.end };
  }

  function conditional(): Expression {
    const test = binary(1);
    if (!eat('?')) return test;
    const then = expression();
    need(':');
    const otherwise = expression();
    return { kind: 'condition', test, then, otherwise, start: test.start, end: otherwise.end };
  }

  function binary(level: number): Expression {
    let left = unary();
    for (;;) {
      const { kind, text } = peek();
      const found = kind === 'operator' || text === 'in' ? levels[text] : undefined;
      if (found === undefined || found < level || !Object.hasOwn(levels, text)) return left;
      take();
      const right = binary(text === '**' ? found : found + 1);
      left = { kind: 'binary', operator: text, left, right, start: left.start, end: right.end };
    }
  }

  function unary(): Expression {
    const { kind, text, start } = peek();
    if (kind !== 'operator' || !['!', '-', '+', '++', '--'].includes(text)) return postfix();
    take();
    depth += 1;
    if (depth > deepest) throw new Unparsed();
    const operand = unary();
    depth -= 1;
    if (text === '++' || text === '--') return step(operand, text, start, operand.end);
    return { kind: 'unary', operator: text, operand, start, end: operand.end };
  }

  function postfix(): Expression {
    let object = primary();
    for (;;) {
      const isOptional = isNext('?.');
      if (eat('.') || eat('?.')) {
        const { kind, text, end } = take();
        if (kind !== 'name') throw new Unparsed();
        object = { kind: 'member', object, key: text, isOptional, start: object.start, end };
      } else if (eat('[')) {
        const key = expression();
        object = { kind: 'item', object, key, start: object.start, end: need(']').end };
      } else if (eat('(')) {
        const args = list(')');
        object = { kind: 'call', callee: object, args, start: object.start, end: tokens[next - 1]!.end };
      } else if (isNext('++') || isNext('--')) {
        const { text, end } = take();
        return step(object, text, object.start, end);
      } else return object;
    }
  }

  function list(closer: string): readonly Expression[] {
    const items: Expression[] = [];
    while (!eat(closer)) {
      items.push(expression());
      if (!isNext(closer)) need(',');
    }
    return items;
  }

  function primary(): Expression {
    const { kind, text, start, end } = take();
    switch (kind) {
      case 'number':
        return { kind: 'value', value: Number(text), start, end };
      case 'text':
        return { kind: 'value', value: decode(text.slice(1, -1)), start, end };
      case 'template':
        return parseTemplateLiteral(text.slice(1, -1), start, end);
      case 'name':
        if (text === 'true' || text === 'false') return { kind: 'value', value: text === 'true', start, end };
        if (text === 'null' || text === 'undefined') return { kind: 'value', value: null, start, end };
        if (['typeof', 'new', 'void', 'delete', 'in', 'instanceof', 'function', 'await'].includes(text))
          throw new Unparsed();
        return { kind: 'name', name: text, start, end };
      case 'operator':
        if (text === '(') {
          const inner = expression();
          need(')');
          return inner;
        }
        if (text === '[') return { kind: 'list', items: list(']'), start, end: tokens[next - 1]!.end };
        if (text === '{') return object(start);
        throw new Unparsed();
      case 'end':
        throw new Unparsed();
    }
  }

  function object(start: number): Expression {
    const entries: { key: string; value: Expression }[] = [];
    while (!eat('}')) {
      const { kind, text, start: from, end } = take();
      if (kind !== 'name' && kind !== 'text' && kind !== 'number') throw new Unparsed();
      const key = kind === 'text' ? decode(text.slice(1, -1)) : text;
      const value: Expression = eat(':') ? expression() : { kind: 'name', name: text, start: from, end };
      entries.push({ key, value });
      if (!isNext('}')) need(',');
    }
    return { kind: 'object', entries, start, end: tokens[next - 1]!.end };
  }
}

/** `i++` adds one to what it names. */
function step(target: Expression, operator: string, start: number, end: number): Expression {
  return { kind: 'assign', target, operator: operator[0]!, value: { kind: 'value', value: 1, start, end }, start, end };
}

/** Texts and values of a template literal. */
function parseTemplateLiteral(text: string, start: number, end: number): Expression {
  const parts: Expression[] = [];
  let at = 0;
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    if (match.index > at) parts.push({ kind: 'value', value: decode(text.slice(at, match.index)), start, end });
    parts.push(parse(match[1]!));
    at = match.index + match[0].length;
  }
  if (at < text.length || parts.length === 0) parts.push({ kind: 'value', value: decode(text.slice(at)), start, end });
  if (text.slice(at).includes('${')) throw new Unparsed();
  return { kind: 'join', parts, start, end };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

function decode(text: string): string {
  return text.replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi,
    (whole, braced, four, two, other) => {
      const hex = braced ?? four ?? two;
      if (hex === undefined) return Object.hasOwn(escapes, other) ? escapes[other]! : other;
      const code = Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
