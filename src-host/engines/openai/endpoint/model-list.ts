import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ModelOffer } from '../../../../src-core/ports.ts';
import { wireObjectIn } from '../wire/wire-values.ts';
import { nameOf, offerOf } from './offers.ts';

/** Reads a list of models as it arrives, entry by entry, so that a long one does not block the event loop. */
export interface ModelListReader {
  /** Throws a SyntaxError where the text is no JSON. */
  push(text: string): void;
  /** The models by name, each once; null when there was no list. */
  end(): Promise<readonly ModelOffer[] | null>;
}

/** One entry is a name and a few facts. */
const maxEntryChars = 1_000_000;

/** Reads OpenAI's `{data: [{id}]}`; some servers send the bare list. */
export function createModelListReader(): ModelListReader {
  const offers = new Map<string, ModelOffer>();
  let rest = '';
  let depth = 0;
  /** Depth inside of the list; 0 until it begins. */
  let listDepth = 0;
  let hadList = false;
  let inString = false;
  let escaped = false;
  let stringStart = 0;
  let lastString = '';
  /** Start of the current entry in the current text. */
  let entryStart = -1;

  function take(json: string): void {
    const entry: unknown = JSON.parse(json);
    const name = nameOf(entry);
    if (name !== null && !offers.has(name)) offers.set(name, offerOf(name, wireObjectIn(entry)));
  }

  function open(text: string, at: number): void {
    const isList = text[at] === '[';
    if (!hadList && isList && (depth === 0 || (depth === 1 && lastString === 'data'))) {
      hadList = true;
      listDepth = depth + 1;
    } else if (listDepth > 0 && depth === listDepth && !isList) entryStart = at;
    depth += 1;
  }

  function close(text: string, at: number): void {
    depth -= 1;
    if (depth < 0) throw new SyntaxError('The list ends before it began.');
    if (entryStart >= 0 && depth === listDepth) {
      take(text.slice(entryStart, at + 1));
      entryStart = -1;
    } else if (depth < listDepth) listDepth = 0;
  }

  function scan(text: string, from: number): void {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) {
          inString = false;
          if (depth === 1) lastString = text.slice(stringStart, at);
        }
      } else if (code === 34) {
        inString = true;
        stringStart = at + 1;
      } else if (code === 123 || code === 91) open(text, at);
      else if (code === 125 || code === 93) close(text, at);
    }
  }

  return {
    push(more) {
      const text = rest + more;
      scan(text, rest.length);
      // An incomplete entry or name is kept for the next piece.
      const keepFrom = entryStart >= 0 ? entryStart : inString && depth <= 1 ? stringStart : text.length;
      rest = text.slice(keepFrom);
      if (rest.length > maxEntryChars) throw new SyntaxError('An entry of the list is too long.');
      if (entryStart >= 0) entryStart = 0;
      stringStart -= keepFrom;
    },
    async end() {
      if (depth !== 0 || inString) throw new SyntaxError('The list has no end.');
      return hadList ? sorted([...offers.values()]) : null;
    },
  };
}

/** Entries to sort or merge without a pause, which takes a few milliseconds. */
const slice = 10_000;

/** By name, in slices: sorting 200 000 names at once takes a quarter of a second. */
async function sorted(offers: readonly ModelOffer[]): Promise<readonly ModelOffer[]> {
  let runs: (readonly ModelOffer[])[] = [];
  for (let start = 0; start < offers.length; start += slice) {
    runs.push(offers.slice(start, start + slice).sort(byName));
    await nextTurn();
  }
  while (runs.length > 1) {
    const merged: (readonly ModelOffer[])[] = [];
    for (let index = 0; index < runs.length; index += 2)
      merged.push(runs[index + 1] === undefined ? runs[index]! : await merge(runs[index]!, runs[index + 1]!));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(left: readonly ModelOffer[], right: readonly ModelOffer[]): Promise<readonly ModelOffer[]> {
  const all: ModelOffer[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const takesLeft = r >= right.length || (l < left.length && byName(left[l]!, right[r]!) <= 0);
    all.push(takesLeft ? left[l++]! : right[r++]!);
    if (all.length % slice === 0) await nextTurn();
  }
  return all;
}

function byName(a: ModelOffer, b: ModelOffer): number {
  return a.model < b.model ? -1 : a.model > b.model ? 1 : 0;
}
