import type { Losses } from '../losses.ts';
import { jinjaMember, jinjaString } from '../text/jinja-source.ts';
import type { InputNames } from '../text/names.ts';
import { type Expression, parseExpression } from './parse-expression.ts';

export interface Names {
  readonly inputs: InputNames;
  /** Names that the document sets itself: loops and assignments. */
  readonly locals: ReadonlySet<string>;
  /** Locals that a loop changes for what is behind it: members of a namespace. */
  readonly shared: ReadonlySet<string>;
  /** Names that are read where no Jinja can be written. */
  readonly unread: Set<string>;
  readonly losses: Losses;
}

/** The variable that holds what loops change. */
export const sharedName = 'shared_values';

/** What an expression of a tag becomes: a value to print, or a statement that prints nothing. */
export type Printed =
  | { readonly value: string; readonly isBoolean?: boolean }
  | { readonly statement: string; readonly names: readonly string[] };

export function printExpression(source: string, names: Names): Printed {
  const parsed = parseExpression(source);
  if (parsed === null) return { value: unknownValue(source, names) };
  if (parsed.kind !== 'assign') return { value: createPrinter(source, names)(parsed), isBoolean: isBoolean(parsed) };
  const { target, operator, value } = parsed;
  if (target.kind !== 'name') return { value: unknownValue(source, names) };
  const print = createPrinter(source, names);
  const name = nameOf(target.name, names);
  if (operator !== '') note(names, source);
  const assigned =
    operator === ''
      ? print(value)
      : print({ kind: 'binary', operator, left: target, right: value, start: 0, end: source.length });
  return { statement: `{% set ${name} = ${assigned} %}`, names: [name.replace(/\..*$/, '')] };
}

/** Whether a value is printed as `true` or `false`, which Jinja would write otherwise. */
function isBoolean(node: Expression): boolean {
  if (node.kind === 'value') return typeof node.value === 'boolean';
  if (node.kind === 'unary') return node.operator === '!';
  if (node.kind === 'call') return node.callee.kind === 'member' && node.callee.key === 'includes';
  return node.kind === 'binary' && /^(?:[=!]==?|[<>]=?|in)$/.test(node.operator);
}

/** The same where only a value can stand, as in a condition. */
export function printValue(source: string, names: Names): string {
  const printed = printExpression(source, names);
  return 'value' in printed ? printed.value : unknownValue(source, names);
}

/** A local or an input. */
export function nameOf(source: string, { inputs, locals, shared }: Names): string {
  if (shared.has(source)) return `${sharedName}.${source}`;
  return locals.has(source) &&
    /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(source) &&
    !/^(?:not|and|or|is|loop|none|None|True|False|elif)$/.test(source)
    ? source
    : inputs.legal(source);
}

function note(
  { losses }: Names,
  source: string,
  why = 'It is written in the way of Jinja, which may count other values as true or empty.',
): void {
  losses.add('approximated', 'expression', source.slice(0, 200), why);
}

/** Marked text in place of what Jinja cannot say. */
function unknownValue(source: string, names: Names): string {
  note(names, source, 'Jinja has no such expression; its source stands in brackets instead.');
  for (const name of namesIn(source)) if (!names.locals.has(name)) names.unread.add(name);
  return jinjaString(`[${source}]`);
}

const notInputs =
  /^(?:true|false|null|undefined|new|typeof|function|return|in|instanceof|await|Math|Object|JSON|Array|String|Number|Boolean|Date)$/;

/** Names that an expression seems to read which cannot be parsed: not those of calls, members and parameters. */
function namesIn(source: string): readonly string[] {
  const plain = source.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '');
  const parameters = [...plain.matchAll(/(?:\(([^()]*)\)|([\w$]+))\s*=>/g)].flatMap(([, list = '', one = '']) => [
    ...list.split(/\W+/),
    one,
  ]);
  const found = plain.matchAll(
    /(?<![\p{XID_Continue}.$])[\p{XID_Start}_][\p{XID_Continue}]*(?![\p{XID_Continue}])(?!\s*[(:])/gu,
  );
  return [...found].map(([name]) => name).filter((name) => !notInputs.test(name) && !parameters.includes(name));
}

const binaries: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '===': '==', '!==': '!=' };
/** Calls that a filter does; `arg` is put in brackets behind it. */
const filters: Readonly<Record<string, string>> = {
  join: 'join',
  toUpperCase: 'upper',
  toLowerCase: 'lower',
  trim: 'trim',
  reverse: 'reverse',
  toString: 'string',
};

