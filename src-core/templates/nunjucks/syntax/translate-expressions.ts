import { canonicalInputName } from '../../../contract/input-name.ts';
import type { Value } from '../../runtime/values.ts';
import { syntaxFailure } from '../../syntax/located-failure.ts';
import type { Arguments, BinaryOperator, CompareOperator, Expression, Span } from '../../syntax/nodes.ts';
import { RegexValue } from '../regex/regex.ts';
import type { Translation } from './translate.ts';
import { isTree, type Tree } from './tree.ts';

const noArguments: Arguments = { positional: [], named: [], spread: null, namedSpread: null };

/** Operators of JavaScript by the fields that hold their operands. */
const binary: Readonly<Record<string, string>> = {
  Or: '||',
  And: '&&',
  Add: '+',
  Concat: '~',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
};
const unary: Readonly<Record<string, string>> = { Not: '!', Neg: '-', Pos: '+' };

/** A part of an expression in the order in which nunjucks' compiler emits it. */
type Piece =
  | { readonly kind: 'operand'; readonly tree: Tree }
  | { readonly kind: 'prefix' | 'operator'; readonly operator: string; readonly start: number };

/**
 * Translates an expression. Nunjucks' compiler emits operators without brackets, so JavaScript's precedence counts and
 * not that of its parser: `not a == b` is `!a == b`.
 */
export function expressionOf(tree: Tree, to: Translation): Expression {
  if (!isOperation(tree)) return operandOf(tree, to);
  return createReader(piecesOf(tree, to), to).read(0);
}

const isOperation = ({ typename }: Tree): boolean =>
  Object.hasOwn(binary, typename) || Object.hasOwn(unary, typename) || typename === 'Compare';

/** The pieces in the order of the source; a loop, because a long sum is a deep tree. */
function piecesOf(root: Tree, to: Translation): readonly Piece[] {
  const pieces: Piece[] = [];
  const open: (Tree | Piece)[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ('kind' in next) {
      pieces.push(next);
      continue;
    }
    const tree: Tree = next;
    const start = to.startOf(tree);
    const operator = binary[tree.typename];
    const prefix = unary[tree.typename];
    if (operator !== undefined) open.push(tree.right, { kind: 'operator', operator, start }, tree.left);
    else if (prefix !== undefined) {
      const repeats = prefix !== '!' && unary[tree.target.typename] === prefix;
      if (repeats) throw syntaxFailure(`"${prefix}${prefix}" is no operator.`, start, start + 2, 'Use brackets.');
      open.push(tree.target, { kind: 'prefix', operator: prefix, start });
    } else if (tree.typename === 'Compare') {
      for (const op of tree.ops.toReversed())
        open.push(op.expr, { kind: 'operator', operator: op.type, start: to.startOf(op) });
      open.push(tree.expr);
    } else pieces.push({ kind: 'operand', tree });
  }
  return pieces;
}

/** JavaScript's operators by precedence, the loosest first. */
const ranks: readonly ReadonlySet<string>[] = [
  new Set(['||']),
  new Set(['&&']),
  new Set(['==', '!=', '===', '!==']),
  new Set(['<', '>', '<=', '>=']),
  new Set(['+', '-', '~']),
  new Set(['*', '/', '%']),
];

function createReader(pieces: readonly Piece[], to: Translation) {
  let at = 0;
  const readUnary = (): Expression => {
    const piece = pieces[at];
    at += 1;
    if (piece === undefined) throw new TypeError('An operand is missing.');
    if (piece.kind === 'operand') return operandOf(piece.tree, to);
    const { operator, start } = piece;
    return to.nestedAt(start, () => {
      const operand = readUnary();
      const span = to.span(start, operand.end);
      if (operator === '!') return { kind: 'not', operand, ...span };
      return { kind: 'sign', negative: operator === '-', operand, ...span };
    });
  };
  const read = (rank: number): Expression => {
    const operators = ranks[rank];
    if (operators === undefined) return readUnary();
    const operands = [read(rank + 1)];
    const found: string[] = [];
    for (let piece = pieces[at]; piece?.kind === 'operator' && operators.has(piece.operator); piece = pieces[at]) {
      at += 1;
      found.push(piece.operator);
      operands.push(read(rank + 1));
    }
    return found.length === 0 ? operands[0]! : joined(operands, found, to);
  };
  return { read };
}

