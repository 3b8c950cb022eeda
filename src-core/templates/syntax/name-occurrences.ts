import type { Body, Expression, Signature, Statement, Target } from './nodes.ts';
import { childrenOf } from './walk.ts';

/**
 * What a name means where it is read: the input; `set` by the template; either of the two, as after a `set` inside an
 * `if`; or bound by a loop, macro, `with` or import.
 */
type Meaning = 'input' | 'set' | 'either' | 'bound';

interface Scope {
  meaning: Meaning | null;
  readonly outer: Scope | null;
}

/** Where a name stands for the input of that name; offsets in the source. */
export interface Occurrences {
  /** Places that read the input. */
  readonly reads: readonly number[];
  /** Places that set the name, and that read what was set. */
  readonly sets: readonly number[];
  /** Whether some place reads the input or what was set, so that both must keep one name. */
  readonly mixed: boolean;
}

interface Walk {
  readonly name: string;
  readonly reads: number[];
  readonly sets: number[];
  mixed: boolean;
}

/** Finds where a name means an input and where it is set, without places where a loop, macro or import shadows it. */
export function findOccurrences(body: Body, name: string): Occurrences {
  const walk: Walk = { name, reads: [], sets: [], mixed: false };
  walkBody(walk, body, inside(null));
  return walk;
}

const inside = (outer: Scope | null, binds = false): Scope => ({ meaning: binds ? 'bound' : null, outer });

function meaningIn(scope: Scope): Meaning {
  for (let at: Scope | null = scope; at !== null; at = at.outer) if (at.meaning !== null) return at.meaning;
  return 'input';
}

function read(walk: Walk, start: number, scope: Scope): void {
  const meaning = meaningIn(scope);
  if (meaning === 'input') walk.reads.push(start);
  if (meaning === 'set' || meaning === 'either') walk.sets.push(start);
  if (meaning === 'either') walk.mixed = true;
}

function walkBody(walk: Walk, body: Body, scope: Scope): void {
  for (const statement of body) walkStatement(walk, statement, scope);
}

function walkStatement(walk: Walk, statement: Statement, scope: Scope): void {
  const expression = (node: Expression | null, where = scope) => node !== null && walkExpression(walk, node, where);
  switch (statement.kind) {
    case 'output':
      for (const part of statement.parts) if (part.kind !== 'text') expression(part);
      return;
    case 'for': {
      expression(statement.source);
      const inner = inside(scope, binds(statement.target, walk.name) || walk.name === 'loop');
      expression(statement.test, inner);
      walkBody(walk, statement.body, inner);
      walkBody(walk, statement.otherwise, inside(scope));
      return;
    }
    case 'if':
      walkIf(walk, statement, scope);
      return;
    case 'switch':
      expression(statement.subject);
      walkIf(walk, statement, scope);
      return;
    case 'set':
      expression(statement.value);
      walkTarget(walk, statement.target, scope);
      return;
    case 'set-block':
      walkBody(walk, statement.body, inside(scope));
      expression(statement.filter);
      walkTarget(walk, statement.target, scope);
      return;
    case 'filter-block':
      walkBody(walk, statement.body, inside(scope));
      expression(statement.filter);
      return;
    case 'with':
      for (const { value } of statement.bindings) expression(value);
      walkBody(
        walk,
        statement.body,
        inside(
          scope,
          statement.bindings.some(({ target }) => binds(target, walk.name)),
        ),
      );
      return;
    case 'macro':
      if (statement.name === walk.name) scope.meaning = 'bound';
      walkCallable(walk, statement.signature, statement.body, scope);
      return;
    case 'call-block':
      expression(statement.call);
      walkCallable(walk, statement.signature, statement.body, scope);
      return;
    case 'block':
      walkBody(walk, statement.body, inside(scope));
      return;
    case 'autoescape':
      expression(statement.enabled);
      walkBody(walk, statement.body, inside(scope));
      return;
    case 'do':
      expression(statement.value);
      return;
    case 'include':
    case 'extends':
      expression(statement.template);
      return;
    case 'import':
      expression(statement.template);
      if (statement.target.name === walk.name) scope.meaning = 'bound';
      return;
    case 'from-import':
      expression(statement.template);
      if (statement.names.some(({ alias }) => alias === walk.name)) scope.meaning = 'bound';
      return;
    case 'break':
    case 'continue':
      return;
  }
}

/** What only some branches set is either afterwards. */
function walkIf(walk: Walk, node: Extract<Statement, { kind: 'if' | 'switch' }>, scope: Scope): void {
  const ends: (Meaning | null)[] = [];
  const branch = (body: Body) => {
    const inner = inside(scope);
    walkBody(walk, body, inner);
    ends.push(inner.meaning);
  };
  for (const { test, body } of node.branches) {
    walkExpression(walk, test, scope);
    branch(body);
  }
  branch(node.otherwise);
  const changed = ends.find((end) => end !== null);
  if (changed === undefined || changed === null) return;
  const everywhere = ends.every((end) => end === changed);
  scope.meaning = everywhere || meaningIn(scope) === changed ? changed : 'either';
}

function walkCallable(walk: Walk, signature: Signature, body: Body, scope: Scope): void {
  const inner = inside(
    scope,
    signature.params.some((param) => param.name === walk.name),
  );
  for (const usual of signature.defaults) walkExpression(walk, usual, inner);
  walkBody(walk, body, inner);
}

function walkTarget(walk: Walk, target: Target, scope: Scope): void {
  if (target.kind === 'targets') {
    for (const item of target.items) walkTarget(walk, item, scope);
    return;
  }
  if (target.name !== walk.name) return;
  if (target.kind === 'namespace') {
    read(walk, target.start, scope);
    return;
  }
  walk.sets.push(target.start);
  scope.meaning = 'set';
}

function binds(target: Target, name: string): boolean {
  return target.kind === 'targets' ? target.items.some((item) => binds(item, name)) : target.name === name;
}

function walkExpression(walk: Walk, node: Expression, scope: Scope): void {
  if (node.kind === 'name') {
    if (node.name === walk.name) read(walk, node.start, scope);
    return;
  }

  for (const child of childrenOf(node)) walkExpression(walk, child, scope);
}
