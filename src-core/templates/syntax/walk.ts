import type { Arguments, Body, Expression, OutputPart, SliceNode, Statement, Target } from './nodes.ts';

/** What a name is used for. */
export type NameUse = 'load' | 'store';
type Visit = (name: string, use: NameUse) => void;

/** Visits every name of some statements in source order, blocks excluded: those are rendered on their own. */
function walkNames(body: Body, visit: Visit): void {
  for (const statement of body) walkStatement(statement, visit);
}

/** Which of `wanted` the statements read without having set them before. */
export function undeclaredNames(body: Body, wanted: readonly string[]): ReadonlySet<string> {
  const open = new Set(wanted);
  const found = new Set<string>();
  walkNames(body, (name, use) => {
    if (!open.has(name)) return;
    if (use === 'load') found.add(name);
    else open.delete(name);
  });
  return found;
}

function walkStatement(statement: Statement, visit: Visit): void {
  const expression = (node: Expression | null) => walkExpression(node, visit);
  switch (statement.kind) {
    case 'output':
      for (const part of statement.parts) walkPart(part, visit);
      return;
    case 'for':
      walkTarget(statement.target, visit);
      expression(statement.source);
      walkNames(statement.body, visit);
      walkNames(statement.otherwise, visit);
      expression(statement.test);
      return;
    case 'if':
    case 'switch':
      if (statement.kind === 'switch') expression(statement.subject);
      for (const branch of statement.branches) {
        expression(branch.test);
        walkNames(branch.body, visit);
      }
      walkNames(statement.otherwise, visit);
      return;
    case 'macro':
    case 'call-block':
      if (statement.kind === 'call-block') expression(statement.call);
      for (const param of statement.signature.params) visit(param.name, 'store');
      statement.signature.defaults.forEach(expression);
      walkNames(statement.body, visit);
      return;
    case 'set':
      walkTarget(statement.target, visit);
      expression(statement.value);
      return;
    case 'set-block':
      walkTarget(statement.target, visit);
      expression(statement.filter);
      walkNames(statement.body, visit);
      return;
    case 'filter-block':
      walkNames(statement.body, visit);
      expression(statement.filter);
      return;
    case 'with':
      for (const { target } of statement.bindings) walkTarget(target, visit);
      for (const { value } of statement.bindings) expression(value);
      walkNames(statement.body, visit);
      return;
    case 'autoescape':
      expression(statement.enabled);
      walkNames(statement.body, visit);
      return;
    case 'do':
      expression(statement.value);
      return;
    case 'include':
    case 'extends':
    case 'import':
    case 'from-import':
      expression(statement.template);
      return;
    case 'block':
    case 'break':
    case 'continue':
      return;
  }
}

function walkPart(part: OutputPart, visit: Visit): void {
  if (part.kind !== 'text') walkExpression(part, visit);
}

function walkTarget(target: Target, visit: Visit): void {
  if (target.kind === 'targets') for (const item of target.items) walkTarget(item, visit);
  else if (target.kind === 'name') visit(target.name, 'store');
}

function walkExpression(root: Expression | null, visit: Visit): void {
  if (root === null) return;
  if (root.kind === 'name') {
    visit(root.name, 'load');
    return;
  }
  for (const child of childrenOf(root)) walkExpression(child, visit);
}

/** The expressions directly inside one, in source order. */
export function childrenOf(node: Expression | SliceNode): readonly Expression[] {
  switch (node.kind) {
    case 'name':
    case 'constant':
      return [];
    case 'tuple':
    case 'list':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'attribute':
      return [node.object];
    case 'item':
      return [node.object, ...(node.key.kind === 'slice' ? childrenOf(node.key) : [node.key])];
    case 'slice':
      return [node.from, node.to, node.step].filter((bound) => bound !== null);
    case 'call':
      return [node.callee, ...argumentsOf(node.args)];
    case 'filter':
      return node.operand === null ? argumentsOf(node.args) : [node.operand, ...argumentsOf(node.args)];
    case 'test':
      return [node.operand, ...argumentsOf(node.args)];
    case 'not':
    case 'sign':
      return [node.operand];
    case 'and':
    case 'or':
    case 'concat':
      return node.operands;
    case 'arithmetic':
    case 'compare':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'condition':
      return node.otherwise === null ? [node.test, node.value] : [node.test, node.value, node.otherwise];
  }
}

/** Whether an expression reads no name and calls nothing. */
export function isConstant(node: Expression): boolean {
  return node.kind !== 'name' && node.kind !== 'call' && childrenOf(node).every(isConstant);
}

export function argumentsOf(args: Arguments): readonly Expression[] {
  const spreads = [args.spread, args.namedSpread].filter((spread) => spread !== null);
  return [...args.positional, ...args.named.map(({ value }) => value), ...spreads];
}

/** Visits all statements, outer ones first. */
export function eachStatement(body: Body, visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    if ('branches' in statement) for (const branch of statement.branches) eachStatement(branch.body, visit);
    if ('otherwise' in statement) eachStatement(statement.otherwise, visit);
    if ('body' in statement) eachStatement(statement.body, visit);
  }
}
