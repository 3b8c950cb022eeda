/** The items of a list on each side of a merge by their ids, unique within each side; the same id means the same item. */
export interface ListSides {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** New items that belong right after one that was there. */
export interface Additions {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export interface MergedOrder {
  /** Ids of `base` that stay, in their merged order. */
  readonly kept: readonly string[];
  /** What was added after each kept id; under '' what was added at the start. */
  readonly added: ReadonlyMap<string, Additions>;
}

/**
 * Merges the order of a list: a side that moved items wins over one that did not, and additions follow the kept item
 * that they follow on their own side. `decide` is asked only when both sides moved kept items, differently.
 */
export function mergeOrder(
  sides: ListSides,
  keeps: (id: string) => boolean,
  decide: () => 'base' | 'ours' | 'theirs',
): MergedOrder {
  const inBase = new Set(sides.base);
  const isKept = (id: string) => inBase.has(id) && keeps(id);
  const kept = mergeKept(
    { base: sides.base.filter(isKept), ours: sides.ours.filter(isKept), theirs: sides.theirs.filter(isKept) },
    decide,
  );
  const isGone = (id: string) => inBase.has(id) && !keeps(id);
  const ours = additionsByPlace(sides.ours, isKept, isGone);
  const theirs = additionsByPlace(sides.theirs, isKept, isGone);
  return { kept, added: joinAdditions(['', ...kept], ours, theirs) };
}

/** New items that both sides may add at one place: each once, each side's order kept, otherwise sorted by id. */
export function interleave(additions: Additions): readonly string[] {
  const [ours, theirs] = [[...additions.ours], [...additions.theirs]];
  const merged: string[] = [];
  while (ours.length > 0 && theirs.length > 0) {
    const [mine, other] = [ours[0]!, theirs[0]!];
    // What the other side has further on waits for its turn there.
    const [mineWaits, otherWaits] = [theirs.includes(mine), ours.includes(other)];
    const next = mineWaits === otherWaits ? (mine < other ? mine : other) : mineWaits ? other : mine;
    merged.push(next);
    for (const queue of [ours, theirs]) if (queue.includes(next)) queue.splice(queue.indexOf(next), 1);
  }
  return [...merged, ...ours, ...theirs];
}

function mergeKept({ base, ours, theirs }: ListSides, decide: () => 'base' | 'ours' | 'theirs'): readonly string[] {
  const [oursMoved, theirsMoved] = [!followsOrder(ours, base), !followsOrder(theirs, base)];
  if (!oursMoved) return fillIn(theirsMoved ? theirs : base, base);
  if (!theirsMoved) return fillIn(ours, base);
  const common = ours.filter((id) => theirs.includes(id));
  if (followsOrder(common, theirs)) return fillIn(common, base);
  return fillIn({ base, ours, theirs }[decide()], base);
}

function followsOrder(ids: readonly string[], order: readonly string[]): boolean {
  const places = ids.map((id) => order.indexOf(id));
  return places.every((place, i) => i === 0 || place > places[i - 1]!);
}

/** Puts what `ids` lacks of `base` after its predecessor in `base`. */
function fillIn(ids: readonly string[], base: readonly string[]): readonly string[] {
  const filled = [...ids];
  for (const [i, id] of base.entries()) {
    if (!filled.includes(id)) filled.splice(i === 0 ? 0 : filled.indexOf(base[i - 1]!) + 1, 0, id);
  }
  return filled;
}

function additionsByPlace(
  side: readonly string[],
  isKept: (id: string) => boolean,
  isGone: (id: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>([['', []]]);
  let place = '';
  for (const id of side) {
    if (isKept(id)) {
      place = id;
      places.set(place, []);
    } else if (!isGone(id)) places.get(place)!.push(id);
  }
  return places;
}

/** An item that both sides added at different places stays at the earlier one. */
function joinAdditions(
  places: readonly string[],
  ours: ReadonlyMap<string, readonly string[]>,
  theirs: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, Additions> {
  const placed = new Set<string>();
  const joined = new Map<string, Additions>();
  for (const place of places) {
    const isNew = (id: string) => !placed.has(id);
    const mine = (ours.get(place) ?? []).filter(isNew);
    const other = (theirs.get(place) ?? []).filter(isNew);
    for (const id of [...mine, ...other]) placed.add(id);
    if (mine.length > 0 || other.length > 0) joined.set(place, { ours: mine, theirs: other });
  }
  return joined;
}