/** One node for a chain of operators of equal precedence. */
function joined(operands: readonly Expression[], operators: readonly string[], to: Translation): Expression {
  const [first] = operands as readonly [Expression];
  const span = to.span(first.start, operands.at(-1)!.end);
  const [operator] = operators;
  if (operator === '||') return { kind: 'or', operands, ...span };
  if (operator === '&&') return { kind: 'and', operands, ...span };
  const rest = operators.map((text, index) => ({ operator: text, operand: operands[index + 1]! }));
  if (ranks[2]!.has(operator!) || ranks[3]!.has(operator!))
    return { kind: 'compare', first, rest: rest as { operator: CompareOperator; operand: Expression }[], ...span };
  return sumOf(first, rest, span, to);
}

/** A chain of `+`, `-` and `~`, or of `*`, `/` and `%`; operands of `~` are joined as text. */
function sumOf(
  start: Expression,
  rest: readonly { readonly operator: string; readonly operand: Expression }[],
  span: Span,
  to: Translation,
): Expression {
  let first = start;
  let row: { operator: string; operand: Expression }[] = [];
  const close = () => {
    if (row.length === 0) return;
    const inner = to.span(span.start, row.at(-1)!.operand.end);
    if (row[0]!.operator === '~') {
      first = { kind: 'concat', operands: [first, ...row.map(({ operand }) => operand)], ...inner };
    } else {
      first = { kind: 'arithmetic', first, rest: row as { operator: BinaryOperator; operand: Expression }[], ...inner };
    }
    row = [];
  };
  for (const part of rest) {
    if (row.length > 0 && (row[0]!.operator === '~') !== (part.operator === '~')) close();
    row.push(part);
  }
  close();
  return first;
}

/** An operand, or an operator that nunjucks emits as a function. */
function operandOf(tree: Tree, to: Translation): Expression {
  const start = to.startOf(tree);
  return to.nestedAt(start, () => {
    switch (tree.typename) {
      case 'Literal':
        return { kind: 'constant', value: literalOf(tree.value), ...to.span(start, to.endOf(start)) };
      case 'Symbol': {
        const written = String(tree.value);
        return { kind: 'name', name: canonicalInputName(written), ...to.span(start, start + written.length) };
      }
      case 'Group':
      case 'Array':
        return groupOf(tree, to);
      case 'Dict': {
        const entries = tree.children.map(({ key, value }) => ({
          key: keyOf(key, to),
          value: expressionOf(value as Tree, to),
        }));
        return { kind: 'dict', entries, ...to.span(start, to.endOf(start)) };
      }
      case 'InlineIf': {
        const value = expressionOf(tree.body, to);
        const test = expressionOf(tree.cond, to);
        const otherwise = tree.else_ ? expressionOf(tree.else_, to) : null;
        return { kind: 'condition', test, value, otherwise, ...to.span(value.start, (otherwise ?? test).end) };
      }
      case 'In': {
        const first = expressionOf(tree.left, to);
        const operand = expressionOf(tree.right, to);
        return { kind: 'compare', first, rest: [{ operator: 'in', operand }], ...to.span(first.start, operand.end) };
      }
      case 'FloorDiv':
      case 'Pow':
        return powerOf(tree, to);
      default:
        return postfixOf(tree, to);
    }
  });
}

/** Regular expressions were checked where their token was read. */
function literalOf(value: unknown): Value {
  return value instanceof RegExp
    ? RegexValue.of(value.source === '(?:)' ? '' : value.source, value.flags)
    : (value as Value);
}

/** Several values in round brackets are JavaScript's comma operator: the last one counts. */
function groupOf(tree: Tree, to: Translation): Expression {
  const start = to.startOf(tree);
  const span = () => to.span(start, to.endOf(start));
  const [only, ...others] = tree.children;
  if (tree.typename === 'Group' && only === undefined) throw syntaxFailure('The brackets are empty.', start, start + 2);
  if (tree.typename === 'Group' && others.length === 0) return expressionOf(only!, to);
  const items = tree.children.map((item) => expressionOf(item, to));
  return { kind: tree.typename === 'Group' ? 'tuple' : 'list', items, ...span() };
}

function keyOf(key: Tree, to: Translation): Expression {
  const start = to.startOf(key);
  const isName = key.typename === 'Symbol' || (key.typename === 'Literal' && typeof key.value === 'string');
  if (!isName) throw syntaxFailure('The key of an object is a name or a quoted text.', start, to.endOf(start));
  return { kind: 'constant', value: String(key.value), ...to.span(start, to.endOf(start)) };
}

