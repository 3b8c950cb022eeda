import { isMapping } from '../text/read-yaml.ts';

type Mapping = Readonly<Record<string, unknown>>;

export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly data: Mapping;
}

/** From the handle of one node to the handle of another; the target's handle is the name of a variable. */
export interface FlowEdge {
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
  readonly targetHandle: string;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly cache: unknown;
}

/** The flow that a value is; null where it is none. */
export function flowOf(value: unknown): Flow | null {
  if (!isMapping(value) || !isMapping(value.flow) || !Array.isArray(value.flow.nodes)) return null;
  const nodes = value.flow.nodes.flatMap((node: unknown): readonly FlowNode[] => {
    if (!isMapping(node) || typeof node.type !== 'string') return [];
    return [{ id: textOf(node.id), type: node.type, data: isMapping(node.data) ? node.data : {} }];
  });
  const given = Array.isArray(value.flow.edges) ? value.flow.edges : [];
  const edges = given.filter(isMapping).map((edge) => ({
    source: textOf(edge.source),
    sourceHandle: textOf(edge.sourceHandle),
    target: textOf(edge.target),
    targetHandle: textOf(edge.targetHandle),
  }));
  return { nodes, edges, cache: value.cache };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
