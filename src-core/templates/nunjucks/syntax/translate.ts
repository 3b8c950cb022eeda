import { canonicalInputName } from '../../../contract/input-name.ts';
import { limitFailure } from '../../runtime/diagnostics.ts';
import { defaultLimits, type LimitName } from '../../runtime/limits.ts';
import { LocatedFailure, syntaxFailure } from '../../syntax/located-failure.ts';
import type {
  Body,
  CallBlockNode,
  Expression,
  NameNode,
  OutputPart,
  Signature,
  Span,
  Statement,
  Target,
} from '../../syntax/nodes.ts';
import type { TokenSource } from './token-source.ts';
import { argumentsOf, expressionOf } from './translate-expressions.ts';
import type { Tree } from './tree.ts';

/** What the translation of one source shares. */
export interface Translation {
  readonly source: string;
  /** Offset of the token that a node stands at; that of the last node for those without. */
  startOf(tree: Tree): number;
  /** Where the token or bracket at an offset ends. */
  endOf(start: number): number;
  /** Counts a node. */
  span(start: number, end: number): Span;
  /** Runs `translate` one level deeper. */
  nestedAt<Result>(start: number, translate: () => Result): Result;
}

/** From the tree of nunjucks' parser to our nodes, which all tools for templates know. Throws a LocatedFailure. */
export function translate(root: Tree, source: string, tokens: TokenSource): Body {
  return bodyOf(root, createTranslation(source, tokens));
}

function createTranslation(source: string, tokens: TokenSource): Translation {
  const lines = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) lines.push(at + 1);
  let nodes = 0;
  let depth = 0;
  let last = 0;
  const exceeded = (limit: LimitName, start: number) =>
    new LocatedFailure(limitFailure(limit, defaultLimits), start, start + 1);
  const startOf = ({ lineno, colno }: Tree): number => {
    if (lineno !== undefined && colno !== undefined) last = (lines[lineno] ?? 0) + colno;
    return last;
  };
  return {
    source,
    startOf,
    endOf: tokens.endOf,
    span(start, end) {
      nodes += 1;
      if (nodes > defaultLimits.nodes) throw exceeded('nodes', start);
      return { start, end: Math.max(start, end) };
    },
    nestedAt(start, run) {
      depth += 1;
      if (depth > defaultLimits.nesting) throw exceeded('nesting', start);
      const result = run();
      depth -= 1;
      return result;
    },
  };
}

function bodyOf(list: Tree | null | undefined, to: Translation): Body {
  const body: Statement[] = [];
  let parts: OutputPart[] = [];
  const flush = () => {
    const [first] = parts;
    if (first === undefined) return;
    body.push({ kind: 'output', parts, ...to.span(first.start, parts.at(-1)!.end) });
    parts = [];
  };
  for (const tree of list?.children ?? []) {
    const shown = tree.typename === 'Output' ? outputOf(tree, to) : null;
    if (shown === null) {
      flush();
      body.push(to.nestedAt(to.startOf(tree), () => statementOf(tree, to)));
    } else if (shown.kind === 'call-block' || shown.kind === 'filter-block') {
      flush();
      body.push(shown);
    } else if (shown.kind !== 'text' || shown.text !== '') parts.push(shown);
  }
  flush();
  return body;
}

/** Text and values; in nunjucks `call` and `filter` blocks are output too. */
function outputOf(
  tree: Tree,
  to: Translation,
): OutputPart | Extract<Statement, { kind: 'call-block' | 'filter-block' }> {
  const [shown] = tree.children as readonly [Tree];
  if (shown.typename === 'TemplateData') return textOf(shown, to);
  if (shown.typename === 'Filter' && shown.args.children[0]?.typename === 'Capture')
    return to.nestedAt(to.startOf(shown), () => filterBlockOf(shown, to));
  const caller = shown.typename === 'FunCall' ? callerOf(shown) : null;
  return caller === null
    ? expressionOf(shown, to)
    : to.nestedAt(to.startOf(shown), () => callBlockOf(shown, caller, to));
}

