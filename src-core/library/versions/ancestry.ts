/** A version and what it came from; ids. */
export interface Ancestor {
  readonly id: string;
  /** Grows from parent to child. */
  readonly depth: number;
  readonly parents: readonly string[];
}

/** The deepest version that both come from (each counts as coming from itself); null when there is none. */
export function commonAncestor(versions: readonly Ancestor[], one: string, other: string): string | null {
  const byId = new Map(versions.map((version) => [version.id, version]));
  const mine = ancestorsOf(byId, one);
  const shared = [...ancestorsOf(byId, other)].filter((id) => mine.has(id));
  // Depths grow from parent to child, so no shared ancestor of the deepest one can be nearer.
  return shared.reduce<string | null>(
    (newest, id) => (newest !== null && byId.get(newest)!.depth > byId.get(id)!.depth ? newest : id),
    null,
  );
}

function ancestorsOf(byId: ReadonlyMap<string, Ancestor>, id: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next) || !byId.has(next)) continue;
    seen.add(next);
    open.push(...byId.get(next)!.parents);
  }
  return seen;
}