function createPrinter(source: string, names: Names): (node: Expression) => string {
  const sliceOf = ({ start, end }: Expression) => source.slice(start, end);
  const noteNode = (node: Expression) => note(names, sliceOf(node));

  function print(node: Expression): string {
    switch (node.kind) {
      case 'name':
        return printName(node.name);
      case 'value':
        return typeof node.value === 'string'
          ? jinjaString(node.value)
          : node.value === null
            ? 'none'
            : String(node.value);
      case 'list':
        return `[${node.items.map(print).join(', ')}]`;
      case 'object':
        return `{${node.entries.map(({ key, value }) => `${jinjaString(key)}: ${print(value)}`).join(', ')}}`;
      case 'member':
        if (node.isOptional === true) {
          noteNode(node);
          return jinjaMember(`(${operand(node.object)} | default({}, true))`, node.key);
        }
        if (node.key !== 'length') return jinjaMember(operand(node.object), node.key);
        noteNode(node);
        return `${operand(node.object)} | length`;
      case 'item':
        return `${operand(node.object)}[${print(node.key)}]`;
      case 'call':
        return printCall(node);
      case 'unary':
        if (node.operator !== '!') return `${node.operator}${operand(node.operand)}`;
        noteNode(node);
        return `not ${operand(node.operand)}`;
      case 'binary':
        return printBinary(node);
      case 'condition':
        noteNode(node);
        return `${operand(node.then)} if ${operand(node.test)} else ${operand(node.otherwise)}`;
      case 'join':
        noteNode(node);
        return node.parts.map(operand).join(' ~ ');
      case 'assign':
        return unknownValue(sliceOf(node), names);
    }
  }

  /** In brackets where another operator could take a part of it. */
  function operand(node: Expression): string {
    const isPlain =
      ['name', 'value', 'list', 'object', 'item'].includes(node.kind) ||
      (node.kind === 'member' && node.key !== 'length');
    const printed = print(node);
    return isPlain && !printed.includes(' | ') ? printed : `(${printed})`;
  }

  function printName(name: string): string {
    if (!name.startsWith('$') || names.locals.has(name)) return nameOf(name, names);
    const input = names.inputs.legal(name);
    names.losses.add(
      'approximated',
      'system-variable',
      name,
      'Latitude filled it in; here it is an input that may be left out.',
    );
    return `${input} | default("")`;
  }

  function printBinary(node: Extract<Expression, { kind: 'binary' }>): string {
    const { operator, left, right } = node;
    if (operator === '??' && left.kind === 'binary' && left.operator === '??') {
      // Of several, each stands in for the one before it.
      const inner: Expression = { ...left, left: left.right, right, start: left.right.start, end: right.end };
      return printBinary({ ...node, left: left.left, right: inner });
    }
    if (operator === '??') {
      noteNode(node);
      const value = operand(left);
      if (left.kind === 'name' && !names.locals.has(left.name)) return `${value} | default(${print(right)})`;
      return `${value} if ${value} is defined and ${value} is not none else ${operand(right)}`;
    }
    // The rest of a negative number has another sign.
    if (Object.hasOwn(binaries, operator) || operator === '%') noteNode(node);
    const jinja = Object.hasOwn(binaries, operator) ? binaries[operator]! : operator;
    const isJoin = operator === '+' && (isText(left) || isText(right));
    return `${operand(left)} ${isJoin ? '~' : jinja} ${operand(right)}`;
  }

  function isText(node: Expression): boolean {
    if (node.kind === 'value') return typeof node.value === 'string';
    if (node.kind === 'join') return true;
    return node.kind === 'binary' && node.operator === '+' && (isText(node.left) || isText(node.right));
  }

  function printCall(node: Extract<Expression, { kind: 'call' }>): string {
    const { callee, args } = node;
    const [first] = args;
    if (callee.kind !== 'member') return unknownValue(sliceOf(node), names);
    if (Object.hasOwn(filters, callee.key) && args.length <= (callee.key === 'join' ? 1 : 0)) {
      noteNode(node);
      const given = callee.key === 'join' ? `(${first === undefined ? '","' : print(first)})` : '';
      return `${operand(callee.object)} | ${filters[callee.key]}${given}`;
    }
    if (callee.key === 'includes' && first !== undefined && args.length === 1) {
      noteNode(node);
      return `${operand(first)} in ${operand(callee.object)}`;
    }
    return unknownValue(sliceOf(node), names);
  }

  return print;
}
