import type { PromptContent } from '../../contract/content.ts';
import type { Json } from '../../contract/shared.ts';
import { byName, type NamedItem, sameJson } from '../diff/field-changes.ts';
import { chosenOrder, chosenValue, type Decide } from './merge-conflict.ts';
import { interleave, mergeOrder } from './merge-order.ts';

/** The three sides of a merge of one thing. */
export interface Sides<Value> {
  readonly base: Value;
  readonly ours: Value;
  readonly theirs: Value;
}

const itemNouns = { inputs: 'input', tools: 'tool', samples: 'sample' } as const;
type ListArea = keyof typeof itemNouns;

/** Merges everything but the messages: settings and named items field by field, every field as a whole value. */
export function mergeFields(contents: Sides<PromptContent>, decide: Decide): Omit<PromptContent, 'messages'> {
  const { base, ours, theirs } = contents;
  const value = <Key extends 'syntax' | 'responseSchema' | 'extra'>(key: Key): PromptContent[Key] => {
    const sides = { base: base[key], ours: ours[key], theirs: theirs[key] };
    return mergeValue(sides, [key], key === 'responseSchema' ? 'response schema' : key, decide) as PromptContent[Key];
  };
  const settings = { base: base.settings, ours: ours.settings, theirs: theirs.settings };
  const list = <Area extends ListArea>(area: Area): PromptContent[Area] => {
    const items: Sides<readonly NamedItem[]> = { base: base[area], ours: ours[area], theirs: theirs[area] };
    return mergeNamed(area, items, decide) as PromptContent[Area];
  };
  return {
    syntax: value('syntax'),
    settings: mergeObject(settings, ['settings'], (key) => key, decide) as PromptContent['settings'],
    inputs: list('inputs'),
    tools: list('tools'),
    responseSchema: value('responseSchema'),
    samples: list('samples'),
    extra: value('extra'),
  };
}

/** Takes the side that changed the value; asks when both did, differently. */
export function mergeValue(
  sides: Sides<unknown>,
  path: readonly string[],
  where: string,
  decide: Decide,
): Json | undefined {
  const { base, ours, theirs } = sides as Sides<Json | undefined>;
  if (sameJson(ours, theirs) || sameJson(base, theirs)) return ours;
  if (sameJson(base, ours)) return theirs;
  const conflict = { kind: 'value', id: pointer(path), where, path, base, ours, theirs } as const;
  return chosenValue(conflict, decide(conflict));
}

function mergeObject(
  sides: Sides<object>,
  path: readonly string[],
  where: (key: string) => string,
  decide: Decide,
): Json {
  const fields = (side: object) => new Map<string, unknown>(Object.entries(side));
  const [base, ours, theirs] = [fields(sides.base), fields(sides.ours), fields(sides.theirs)];
  const keys = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort();
  const merged = keys.map((key) => {
    const values = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    return [key, mergeValue(values, [...path, key], where(key), decide)] as const;
  });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as Json;
}

function mergeNamed(area: ListArea, lists: Sides<readonly NamedItem[]>, decide: Decide): readonly Json[] {
  const [base, ours, theirs] = [byName(lists.base), byName(lists.ours), byName(lists.theirs)];
  const item = (name: string) => ({ base: base.get(name), ours: ours.get(name), theirs: theirs.get(name) });
  const names = { base: [...base.keys()], ours: [...ours.keys()], theirs: [...theirs.keys()] };
  const order = mergeOrder(
    names,
    (name) => isKept(item(name)),
    () => {
      const conflict = { kind: 'order', id: `${area}#order`, where: `order of ${area}`, ...names } as const;
      return chosenOrder(conflict, decide(conflict));
    },
  );
  const added = (place: string) => interleave(order.added.get(place) ?? { ours: [], theirs: [] });
  const merged = [...added(''), ...order.kept.flatMap((name) => [name, ...added(name)])];
  // Asked in an order of their own, so that the conflicts come the same way whichever side decides the list's.
  const items = new Map(merged.toSorted().map((name) => [name, mergeItem(area, name, item(name), decide)]));
  return merged.flatMap((name) => items.get(name) ?? []);
}

/** An item goes when a side removed it and the other left it alone; edited by the other, it is for a person to say. */
function isKept({ base, ours, theirs }: Sides<NamedItem | undefined>): boolean {
  return (ours !== undefined || !sameJson(base, theirs)) && (theirs !== undefined || !sameJson(base, ours));
}

function mergeItem(
  area: ListArea,
  name: string,
  sides: Sides<NamedItem | undefined>,
  decide: Decide,
): Json | undefined {
  const where = `${itemNouns[area]} \`${name}\``;
  const { base, ours, theirs } = sides;
  // An item that both added, or that one removed, is no item any more with fields of both.
  if (!base || !ours || !theirs) return mergeValue(sides, [area, name], where, decide);
  return mergeObject({ base, ours, theirs }, [area, name], (key) => `${where}, ${key}`, decide);
}

/** A JSON pointer without its first slash: names may contain anything. */
function pointer(path: readonly string[]): string {
  return path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
}
