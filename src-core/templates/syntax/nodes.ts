import type { Value } from '../runtime/values.ts';

/** Where a node is: UTF-16 offsets in the source after its newlines were normalised; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
/** `===` and `!==` are nunjucks' own. */
export type CompareOperator = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** The expression after `*`. */
  readonly spread: Expression | null;
  /** The expression after `**`. */
  readonly namedSpread: Expression | null;
}

export type NameNode = Span & { readonly kind: 'name'; readonly name: string };
export type CallNode = Span & { readonly kind: 'call'; readonly callee: Expression; readonly args: Arguments };
/** `operand` is null in a `filter` or `set` block, whose body it is. */
export type FilterNode = Span & {
  readonly kind: 'filter';
  readonly operand: Expression | null;
  readonly name: string;
  /** Where the name stands. */
  readonly named: Span;
  readonly args: Arguments;
};
export type SliceNode = Span & {
  readonly kind: 'slice';
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly step: Expression | null;
};
export type TupleNode = Span & { readonly kind: 'tuple'; readonly items: readonly Expression[] };

export type LogicNode = Span & { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] };

/** Chains of operators of one level are one node with many operands, so that a long chain is not a deep tree. */
export type Expression =
  | NameNode
  | CallNode
  | FilterNode
  | TupleNode
  | (Span & { readonly kind: 'constant'; readonly value: Value })
  | (Span & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Span & {
      readonly kind: 'dict';
      readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
    })
  | (Span & { readonly kind: 'attribute'; readonly object: Expression; readonly name: string })
  | (Span & { readonly kind: 'item'; readonly object: Expression; readonly key: Expression | SliceNode })
  | (Span & {
      readonly kind: 'test';
      readonly operand: Expression;
      readonly name: string;
      readonly named: Span;
      readonly args: Arguments;
    })
  | (Span & { readonly kind: 'not'; readonly operand: Expression })
  | (Span & { readonly kind: 'sign'; readonly negative: boolean; readonly operand: Expression })
  | (Span & { readonly kind: 'concat'; readonly operands: readonly Expression[] })
  | LogicNode
  | (Span & {
      readonly kind: 'arithmetic';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: BinaryOperator; readonly operand: Expression }[];
    })
  | (Span & {
      readonly kind: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
    })
  | (Span & {
      readonly kind: 'condition';
      readonly test: Expression;
      readonly value: Expression;
      readonly otherwise: Expression | null;
    });

/** What `set`, `for` and `with` may write to; `namespace` is `ns.name`, in `set` only. */
export type Target =
  | NameNode
  | (Span & { readonly kind: 'namespace'; readonly name: string; readonly attribute: string })
  | (Span & { readonly kind: 'targets'; readonly items: readonly Target[] });

export interface Signature {
  readonly params: readonly NameNode[];
  /** Of the last parameters, in order. */
  readonly defaults: readonly Expression[];
}

export type OutputPart = (Span & { readonly kind: 'text'; readonly text: string }) | Expression;

export type ForNode = Span & {
  readonly kind: 'for';
  readonly target: Target;
  readonly source: Expression;
  readonly test: Expression | null;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
};
export type IfNode = Span & {
  readonly kind: 'if';
  readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
  readonly otherwise: Body;
};
/** Nunjucks' own: the first branch that is exactly equal to `subject`, or the next one after it that is not empty. */
export type SwitchNode = Span & {
  readonly kind: 'switch';
  readonly subject: Expression;
  readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
  readonly otherwise: Body;
};
export type MacroNode = Span & {
  readonly kind: 'macro';
  readonly name: string;
  readonly signature: Signature;
  readonly body: Body;
};
export type CallBlockNode = Span & {
  readonly kind: 'call-block';
  readonly signature: Signature;
  readonly call: CallNode;
  readonly body: Body;
};
export type BlockNode = Span & {
  readonly kind: 'block';
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: Body;
};
export type IncludeNode = Span & {
  readonly kind: 'include';
  readonly template: Expression;
  readonly ignoreMissing: boolean;
  readonly withContext: boolean;
};
export type ImportNode = Span & {
  readonly kind: 'import';
  readonly template: Expression;
  readonly target: NameNode;
  readonly withContext: boolean;
};
export type FromImportNode = Span & {
  readonly kind: 'from-import';
  readonly template: Expression;
  readonly names: readonly { readonly name: string; readonly alias: string }[];
  readonly withContext: boolean;
};
export type WithNode = Span & {
  readonly kind: 'with';
  readonly bindings: readonly { readonly target: Target; readonly value: Expression }[];
  readonly body: Body;
};
export type SetBlockNode = Span & {
  readonly kind: 'set-block';
  readonly target: Target;
  readonly filter: FilterNode | null;
  readonly body: Body;
};
export type FilterBlockNode = Span & {
  readonly kind: 'filter-block';
  readonly filter: FilterNode;
  readonly body: Body;
};
export type ScopeNode = Span & { readonly kind: 'autoescape'; readonly enabled: Expression; readonly body: Body };

export type Statement =
  | (Span & { readonly kind: 'output'; readonly parts: readonly OutputPart[] })
  | ForNode
  | IfNode
  | SwitchNode
  | MacroNode
  | CallBlockNode
  | BlockNode
  | IncludeNode
  | ImportNode
  | FromImportNode
  | WithNode
  | SetBlockNode
  | FilterBlockNode
  | ScopeNode
  | (Span & { readonly kind: 'set'; readonly target: Target; readonly value: Expression })
  | (Span & { readonly kind: 'do'; readonly value: Expression })
  | (Span & { readonly kind: 'extends'; readonly template: Expression })
  | (Span & { readonly kind: 'break' | 'continue' });

export type Body = readonly Statement[];
