import type { Losses } from '../losses.ts';
import { promptName } from '../text/names.ts';
import { isMapping } from '../text/read-yaml.ts';

type Raw = Readonly<Record<string, unknown>>;

/** All versions of one prompt, the oldest first. */
export interface Group {
  /** In Langfuse. */
  readonly source: string;
  /** Here; different from that of any other group. */
  readonly name: string;
  readonly entries: readonly Raw[];
}

/** Entries by name, in the order in which names first come. One without a name or a text is a loss. */
export function groupEntries(list: readonly unknown[], losses: Losses): readonly Group[] {
  const groups = new Map<string, Raw[]>();
  for (const [index, entry] of list.entries()) {
    const name = isMapping(entry) && typeof entry.name === 'string' ? entry.name : '';
    if (!isMapping(entry) || name.trim() === '' || !hasTexts(entry)) {
      losses.add(
        'dropped',
        'entry',
        name === '' ? `[${index}]` : name,
        'It has no name or no text, so nothing can be imported.',
      );
      continue;
    }
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [entry]);
    else known.push(entry);
  }
  const used = new Set<string>();
  return [...groups].map(([source, entries]) => {
    const wanted = promptName(source);
    let name = wanted;
    for (let number = 2; used.has(name); number += 1) name = `${wanted}-${number}`;
    used.add(name);
    if (name !== source)
      losses.add('approximated', 'name-changed', source, `The prompt "${source}" is named "${name}" here.`);
    return { source, name, entries: inOrder(entries, losses) };
  });
}

export function hasTexts(entry: Raw): boolean {
  return typeof entry.prompt === 'string' || (Array.isArray(entry.prompt) && entry.prompt.length > 0);
}

/** By number where every entry has its own; else as they stand. Numbers here have no gaps. */
function inOrder(entries: readonly Raw[], losses: Losses): readonly Raw[] {
  const numbers = entries.map(versionOf);
  const known = numbers.filter((number) => number !== null);
  if (known.length < entries.length || new Set(known).size < known.length) return entries;
  const sorted = entries.toSorted((a, b) => versionOf(a)! - versionOf(b)!);
  const before = known.toSorted((a, b) => a - b);
  const after = before.map((_, index) => index + 1);
  if (before.some((number, index) => number !== after[index]))
    losses.add(
      'approximated',
      'version-numbers',
      `${listed(before)} -> ${listed(after)}`,
      'Versions are numbered from 1 without gaps here; each keeps its old number as its source.',
    );
  return sorted;
}

export function versionOf(entry: Raw): number | null {
  return typeof entry.version === 'number' && Number.isInteger(entry.version) ? entry.version : null;
}

function listed(numbers: readonly number[]): string {
  return numbers.length > 40 ? `${numbers.slice(0, 39).join(',')},…,${numbers.at(-1)}` : numbers.join(',');
}
