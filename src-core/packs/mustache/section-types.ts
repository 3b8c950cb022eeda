import type { MustacheNode } from './parse-mustache.ts';

/** What is known of a variable: it decides what a section over it means. */
export type MustacheType = 'array' | 'object' | 'boolean' | 'string' | 'number';

/** What a template shows of its names. */
export interface MustacheNames {
  /** First names of all paths, wherever they stand. */
  readonly all: ReadonlySet<string>;
  /** Those that are read outside of every section. */
  readonly outside: ReadonlySet<string>;
  /** By names of sections: what each most likely is. */
  readonly sections: ReadonlyMap<string, MustacheType>;
}

export function headOf(name: string): string {
  return name === '.' ? '.' : (name.split('.').find((part) => part !== '') ?? '.');
}

/** First names of the paths that a body reads itself, not in the sections inside it. */
export function directHeads(body: readonly MustacheNode[]): ReadonlySet<string> {
  const heads = body.flatMap((node) => (node.kind === 'text' || node.kind === 'partial' ? [] : [headOf(node.name)]));
  return new Set([...heads, ...body.flatMap((node) => (node.kind === 'inverted' ? [...directHeads(node.body)] : []))]);
}

/** Tells types by use: a value that is also printed is a text, one with members an object, one that reads unknown names a list. */
export function surveyMustache(
  nodes: readonly MustacheNode[],
  declared: ReadonlyMap<string, MustacheType>,
): MustacheNames {
  const all = new Set<string>();
  const printed = new Set<string>();
  const parents = new Set<string>();
  const outside = directHeads(nodes);
  walk(nodes, (node) => {
    const head = headOf(node.name);
    all.add(head);
    if (node.kind === 'variable') printed.add(node.name);
    if (node.name !== head) parents.add(head);
  });
  const isOutside = (head: string) => outside.has(head) || declared.has(head);
  const sections = new Map<string, MustacheType>();
  walk(nodes, (node) => {
    if (node.kind === 'variable') return;
    const told = typeOf(node, sections.get(node.name));
    sections.set(node.name, told);
  });
  return { all, outside, sections };

  function typeOf({ kind, name, body }: Section, before: MustacheType | undefined): MustacheType {
    const known = declared.get(name);
    if (known !== undefined) return known;
    if (before === 'array' || before === 'object') return before;
    if (parents.has(name)) return 'object';
    if (printed.has(name)) return 'string';
    if (kind === 'inverted') return before ?? 'boolean';
    const heads = [...directHeads(body)];
    return heads.every((head) => head !== '.' && isOutside(head)) ? 'boolean' : 'array';
  }
}

type Section = Extract<MustacheNode, { readonly kind: 'section' | 'inverted' }>;
type Named = Extract<MustacheNode, { readonly kind: 'section' | 'inverted' | 'variable' }>;

function walk(nodes: readonly MustacheNode[], visit: (node: Named) => void): void {
  for (const node of nodes) {
    if (node.kind === 'text' || node.kind === 'partial') continue;
    visit(node);
    if (node.kind !== 'variable') walk(node.body, visit);
  }
}
