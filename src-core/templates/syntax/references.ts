import type { Expression, Span } from './nodes.ts';

/** A template that another one names in `include`, `import`, `from`, `extends`, or in Liquid's `render` or `layout`. */
export interface Reference extends Span {
  readonly name: string;
  /** Whether the named template can read the inputs of this one. */
  readonly seesInputs: boolean;
  /** Names that are bound there, which hide inputs of the same name. */
  bound(): Meanings;
}

/** What names mean: the path of an input, or null for anything else. */
export type Meanings = ReadonlyMap<string, string | null>;

/** The names of one scope, bound one after the other. */
export interface Names {
  bind(name: string, path: string | null): void;
  get(name: string): string | null | undefined;
  /** Every name once. */
  all(): Iterable<string>;
  /** The current bindings, to read later; copying them for every include would be too slow. */
  snapshot(): () => readonly Binding[];
}

type Binding = readonly [name: string, path: string | null];

export function createNames(first: Iterable<string> = []): Names {
  const meanings = new Map<string, string | null>();
  const log: Binding[] = [];
  const bind = (name: string, path: string | null) => {
    meanings.set(name, path);
    log.push([name, path]);
  };
  for (const name of first) bind(name, null);
  return {
    bind,
    get: (name) => meanings.get(name),
    all: () => meanings.keys(),
    snapshot() {
      const { length } = log;
      return () => log.slice(0, length);
    },
  };
}

/** The names of several scopes as they are now, the outermost scope first. */
export function snapshotOf(scopes: readonly Names[]): () => Meanings {
  const parts = scopes.map((names) => names.snapshot());
  return () => new Map(parts.flatMap((bindings) => bindings()));
}

/** What a template names; the span of each is that of the quoted name. */
export interface References {
  readonly named: readonly Reference[];
  /** Some names are only known when the template is rendered. */
  readonly computed: boolean;
}

/** The names that the expression of an `include` or the like spells out; `computed` when there may be others. */
export function namesIn(node: Expression): {
  readonly names: readonly (Span & { readonly name: string })[];
  readonly computed: boolean;
} {
  switch (node.kind) {
    case 'constant':
      if (typeof node.value !== 'string') return { names: [], computed: true };
      return { names: [{ name: node.value, start: node.start, end: node.end }], computed: false };
    case 'list':
    case 'tuple':
      return merge(node.items);
    case 'condition':
      return merge(node.otherwise === null ? [node.value] : [node.value, node.otherwise]);
    case 'and':
    case 'or':
      return merge(node.operands);
    default:
      return { names: [], computed: true };
  }
}

function merge(nodes: readonly Expression[]): ReturnType<typeof namesIn> {
  const parts = nodes.map(namesIn);
  return { names: parts.flatMap(({ names }) => names), computed: parts.some(({ computed }) => computed) };
}
