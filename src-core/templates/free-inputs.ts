import { globalNames } from './builtins/globals.ts';
import type { Body, Expression, Signature, Span, Statement, Target } from './syntax/nodes.ts';
import { createNames, type Names, namesIn, type Reference, type References, snapshotOf } from './syntax/references.ts';
import { argumentsOf, childrenOf } from './syntax/walk.ts';

/** A place that reads an input, with the longest path that is plain there. */
export interface InputUse {
  readonly path: string;
  readonly span: Span;
}

/** Which inputs a template reads, which one each expression shows, and which templates it names. */
export interface InputAnalysis {
  /** Every reading of an input, in source order. */
  readonly uses: readonly InputUse[];
  /** Inputs that are read, if at all, where a branch may have set the name before. */
  readonly maybe: ReadonlySet<string>;
  readonly references: References;
  /** The input that an expression shows, as in `user.name`; null for text and computed values. */
  pathOf(node: Span): string | null;
}

/** Names bound in one body and around it: to the path of an input, or to null for anything else. */
interface Bound {
  readonly own: Names;
  readonly outer: Bound | null;
}

interface Walk {
  /** Names that are no inputs. */
  readonly globals: ReadonlySet<string>;
  readonly uses: InputUse[];
  readonly maybe: Set<string>;
  readonly shown: Map<Span, string>;
  readonly named: Reference[];
  computed: boolean;
  /** Parents are analysed last, because a template renders its parent after itself, with all that it set. */
  readonly parents: Expression[];
}

/** Follows names from inputs through loops, `set` and filters; a later `set` does not affect what is before it. */
export function analyzeInputs(body: Body, globals: ReadonlySet<string> = globalNames): InputAnalysis {
  const walk: Walk = { globals, uses: [], maybe: new Set(), shown: new Map(), named: [], computed: false, parents: [] };
  const root = inside(null);
  walkBody(walk, body, root);
  for (const parent of walk.parents) noteReferences(walk, parent, true, root);
  const references = { named: walk.named, computed: walk.computed };
  return { uses: walk.uses, maybe: walk.maybe, references, pathOf: (node) => walk.shown.get(node) ?? null };
}

function noteReferences(walk: Walk, template: Expression, seesInputs: boolean, bound: Bound): void {
  const { names, computed } = namesIn(template);
  walk.computed ||= computed;
  if (names.length === 0) return;
  const meanings = snapshotOf(seesInputs ? scopesOf(bound) : []);
  for (const found of names) walk.named.push({ ...found, seesInputs, bound: meanings });
}

/** The outermost first. */
function scopesOf(bound: Bound): readonly Names[] {
  const scopes: Names[] = [];
  for (let scope: Bound | null = bound; scope !== null; scope = scope.outer) scopes.unshift(scope.own);
  return scopes;
}

function inside(outer: Bound | null, names: readonly string[] = []): Bound {
  return { own: createNames(names), outer };
}

