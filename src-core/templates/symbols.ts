import type { Body, Expression, ForNode, Signature, Statement, Target } from './nodes.ts';
import { childrenOf } from './walk.ts';

/*
 * Which variable each name means is settled before rendering, by the rules of Jinja's own compiler: a name that is set
 * anywhere in a scope belongs to that scope from its start, one that is only read comes from around it or from the
 * inputs. Variables live in numbered slots of the frame of their function (template, block, macro, recursive loop).
 */

/** The slots of one function; frames of it are arrays of this length. */
export class FunctionSlots {
  private readonly slots = new Map<string, number>();

  slotOf(variable: string): number {
    const known = this.slots.get(variable);
    if (known !== undefined) return known;
    this.slots.set(variable, this.slots.size);
    return this.slots.size - 1;
  }

  size(): number {
    return this.slots.size;
  }
}

/** How a variable begins when its scope is entered. */
export type Load =
  | { readonly kind: 'parameter' }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'alias'; readonly of: Variable }
  | { readonly kind: 'undefined' };

/** A variable of a function. */
export interface Variable {
  readonly name: string;
  readonly id: string;
  readonly slots: FunctionSlots;
}

/** The names of one scope. */
export class Symbols {
  readonly parent: Symbols | null;
  readonly slots: FunctionSlots;
  private readonly level: number;
  /** For a branch of an `if`: the scope it is a branch of, which is not changed until the branches are merged. */
  private readonly base: Symbols | null;
  private readonly refs = new Map<string, Variable>();
  private readonly loads = new Map<string, { readonly variable: Variable; readonly load: Load }>();
  private readonly stores = new Set<string>();

  constructor(parent: Symbols | null, slots: FunctionSlots, base: Symbols | null = null) {
    this.parent = parent;
    this.slots = slots;
    this.base = base;
    this.level = base?.level ?? (parent === null ? 0 : parent.level + 1);
  }

  /** The variable that a name means here; null when the name was never seen. */
  find(name: string): Variable | null {
    return this.findHere(name) ?? this.parent?.find(name) ?? null;
  }

  private findHere(name: string): Variable | null {
    return this.refs.get(name) ?? this.base?.findHere(name) ?? null;
  }

  private isStored(name: string): boolean {
    return this.stores.has(name) || (this.base?.isStored(name) ?? false);
  }

  load(name: string): void {
    if (this.find(name) === null) this.define(name, { kind: 'resolve' });
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.findHere(name) !== null) return;
    const outer = this.parent?.find(name) ?? null;
    this.define(name, outer === null ? { kind: 'undefined' } : { kind: 'alias', of: outer });
  }

  declareParameter(name: string): Variable {
    this.stores.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  private define(name: string, load: Load): Variable {
    const variable = { name, id: `${this.level}:${name}`, slots: this.slots };
    this.refs.set(name, variable);
    this.loads.set(variable.id, { variable, load });
    return variable;
  }

  /** What to do with each variable of this scope when it is entered. */
  entries(): readonly { readonly variable: Variable; readonly load: Load }[] {
    return [...this.loads.values()];
  }

  /** The variables that were set here or around here, which an included template sees too. */
  visibleStores(): readonly Variable[] {
    const visible = new Map<string, Variable>();
    for (let scope: Symbols | null = this; scope !== null; scope = scope.parent) {
      for (const name of scope.stores) {
        const variable = visible.has(name) ? null : this.find(name);
        if (variable !== null) visible.set(name, variable);
      }
    }
    return [...visible.values()];
  }

  /** Visits the branches of an `if`, each as if the others were not there, and merges what they saw. */
  branch(visits: readonly ((branch: Symbols) => void)[]): void {
    const branches = visits.map((visit) => {
      const branch = new Symbols(this.parent, this.slots, this);
      visit(branch);
      return branch;
    });
    const stored = new Set(branches.flatMap((branch) => [...branch.stores]).filter((name) => !this.isStored(name)));
    for (const branch of branches) {
      for (const [name, variable] of branch.refs) this.refs.set(name, variable);
      for (const [id, entry] of branch.loads) this.loads.set(id, entry);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const name of stored) {
      const variable = this.find(name)!;
      const outer = this.parent?.find(name) ?? null;
      this.loads.set(variable.id, {
        variable,
        load: outer === null ? { kind: 'resolve' } : { kind: 'alias', of: outer },
      });
    }
  }
}

