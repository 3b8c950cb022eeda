/** A node of the tree that nunjucks' parser makes; which fields there are follows from `typename`. */
export interface Tree {
  readonly typename: string;
  /** Line of its main token, from 0; absent for nodes without a token. */
  readonly lineno?: number;
  readonly colno?: number;
  readonly children: readonly Tree[];
  /** A literal's value, a name, or the expression that `set` or a pair gives. */
  readonly value: unknown;
  readonly name: Tree;
  readonly args: Tree;
  readonly target: Tree;
  readonly val: Tree;
  readonly left: Tree;
  readonly right: Tree;
  readonly cond: Tree;
  readonly body: Tree;
  readonly else_: Tree | null | undefined;
  readonly arr: Tree;
  readonly key: Tree;
  readonly expr: Tree;
  readonly ops: readonly Tree[];
  /** The operator of a comparison. */
  readonly type: string;
  readonly cases: readonly Tree[];
  readonly default: Tree | null | undefined;
  readonly template: Tree;
  readonly names: Tree;
  readonly targets: readonly Tree[];
  readonly ignoreMissing: boolean | null | undefined;
  readonly withContext: boolean | null | undefined;
}

/** Whether a field that may hold a value or a node holds a node. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && 'typename' in value;
}