/** The path a name stands for, null when it is bound to something else, undefined when it is free. */
function lookUp(bound: Bound, name: string): string | null | undefined {
  for (let scope: Bound | null = bound; scope !== null; scope = scope.outer) {
    const path = scope.own.get(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

function walkBody(walk: Walk, body: Body, bound: Bound): void {
  for (const statement of body) walkStatement(walk, statement, bound);
}

function walkStatement(walk: Walk, statement: Statement, bound: Bound): void {
  switch (statement.kind) {
    case 'output':
      for (const part of statement.parts) {
        if (part.kind === 'text') continue;
        const path = walkExpression(walk, part, bound);
        if (path !== null) walk.shown.set(part, path);
      }
      return;
    case 'for': {
      const path = walkExpression(walk, statement.source, bound);
      const inner = inside(bound, ['loop']);
      bindTarget(inner, statement.target, path === null ? null : `${path}[]`);
      if (statement.test !== null) walkExpression(walk, statement.test, inner);
      walkBody(walk, statement.body, inner);
      walkBody(walk, statement.otherwise, inside(bound));
      return;
    }
    case 'if':
      walkIf(walk, statement.branches, statement.otherwise, bound);
      return;
    case 'switch':
      walkExpression(walk, statement.subject, bound);
      walkIf(walk, statement.branches, statement.otherwise, bound);
      return;
    case 'set': {
      const path = walkExpression(walk, statement.value, bound);
      if (statement.target.kind === 'namespace') noteName(walk, statement.target.name, statement.target, bound);
      bindTarget(bound, statement.target, statement.target.kind === 'name' ? path : null);
      return;
    }
    case 'set-block':
      walkBody(walk, statement.body, inside(bound));
      if (statement.filter !== null) walkExpression(walk, statement.filter, bound);
      bindTarget(bound, statement.target, null);
      return;
    case 'filter-block':
      walkBody(walk, statement.body, inside(bound));
      walkExpression(walk, statement.filter, bound);
      return;
    case 'with': {
      const inner = inside(bound);
      for (const { target, value } of statement.bindings) bindTarget(inner, target, walkExpression(walk, value, bound));
      walkBody(walk, statement.body, inner);
      return;
    }
    case 'macro':
      bound.own.bind(statement.name, null);
      walkCallable(walk, statement.signature, statement.body, bound);
      return;
    case 'call-block':
      walkExpression(walk, statement.call, bound);
      walkCallable(walk, statement.signature, statement.body, bound);
      return;
    case 'block':
      walkBody(walk, statement.body, inside(bound, ['super', 'self']));
      return;
    case 'autoescape':
      walkExpression(walk, statement.enabled, bound);
      walkBody(walk, statement.body, inside(bound));
      return;
    case 'do':
      walkExpression(walk, statement.value, bound);
      return;
    case 'include':
      walkExpression(walk, statement.template, bound);
      noteReferences(walk, statement.template, statement.withContext, bound);
      return;
    case 'extends':
      walkExpression(walk, statement.template, bound);
      walk.parents.push(statement.template);
      return;
    case 'import':
      walkExpression(walk, statement.template, bound);
      noteReferences(walk, statement.template, statement.withContext, bound);
      bound.own.bind(statement.target.name, null);
      return;
    case 'from-import':
      walkExpression(walk, statement.template, bound);
      noteReferences(walk, statement.template, statement.withContext, bound);
      for (const { alias } of statement.names) bound.own.bind(alias, null);
      return;
    case 'break':
    case 'continue':
      return;
  }
}

type Branches = readonly { readonly test: Expression; readonly body: Body }[];

/** A name that any branch sets counts as set afterwards. */
function walkIf(walk: Walk, branches: Branches, otherwise: Body, bound: Bound): void {
  const ends: Bound[] = [];
  const walkBranch = (body: Body) => {
    const inner = inside(bound);
    walkBody(walk, body, inner);
    ends.push(inner);
  };
  for (const { test, body } of branches) {
    walkExpression(walk, test, bound);
    walkBranch(body);
  }
  walkBranch(otherwise);
  for (const name of new Set(ends.flatMap((end) => [...end.own.all()]))) {
    // The cheap checks come first, because the last one is slow with many names in many ifs.
    const isNews = !walk.maybe.has(name) && !ends.every((end) => end.own.get(name) !== undefined);
    if (isNews && lookUp(bound, name) === undefined) walk.maybe.add(name);
    bound.own.bind(name, null);
  }
}

function walkCallable(walk: Walk, signature: Signature, body: Body, bound: Bound): void {
  for (const usual of signature.defaults) walkExpression(walk, usual, bound);
  const names = signature.params.map((param) => param.name);
  walkBody(walk, body, inside(bound, [...names, 'caller', 'varargs', 'kwargs']));
}

function bindTarget(bound: Bound, target: Target, path: string | null): void {
  if (target.kind === 'targets') for (const item of target.items) bindTarget(bound, item, null);
  else if (target.kind === 'name') bound.own.bind(target.name, path);
}

function noteName(walk: Walk, name: string, span: Span, bound: Bound): void {
  if (lookUp(bound, name) === undefined && !walk.globals.has(name)) walk.uses.push({ path: name, span });
}

/** Notes the inputs of an expression; returns the path of the one that it shows. */
function walkExpression(walk: Walk, node: Expression, bound: Bound): string | null {
  switch (node.kind) {
    case 'name':
      return walkPath(walk, node, bound);
    case 'attribute':
    case 'item':
      return walkPath(walk, node, bound);
    case 'filter': {
      const path = node.operand === null ? null : walkExpression(walk, node.operand, bound);
      for (const argument of argumentsOf(node.args)) walkExpression(walk, argument, bound);
      return path;
    }
    case 'call': {
      // A method shows what its object does, as in `name.strip()`.
      const isMethod = node.callee.kind === 'attribute';
      const path = walkExpression(walk, isMethod ? (node.callee as { object: Expression }).object : node.callee, bound);
      for (const argument of argumentsOf(node.args)) walkExpression(walk, argument, bound);
      return isMethod ? path : null;
    }
    case 'condition': {
      walkExpression(walk, node.test, bound);
      const value = walkExpression(walk, node.value, bound);
      const otherwise = node.otherwise === null ? null : walkExpression(walk, node.otherwise, bound);
      return otherwise === null || otherwise === value ? value : null;
    }
    default:
      for (const child of childrenOf(node)) walkExpression(walk, child, bound);
      return null;
  }
}

/** A name with what follows it, as far as that is plain. */
function walkPath(
  walk: Walk,
  node: Extract<Expression, { kind: 'name' | 'attribute' | 'item' }>,
  bound: Bound,
): string | null {
  const path = plainPath(node, bound, walk.globals);
  if (path !== null) {
    if (path.isInput) walk.uses.push({ path: path.text, span: node });
    return path.text;
  }
  if (node.kind === 'name') return null;
  const object = walkExpression(walk, node.object, bound);
  if (node.kind === 'item') for (const child of childrenOf(node).slice(1)) walkExpression(walk, child, bound);
  return object === null || node.kind === 'attribute' ? object : `${object}[]`;
}

function plainPath(
  node: Expression,
  bound: Bound,
  globals: ReadonlySet<string>,
): { readonly text: string; readonly isInput: boolean } | null {
  if (node.kind === 'name') {
    const known = lookUp(bound, node.name);
    if (known !== undefined) return known === null ? null : { text: known, isInput: true };
    return globals.has(node.name) ? null : { text: node.name, isInput: true };
  }
  if (node.kind === 'attribute') {
    const object = plainPath(node.object, bound, globals);
    return object === null ? null : { ...object, text: `${object.text}.${node.name}` };
  }
  if (node.kind !== 'item' || node.key.kind !== 'constant') return null;
  const object = plainPath(node.object, bound, globals);
  if (object === null) return null;
  const { value } = node.key;
  if (typeof value === 'number') return { ...object, text: `${object.text}[${value}]` };
  return typeof value === 'string' && /^\w+$/.test(value) ? { ...object, text: `${object.text}.${value}` } : null;
}