function textOf(tree: Tree, to: Translation): OutputPart {
  const text = String(tree.value);
  let start = to.startOf(tree);
  // The tag before removes these blanks.
  if (!to.source.startsWith(text, start)) start += /^\s*/.exec(to.source.slice(start))![0].length;
  return { kind: 'text', text, ...to.span(start, start + text.length) };
}

function filterBlockOf(tree: Tree, to: Translation): Extract<Statement, { kind: 'filter-block' }> {
  const [capture, ...rest] = tree.args.children as readonly [Tree, ...Tree[]];
  const start = to.startOf(tree.name);
  const args = argumentsOf(rest, to);
  const name = String(tree.name.value);
  const span = to.span(start, start + name.length);
  const body = bodyOf(capture.body, to);
  return {
    kind: 'filter-block',
    filter: { kind: 'filter', operand: null, name, named: span, args, ...span },
    body,
    ...span,
  };
}

/** The body of a `call` statement, which nunjucks passes as one more named argument. */
function callerOf(call: Tree): Tree | null {
  const named = call.args.children.at(-1);
  const pair = named?.typename === 'KeywordArgs' ? named.children.at(-1) : undefined;
  const value = pair?.value as Tree | undefined;
  return value?.typename === 'Caller' ? value : null;
}

function callBlockOf(tree: Tree, caller: Tree, to: Translation): CallBlockNode {
  const start = to.startOf(caller);
  const named = tree.args.children.at(-1)!;
  const own = named.children.slice(0, -1);
  const args = tree.args.children.slice(0, -1);
  const call = expressionOf(
    {
      ...fieldsOf(tree),
      args: {
        ...fieldsOf(tree.args),
        children: own.length === 0 ? args : [...args, { ...fieldsOf(named), children: own }],
      },
    },
    to,
  );
  if (call.kind !== 'call') throw syntaxFailure('"call" needs a macro with its arguments.', start, start + 4);
  const signature = signatureOf(caller.args, to);
  return { kind: 'call-block', signature, call, body: bodyOf(caller.body, to), ...to.span(start, start + 4) };
}

/** A node with its inherited `typename` as its own field. */
const fieldsOf = (tree: Tree): Tree => ({ ...tree, typename: tree.typename });

function statementOf(tree: Tree, to: Translation): Statement {
  const start = to.startOf(tree);
  const end = to.endOf(start);
  switch (tree.typename) {
    case 'If':
    case 'IfAsync':
      return ifOf(tree, to);
    case 'For':
    case 'AsyncEach':
    case 'AsyncAll':
      return {
        kind: 'for',
        target: targetOf(tree.name, to),
        source: expressionOf(tree.arr, to),
        test: null,
        recursive: false,
        body: bodyOf(tree.body, to),
        otherwise: bodyOf(tree.else_, to),
        ...to.span(start, end),
      };
    case 'Set':
      return setOf(tree, to);
    case 'Switch':
      return {
        kind: 'switch',
        subject: expressionOf(tree.expr, to),
        branches: tree.cases.map(({ cond, body }) => ({ test: expressionOf(cond, to), body: caseOf(body, to) })),
        otherwise: bodyOf(tree.default, to),
        ...to.span(start, end),
      };
    case 'Macro':
      return {
        kind: 'macro',
        name: nameOf(tree.name, to).name,
        signature: signatureOf(tree.args, to),
        body: bodyOf(tree.body, to),
        ...to.span(start, end),
      };
    case 'Block':
      return {
        kind: 'block',
        name: nameOf(tree.name, to).name,
        scoped: true,
        required: false,
        body: bodyOf(tree.body, to),
        ...to.span(start, end),
      };
    default:
      return compositionOf(tree, to);
  }
}

