/** A set of UTF-16 units as sorted, separate ranges; regular expressions without the flag `u` know nothing larger. */
export type UnitSet = readonly (readonly [from: number, to: number])[];

const last = 0xffff;

export function unitSet(ranges: UnitSet): UnitSet {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: UnitSet): UnitSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) gaps.push([next, last]);
  return gaps;
}

export function has(set: UnitSet, unit: number): boolean {
  return set.some(([from, to]) => from <= unit && unit <= to);
}

export const digits: UnitSet = [[48, 57]];
export const wordUnits: UnitSet = unitSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
export const lineEnds: UnitSet = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
export const blankUnits: UnitSet = unitSet([
  ...lineEnds,
  ...[9, 11, 12, 32, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff].map((unit) => [unit, unit] as const),
  [0x2000, 0x200a],
]);

/** The unit that JavaScript compares with under the flag `i`. */
function canonical(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return unit >= 128 && code < 128 ? unit : code;
}

/** Units that the flag `i` treats alike, by unit; built on first use. */
let alike: ReadonlyMap<number, readonly number[]> | null = null;

function allAlike(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (let unit = 0; unit <= last; unit += 1) {
    const key = canonical(unit);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [unit]);
    else group.push(unit);
  }
  const found = new Map<number, readonly number[]>();
  for (const group of groups.values()) if (group.length > 1) for (const unit of group) found.set(unit, group);
  return found;
}

/** A set with all units that the flag `i` treats alike. */
export function withoutCase(set: UnitSet): UnitSet {
  alike ??= allAlike();
  const more: (readonly [number, number])[] = [];
  const width = set.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const add = (units: readonly number[]) => {
    for (const unit of units) more.push([unit, unit]);
  };
  if (width > alike.size) {
    for (const [unit, group] of alike) if (has(set, unit)) add(group);
  } else {
    for (const [from, to] of set) for (let unit = from; unit <= to; unit += 1) add(alike.get(unit) ?? []);
  }
  return unitSet([...set, ...more]);
}
