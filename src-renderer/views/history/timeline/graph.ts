/** What the graph needs of a version; parents are ids, the first is what it was edited from. */
export interface GraphNode {
  readonly id: string;
  readonly parents: readonly string[];
}

/** A line through half a row, from one lane to another. */
export interface GraphLink {
  readonly from: number;
  readonly to: number;
}

/** One row of the graph: the lane of its version and the lines above and below it. */
export interface GraphRow {
  readonly lane: number;
  /** From the top edge to the middle, where the version is. */
  readonly above: readonly GraphLink[];
  /** From the middle to the bottom edge. */
  readonly below: readonly GraphLink[];
}

/** Puts versions, newest first, on lanes: a straight history has one, a branch has its own until where it started. */
export function layoutGraph(nodes: readonly GraphNode[]): readonly GraphRow[] {
  /** The version that each lane leads down to; null is free. */
  const lanes: (string | null)[] = [];
  return nodes.map((node) => {
    const waiting = lanes.flatMap((id, lane) => (id === node.id ? [lane] : []));
    const lane = waiting[0] ?? freeLane(lanes);
    const above = lanes.flatMap((id, from) => (id === null ? [] : [{ from, to: id === node.id ? lane : from }]));
    for (const other of waiting) lanes[other] = null;
    const passing = lanes.flatMap((id, from) => (id === null ? [] : [{ from, to: from }]));
    const [first, ...others] = node.parents;
    const links: GraphLink[] = [];
    if (first !== undefined) {
      lanes[lane] = first;
      links.push({ from: lane, to: lane });
    }
    for (const parent of others) {
      const known = lanes.indexOf(parent);
      const to = known < 0 ? freeLane(lanes) : known;
      lanes[to] = parent;
      links.push({ from: lane, to });
    }
    return { lane, above, below: [...passing, ...links] };
  });
}

/** Lanes that a graph takes; at least one. */
export function laneCount(rows: readonly GraphRow[]): number {
  return rows.reduce((most, { lane, above, below }) => {
    const used = [lane, ...[...above, ...below].flatMap(({ from, to }) => [from, to])];
    return Math.max(most, ...used.map((used) => used + 1));
  }, 1);
}

function freeLane(lanes: readonly (string | null)[]): number {
  const free = lanes.indexOf(null);
  return free < 0 ? lanes.length : free;
}