function compositionOf(tree: Tree, to: Translation): Statement {
  const start = to.startOf(tree);
  const place = () => to.span(start, to.endOf(start));
  switch (tree.typename) {
    case 'Extends':
      return { kind: 'extends', template: expressionOf(tree.template, to), ...place() };
    case 'Include':
      return {
        kind: 'include',
        template: expressionOf(tree.template, to),
        ignoreMissing: tree.ignoreMissing === true,
        withContext: true,
        ...place(),
      };
    case 'Import':
      return {
        kind: 'import',
        template: expressionOf(tree.template, to),
        target: nameOf(tree.target, to),
        withContext: tree.withContext === true,
        ...place(),
      };
    case 'FromImport':
      return {
        kind: 'from-import',
        template: expressionOf(tree.template, to),
        names: tree.names.children.map((name) => {
          const isPair = name.typename === 'Pair';
          const taken = nameOf(isPair ? name.key : name, to).name;
          return { name: taken, alias: isPair ? nameOf(name.value as Tree, to).name : taken };
        }),
        withContext: tree.withContext === true,
        ...place(),
      };
    default:
      throw syntaxFailure('This statement does not exist.', start, start + 1);
  }
}

/** A case falls through only when it is empty; blanks that its tags remove count as content. */
function caseOf(tree: Tree, to: Translation): Body {
  const body = bodyOf(tree, to);
  const [first] = tree.children;
  if (body.length > 0 || first === undefined) return body;
  const start = to.startOf(first);
  return [{ kind: 'output', parts: [{ kind: 'text', text: '', ...to.span(start, start) }], ...to.span(start, start) }];
}

/** `elif` is an `if` inside the `else` of the one before. */
function ifOf(tree: Tree, to: Translation): Statement {
  const start = to.startOf(tree);
  const branches: { test: Expression; body: Body }[] = [];
  let current = tree;
  let otherwise: Body = [];
  for (;;) {
    branches.push({ test: expressionOf(current.cond, to), body: bodyOf(current.body, to) });
    const next = current.else_;
    if (next?.typename === 'If' || next?.typename === 'IfAsync') {
      current = next;
      continue;
    }
    otherwise = bodyOf(next, to);
    break;
  }
  return { kind: 'if', branches, otherwise, ...to.span(start, to.endOf(start)) };
}

function setOf(tree: Tree, to: Translation): Statement {
  const start = to.startOf(tree);
  const names = tree.targets.map((target) => nameOf(target, to));
  const [first] = names;
  if (first === undefined) throw syntaxFailure('"set" needs a name.', start, start + 3);
  const target: Target =
    names.length === 1 ? first : { kind: 'targets', items: names, ...to.span(first.start, names.at(-1)!.end) };
  const span = to.span(start, to.endOf(start));
  if (tree.value) return { kind: 'set', target, value: expressionOf(tree.value as Tree, to), ...span };
  return { kind: 'set-block', target, filter: null, body: bodyOf(tree.body.body, to), ...span };
}

function targetOf(tree: Tree, to: Translation): Target {
  if (tree.typename !== 'Array') return nameOf(tree, to);
  const items = tree.children.map((name) => nameOf(name, to));
  return { kind: 'targets', items, ...to.span(items[0]!.start, items.at(-1)!.end) };
}

function nameOf(tree: Tree, to: Translation): NameNode {
  const start = to.startOf(tree);
  if (tree.typename !== 'Symbol') {
    throw syntaxFailure('A name was expected here.', start, to.endOf(start));
  }
  const written = String(tree.value);
  return { kind: 'name', name: canonicalInputName(written), ...to.span(start, start + written.length) };
}

/** Parameters with a default come last, wherever they were written. */
function signatureOf(list: Tree, to: Translation): Signature {
  const named = list.children.filter(({ typename }) => typename === 'KeywordArgs').flatMap(({ children }) => children);
  const params = list.children.filter(({ typename }) => typename !== 'KeywordArgs').map((param) => nameOf(param, to));
  return {
    params: [...params, ...named.map(({ key }) => nameOf(key, to))],
    defaults: named.map(({ value }) => expressionOf(value as Tree, to)),
  };
}
