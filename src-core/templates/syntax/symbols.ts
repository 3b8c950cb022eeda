import type { Body, Expression, ForNode, Signature, Statement, Target } from './nodes.ts';
import { childrenOf } from './walk.ts';

/*
 * Names are resolved to variables before rendering, by the rules of Jinja's compiler: a name that is set anywhere in a
 * scope is local to it from its start; one that is only read comes from an outer scope or the inputs. Variables are
 * numbered slots in the frame of their function (template, block, macro, recursive loop).
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

/** What a scope knows of one name. */
interface Entry {
  readonly variable: Variable;
  readonly load: Load;
  readonly isStored: boolean;
}

/** The names of one scope. */
export class Symbols {
  readonly parent: Symbols | null;
  readonly slots: FunctionSlots;
  private readonly level: number;
  /** For a branch of an `if`: the scope it is a branch of, which is not changed until the branches are merged. */
  private readonly base: Symbols | null;
  private own = new Map<string, Entry>();
  /** What was set here and is undefined before that. */
  private readonly fresh: string[] = [];

  constructor(parent: Symbols | null, slots: FunctionSlots, base: Symbols | null = null) {
    this.parent = parent;
    this.slots = slots;
    this.base = base;
    this.level = base?.level ?? (parent === null ? 0 : parent.level + 1);
  }

  /** The variable that a name means here; null when the name was never seen. */
  find(name: string): Variable | null {
    return this.findHere(name)?.variable ?? this.parent?.find(name) ?? null;
  }

  private findHere(name: string): Entry | null {
    for (let scope: Symbols | null = this; scope !== null; scope = scope.base) {
      const entry = scope.own.get(name);
      if (entry !== undefined) return entry;
    }
    return null;
  }

  load(name: string): void {
    if (this.find(name) === null) this.define(name, { kind: 'resolve' }, false);
  }

  store(name: string): void {
    const known = this.findHere(name);
    if (known?.isStored === true) return;
    if (known !== null) this.own.set(name, { ...known, isStored: true });
    else this.define(name, this.outerLoad(name, 'undefined'), true);
  }

  declareParameter(name: string): Variable {
    return this.define(name, { kind: 'parameter' }, true);
  }

  /** A variable that is set here begins as the one around it, or else as `otherwise`. */
  private outerLoad(name: string, otherwise: 'undefined' | 'resolve'): Load {
    const outer = this.parent?.find(name) ?? null;
    return outer === null ? { kind: otherwise } : { kind: 'alias', of: outer };
  }

  private define(name: string, load: Load, isStored: boolean): Variable {
    const variable = { name, id: `${this.level}:${name}`, slots: this.slots };
    if (load.kind === 'undefined') this.fresh.push(name);
    this.own.set(name, { variable, load, isStored });
    return variable;
  }

  /** What to do with each variable of this scope when it is entered. */
  entries(): readonly { readonly variable: Variable; readonly load: Load }[] {
    return [...this.own.values()];
  }

  /** The variables that were set here or around here, which an included template sees too. */
  visibleStores(): readonly Variable[] {
    const nearest = new Map<string, Variable>();
    const stored = new Set<string>();
    for (let scope: Symbols | null = this; scope !== null; scope = scope.parent) {
      for (const [name, { variable, isStored }] of scope.own) {
        if (!nearest.has(name)) nearest.set(name, variable);
        if (isStored) stored.add(name);
      }
    }
    return [...stored].map((name) => nearest.get(name)!);
  }

  /** Visits the branches of an `if`, each as if the others were not there, and merges what they saw. */
  branch(visits: readonly ((branch: Symbols) => void)[]): void {
    const branches = visits.map((visit) => {
      const branch = new Symbols(this.parent, this.slots, this);
      visit(branch);
      return branch;
    });
    for (const { own, fresh } of branches) {
      // What a branch sets for the first time may or may not be set after the `if`.
      for (const name of fresh) own.set(name, { ...own.get(name)!, load: { kind: 'resolve' } });
      this.adopt(own);
    }
  }

  private adopt(own: Map<string, Entry>): void {
    if (this.own.size === 0) {
      this.own = own;
      return;
    }
    for (const [name, entry] of own) {
      const isStored = entry.isStored || this.own.get(name)?.isStored === true;
      this.own.set(name, { ...entry, isStored });
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
    case 'switch':
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
  const visits = [(branch: Symbols) => analyzeBody(branch, first.body)];
  if (others.length > 0) visits.push((branch) => others.forEach((other) => void analyzeIf(branch, [other], [])));
  if (otherwise.length > 0) visits.push((branch) => analyzeBody(branch, otherwise));
  symbols.branch(visits);
}
