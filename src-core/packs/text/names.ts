import { hashText } from '../../content/hash-content.ts';
import { latinLetters } from '../../content/search-terms/fold-text.ts';
import { inputNameProblem, longestInputName } from '../../contract/input-name.ts';
import { promptNameSchema } from '../../contract/shared.ts';
import type { Losses } from '../losses.ts';

/** Endings of prompt files, the longest first. */
const suffixes = [
  ...['.prompt.yaml', '.prompt.yml', '.prompt.md', '.instructions.md', '.chatmode.md', '.agent.md', '.prompty'],
  ...['.promptl', '.prompt', '.jinja2', '.jinja', '.j2', '.njk', '.liquid', '.mustache', '.hbs', '.cforge', '.mdc'],
  ...['.yaml', '.yml', '.jsonl', '.json', '.csv', '.tsv', '.xlsx', '.txt', '.md', '.markdown'],
];

/** The name of a file without folders and without what says its format. */
export function fileStem(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const suffix = suffixes.find((each) => name.toLowerCase().endsWith(each) && name.length > each.length);
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}

/** A path without any of its endings that say a format, as `parts/tail` for `parts/tail.txt.j2`; its folders stay. */
export function pathStem(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  let name = path.slice(folder.length);
  for (let stem = fileStem(name); stem !== name; stem = fileStem(name)) name = stem;
  return folder + name;
}

/**
 * The name that a prompt gets: a lower-case slug in which "/" stays a folder. Other scripts lose their accents; what leaves
 * nothing becomes `prompt-` and eight hex digits of the SHA-256 of the name.
 */
export function promptName(source: string): string {
  const parts = source
    .split('/')
    .map(slug)
    .filter((part) => part !== '');
  const name = parts
    .join('/')
    .slice(0, 200)
    .replace(/[./_-]+$/, '');
  return promptNameSchema.safeParse(name).success ? name : `prompt-${hashText(source).slice(0, 8)}`;
}

const latinLetter = new RegExp(`[${Object.keys(latinLetters).join('')}]`, 'g');

function slug(part: string): string {
  return part
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(latinLetter, (letter) => latinLetters[letter]!)
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[-]+$/g, '');
}

/** Names of the inputs of one prompt: foreign ones and those that they get here. */
export interface InputNames {
  /** The legal name for a foreign one; the same every time. A name that changes is a loss. */
  legal(source: string): string;
  /** Foreign names by those that they got, where they differ. */
  sources(): Readonly<Record<string, string>>;
}

const reserved =
  /^(?:true|false|none|True|False|None|and|or|not|if|else|elif|in|is|loop|self|super|varargs|kwargs|caller)$/;

/** `taken` are names that inputs must not get, as those that a template sets itself. */
export function createInputNames(losses: Losses, taken: Iterable<string> = []): InputNames {
  const names = new Map<string, string>();
  const used = new Set(taken);
  return {
    legal(source) {
      const known = names.get(source);
      if (known !== undefined) return known;
      const name = freeName(nearestLegal(source), used);
      names.set(source, name);
      used.add(name);
      if (name !== source)
        losses.add('approximated', 'variable-renamed', source, `The variable "${source}" is named "${name}" here.`);
      return name;
    },
    sources: () => Object.fromEntries([...names].filter(([source, name]) => source !== name).map(([s, n]) => [n, s])),
  };
}

function nearestLegal(source: string): string {
  const plain = source.trim().normalize('NFKC');
  if (inputNameProblem(plain, 'jinja') === null && !reserved.test(plain)) return plain;
  const joined = plain
    .replace(/[^\p{XID_Continue}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, longestInputName - 1);
  const name = /^[\p{XID_Start}_]/u.test(joined) ? joined : `arg${joined}`;
  if (reserved.test(name)) return `${name}_`;
  return inputNameProblem(name, 'jinja') === null ? name : `input_${hashText(source).slice(0, 8)}`;
}

function freeName(name: string, used: ReadonlySet<string>): string {
  if (!used.has(name)) return name;
  for (let number = 2; ; number += 1) if (!used.has(`${name}_${number}`)) return `${name}_${number}`;
}