/** `//` and `**`, which nunjucks emits as functions; long chains of them are deep trees. */
function powerOf(tree: Tree, to: Translation): Expression {
  const { typename } = tree;
  const rights: Tree[] = [];
  let left = tree;
  for (; left.typename === typename; left = left.left) rights.unshift(left.right);
  const first = expressionOf(left, to);
  const rest = rights.flatMap((right): { operator: BinaryOperator; operand: Expression }[] => {
    if (typename === 'Pow') return [{ operator: '**', operand: expressionOf(right, to) }];
    if (right.typename !== 'Mod') return [{ operator: '//', operand: expressionOf(right, to) }];
    // `a // b % c` is Math.floor(a / b % c).
    const parts: Tree[] = [];
    let divided = right;
    for (; divided.typename === 'Mod'; divided = divided.left) parts.unshift(divided.right);
    const remainders = parts.map((part) => ({ operator: '%' as const, operand: expressionOf(part, to) }));
    const one: Expression = { kind: 'constant', value: 1, ...to.span(first.end, first.end) };
    return [{ operator: '/', operand: expressionOf(divided, to) }, ...remainders, { operator: '//', operand: one }];
  });
  return { kind: 'arithmetic', first, rest, ...to.span(first.start, rest.at(-1)!.operand.end) };
}

function postfixOf(tree: Tree, to: Translation): Expression {
  const start = to.startOf(tree);
  switch (tree.typename) {
    case 'LookupVal': {
      const object = expressionOf(tree.target, to);
      const isBracket = to.source.charAt(start) === '[';
      if (!isBracket) {
        const name = String(tree.val.value);
        return { kind: 'attribute', object, name, ...to.span(object.start, to.startOf(tree.val) + name.length) };
      }
      if (!isTree(tree.val)) throw syntaxFailure('The brackets are empty.', start, start + 2);
      return { kind: 'item', object, key: expressionOf(tree.val, to), ...to.span(object.start, to.endOf(start)) };
    }
    case 'FunCall': {
      const callee = expressionOf(tree.name, to);
      const args = argumentsOf(tree.args.children, to);
      return { kind: 'call', callee, args, ...to.span(callee.start, to.endOf(start)) };
    }
    case 'Filter': {
      const [operand, ...args] = tree.args.children as readonly [Tree, ...Tree[]];
      const name = String(tree.name.value);
      const inner = expressionOf(operand, to);
      const span = to.span(inner.start, start + name.length);
      const named = { start, end: start + name.length };
      return { kind: 'filter', operand: inner, name, named, args: argumentsOf(args, to), ...span };
    }
    case 'Is':
      return testOf(tree, to);
    default:
      throw syntaxFailure('This expression does not exist.', start, start + 1);
  }
}

function testOf(tree: Tree, to: Translation): Expression {
  const operand = expressionOf(tree.left, to);
  const { right } = tree;
  const named = isTree(right.name) ? right.name : right;
  const start = to.startOf(named);
  const name = String(named.value);
  const args = isTree(right.args) ? argumentsOf(right.args.children, to) : noArguments;
  if (args.positional.length + Number(args.named.length > 0) > 1)
    throw syntaxFailure(`A test takes one argument, but "${name.slice(0, 40)}" got more.`, start, to.endOf(start));
  return {
    kind: 'test',
    operand,
    name,
    named: { start, end: start + name.length },
    args,
    ...to.span(operand.start, to.endOf(start)),
  };
}

/** Arguments of a call, filter or test; those with names come last. */
export function argumentsOf(list: readonly Tree[], to: Translation): Arguments {
  const last = list.at(-1);
  if (last === undefined) return noArguments;
  const pairs = last.typename === 'KeywordArgs' ? last.children : [];
  const positional = last.typename === 'KeywordArgs' ? list.slice(0, -1) : list;
  return {
    positional: positional.map((argument) => expressionOf(argument, to)),
    named: pairs.map(({ key, value }) => ({ name: nameOfKey(key, to), value: expressionOf(value as Tree, to) })),
    spread: null,
    namedSpread: null,
  };
}

function nameOfKey(key: Tree, to: Translation): string {
  const isName = key.typename === 'Symbol' || (key.typename === 'Literal' && typeof key.value === 'string');
  const start = to.startOf(key);
  if (!isName) throw syntaxFailure('The name of an argument is a plain name.', start, to.endOf(start));
  return canonicalInputName(String(key.value));
}
