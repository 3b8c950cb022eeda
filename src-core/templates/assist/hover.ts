import type { Json } from '../../contract/shared.ts';
import type { CatalogueEntry } from '../catalogue/entry.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Knowledge } from './knowledge.ts';
import { localsAt, resolvePath } from './locals.ts';
import { placeIn, surroundingsAt } from './place-at.ts';
import { shapeOf } from './shapes.ts';

/** What stands at a place; offsets in the source, `end` exclusive. */
export type Hovered = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'entry'; readonly entry: CatalogueEntry }
  | {
      readonly kind: 'value';
      /** The path as far as the word, as in `documents[].title`; the written one when it cannot be followed. */
      readonly path: string;
      readonly type: string | null;
      readonly description: string;
      readonly value: Json | undefined;
      /** Of an input as such, which can be renamed. */
      readonly input: { readonly name: string; readonly declared: boolean; readonly default: Json | undefined } | null;
    }
  | { readonly kind: 'prompt'; readonly name: string }
);

/** What stands at an offset of a source; null where there is nothing to say. */
export function hoverAt(source: string, offset: number, knowledge: Knowledge): Hovered | null {
  const start = offset - (/[\p{L}\p{N}_]*$/u.exec(source.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\p{L}\p{N}_]*/u.exec(source.slice(offset))?.[0].length ?? 0);
  const { open, statements } = surroundingsAt(source.slice(0, end));
  const place = open === null ? null : placeIn(open);
  if (place === null) return null;
  if (place.kind === 'prompt') return promptAt(source, end - place.word.length);
  if (place.word === '' || start === end) return null;
  const span = { start, end };
  const catalogue = catalogueOf(knowledge.syntax);
  const entry = (found: CatalogueEntry | undefined): Hovered | null =>
    found === undefined ? null : { ...span, kind: 'entry', entry: found };
  switch (place.kind) {
    case 'filter':
      return entry(catalogue.filters.get(place.word));
    case 'test':
      return entry(catalogue.tests.get(place.word));
    case 'statement':
      return entry(catalogue.statements.get(place.word.replace(/^end/, '')));
    case 'member': {
      if (place.object === catalogue.loopName) return entry(catalogue.loop.get(place.word));
      const path = resolvePath(`${place.object}.${place.word}`, (name) => localsAt(statements).get(name));
      return path === null ? null : { ...span, kind: 'value', path, ...describe(path, knowledge), input: null };
    }
    case 'expression':
      return nameAt(place.word, span, knowledge, statements) ?? entry(catalogue.globals.get(place.word));
  }
}

function nameAt(
  word: string,
  span: { readonly start: number; readonly end: number },
  knowledge: Knowledge,
  statements: readonly string[],
): Hovered | null {
  const local = localsAt(statements).get(word);
  if (local !== undefined) {
    if (local.path === null) return null;
    return { ...span, kind: 'value', path: local.path, ...describe(local.path, knowledge), input: null };
  }
  const declaration = knowledge.inputs.find(({ name }) => name === word);
  const isUsed = knowledge.usedPaths.some((path) => /^\w+/.exec(path)?.[0] === word);
  if (declaration === undefined && !isUsed) return null;
  const input = { name: word, declared: declaration !== undefined, default: declaration?.default };
  return { ...span, kind: 'value', path: word, ...describe(word, knowledge), input };
}

function describe(path: string, knowledge: Knowledge) {
  const { type, description, value } = shapeOf(path, knowledge);
  return { type, description, value };
}

function promptAt(source: string, start: number): Hovered | null {
  const name = /^[^"'\n]*/.exec(source.slice(start))?.[0] ?? '';
  return name === '' ? null : { start, end: start + name.length, kind: 'prompt', name };
}