export function analyzeBody(symbols: Symbols, body: Body): void {
  for (const statement of body) analyzeStatement(symbols, statement);
}

export function analyzeSignature(symbols: Symbols, signature: Signature): void {
  for (const param of signature.params) symbols.declareParameter(param.name);
  for (const usual of signature.defaults) analyzeExpression(symbols, usual);
}

/** The scope of a loop: its variables are parameters. */
export function analyzeLoop(symbols: Symbols, loop: ForNode): void {
  declareTarget(symbols, loop.target);
  analyzeBody(symbols, loop.body);
}

export function analyzeLoopTest(symbols: Symbols, loop: ForNode): void {
  declareTarget(symbols, loop.target);
  if (loop.test !== null) analyzeExpression(symbols, loop.test);
}

export function declareTarget(symbols: Symbols, target: Target): void {
  if (target.kind === 'targets') for (const item of target.items) declareTarget(symbols, item);
  else if (target.kind === 'name') symbols.declareParameter(target.name);
}

function storeTarget(symbols: Symbols, target: Target): void {
  if (target.kind === 'targets') for (const item of target.items) storeTarget(symbols, item);
  else if (target.kind === 'name') symbols.store(target.name);
  else symbols.load(target.name);
}

export function analyzeExpression(symbols: Symbols, expression: Expression): void {
  if (expression.kind === 'name') {
    symbols.load(expression.name);
    return;
  }
  for (const child of childrenOf(expression)) analyzeExpression(symbols, child);
}

/** What a statement does to the scope around it; scopes of its own are analysed when it is compiled. */
function analyzeStatement(symbols: Symbols, statement: Statement): void {
  switch (statement.kind) {
    case 'output':
      for (const part of statement.parts) if (part.kind !== 'text') analyzeExpression(symbols, part);
      return;
    case 'if':
      analyzeIf(symbols, statement.branches, statement.otherwise);
      return;
    case 'for':
      analyzeExpression(symbols, statement.source);
      return;
    case 'macro':
      symbols.store(statement.name);
      return;
    case 'call-block':
      analyzeExpression(symbols, statement.call);
      return;
    case 'filter-block':
      analyzeExpression(symbols, statement.filter);
      return;
    case 'set':
      analyzeExpression(symbols, statement.value);
      storeTarget(symbols, statement.target);
      return;
    case 'set-block':
      storeTarget(symbols, statement.target);
      return;
    case 'with':
      for (const { value } of statement.bindings) analyzeExpression(symbols, value);
      return;
    case 'do':
      analyzeExpression(symbols, statement.value);
      return;
    case 'include':
    case 'extends':
      analyzeExpression(symbols, statement.template);
      return;
    case 'import':
      analyzeExpression(symbols, statement.template);
      symbols.store(statement.target.name);
      return;
    case 'from-import':
      analyzeExpression(symbols, statement.template);
      for (const { alias } of statement.names) symbols.store(alias);
      return;
    case 'block':
    case 'autoescape':
    case 'break':
    case 'continue':
      return;
  }
}

type Branches = readonly { readonly test: Expression; readonly body: Body }[];

function analyzeIf(symbols: Symbols, branches: Branches, otherwise: Body): void {
  const [first, ...others] = branches;
  if (first === undefined) return;
  analyzeExpression(symbols, first.test);
  symbols.branch([
    (branch) => analyzeBody(branch, first.body),
    (branch) => {
      for (const other of others) analyzeIf(branch, [other], []);
    },
    (branch) => analyzeBody(branch, otherwise),
  ]);
}
