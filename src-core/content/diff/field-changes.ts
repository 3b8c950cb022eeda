import type { PromptContent } from '../../contract/content.ts';
import type { FieldArea } from '../../contract/content-diff.ts';
import { ownValue } from '../../contract/json.ts';
import type { Json } from '../../contract/shared.ts';
import { canonicalJson } from '../hash-content.ts';

/** One changed value outside the messages. */
export interface FieldChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered';
  readonly area: FieldArea;
  /** Where it stands, as in `['inputs', 'tone', 'default']`; starts with the area. A reordered list has names as values. */
  readonly path: readonly string[];
  /** Absent when added. */
  readonly before?: Json;
  /** Absent when removed. */
  readonly after?: Json;
}

/** Everything that changed outside the messages, area by area; objects are compared key by key, arrays as a whole. */
export function diffFields(before: PromptContent, after: PromptContent): readonly FieldChange[] {
  return [
    ...diffValues('syntax', ['syntax'], before.syntax, after.syntax),
    ...diffValues('settings', ['settings'], definedOnly(before.settings), definedOnly(after.settings)),
    ...diffNamed('inputs', before.inputs, after.inputs),
    ...diffNamed('tools', before.tools, after.tools),
    ...diffSchema(before.responseSchema, after.responseSchema),
    ...diffNamed('samples', before.samples, after.samples),
    ...diffValues('extra', ['extra'], before.extra, after.extra),
  ];
}

/** An item of a list in which names may repeat. */
export interface NamedItem {
  readonly name: string;
}

/** Items by name, in order; a repeated name gets its count, as in `tone (2)`. */
export function byName<Item extends NamedItem>(items: readonly Item[]): ReadonlyMap<string, Item> {
  const named = new Map<string, Item>();
  for (const item of items) {
    let key = item.name;
    for (let count = 2; named.has(key); count++) key = `${item.name} (${count})`;
    named.set(key, item);
  }
  return named;
}

/** Tells whether two JSON values say the same, whatever the order of their keys; absent equals only absent. */
export function sameJson(one: unknown, other: unknown): boolean {
  return one === other || canonicalJson(one) === canonicalJson(other);
}

function diffNamed(area: FieldArea, before: readonly NamedItem[], after: readonly NamedItem[]): readonly FieldChange[] {
  const [old, fresh] = [byName(before), byName(after)];
  const changes: FieldChange[] = [];
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    changes.push(...diffValues(area, [area, name], definedOnly(old.get(name)), definedOnly(fresh.get(name))));
  }
  const keptBefore = [...old.keys()].filter((name) => fresh.has(name));
  const keptAfter = [...fresh.keys()].filter((name) => old.has(name));
  if (!sameJson(keptBefore, keptAfter)) {
    changes.push({ kind: 'reordered', area, path: [area], before: keptBefore, after: keptAfter });
  }
  return changes;
}

function diffSchema(before: Json, after: Json): readonly FieldChange[] {
  return diffValues('responseSchema', ['responseSchema'], before ?? undefined, after ?? undefined);
}

function diffValues(
  area: FieldArea,
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): readonly FieldChange[] {
  if (sameJson(before, after)) return [];
  if (before === undefined) return [{ kind: 'added', area, path, after: after as Json }];
  if (after === undefined) return [{ kind: 'removed', area, path, before }];
  if (!isObject(before) || !isObject(after)) return [{ kind: 'changed', area, path, before, after }];
  // Sorted, so that the answer is the same for a stored content and for one that was just typed.
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => diffValues(area, [...path, key], ownValue(before, key), ownValue(after, key)));
}

type JsonRecord = { readonly [key: string]: Json };

function isObject(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Optional fields that are there but undefined count as absent. */
function definedOnly(value: object | undefined): Json | undefined {
  if (value === undefined) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Json;
}
