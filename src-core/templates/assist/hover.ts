import type { InputDeclaration } from '../../contract/content.ts';
import type { Json } from '../../contract/shared.ts';
import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';
import { catalogueOf } from '../builtins/catalogue.ts';
import { rootOf } from '../template-inputs.ts';
import type { Knowledge } from './knowledge.ts';
import { type Local, localsAt, resolvePath } from './locals.ts';
import { isPath, methodsOf } from './methods-of.ts';
import { isNaming, placeIn, surroundingsAt, wholeTag } from './place-at.ts';
import { shapeOf } from './shapes.ts';

/** What stands at a place; offsets in the source, `end` exclusive. */
export type Hovered = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'entry'; readonly entry: CatalogueEntry }
  | {
      readonly kind: 'local';
      readonly local: Local;
      /** What is known of the value that it stands for. */
      readonly type: string | null;
      readonly description: string;
      readonly value: Json | undefined;
    }
  | {
      readonly kind: 'value';
      /** The path as far as the word, as in `documents[].title`; the written one when it cannot be followed. */
      readonly path: string;
      readonly type: string | null;
      readonly description: string;
      readonly value: Json | undefined;
      /** Set for the name of an input, which can be renamed. */
      readonly input: { readonly name: string; readonly declaration: InputDeclaration | null } | null;
    }
  | { readonly kind: 'prompt'; readonly name: string }
);

const word = [/\p{XID_Continue}*$/u, /^\p{XID_Continue}*/u] as const;
/** The "-" before the end of a tag belongs to the tag. */
const liquidWord = [/[\p{XID_Continue}-]*$/u, /^(?:\p{XID_Continue}|-(?=\p{XID_Continue}))*\??/u] as const;

/** What stands at an offset of a source; null where there is nothing to say. */
export function hoverAt(source: string, offset: number, knowledge: Knowledge): Hovered | null {
  const [before, after] = knowledge.syntax === 'liquid' ? liquidWord : word;
  const start = offset - (before.exec(source.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (after.exec(source.slice(offset))?.[0].length ?? 0);
  const { open, statements } = surroundingsAt(source.slice(0, end));
  const place = open === null ? null : placeIn(open, knowledge.syntax);
  if (place === null) return null;
  if (place.kind === 'prompt') return promptAt(source, end - place.word.length);
  if (open === null || place.word === '' || start === end) return null;
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
      const find = (name: string) => localsAt(statements).get(name);
      const object = isPath(place.object) ? resolvePath(place.object, find) : null;
      const method = methodsOf(place.object, object, knowledge).find(({ name }) => name === place.word);
      if (method !== undefined && /^\s*\(/.test(source.slice(end))) return entry(method);
      const path = object === null ? null : `${object}.${place.word}`;
      return path === null ? null : { ...span, kind: 'value', path, ...describe(path, knowledge), input: null };
    }
    case 'expression': {
      // Where a name is being defined, its new meaning is shown.
      const named = isNaming(open) ? localsAt([...statements, wholeTag(source, open, end)]).get(place.word) : undefined;
      const local = named ?? localsAt(statements).get(place.word);
      if (local !== undefined) return { ...span, kind: 'local', local, ...describe(local.path, knowledge) };
      return inputAt(place.word, span, knowledge) ?? entry(catalogue.globals.get(place.word));
    }
  }
}

function inputAt(
  word: string,
  span: { readonly start: number; readonly end: number },
  knowledge: Knowledge,
): Hovered | null {
  const declaration = knowledge.inputs.find(({ name }) => name === word) ?? null;
  const isUsed = knowledge.usedPaths.some((path) => rootOf(path) === word);
  if (declaration === null && !isUsed) return null;
  const input = { name: word, declaration };
  return { ...span, kind: 'value', path: word, ...describe(word, knowledge), input };
}

function describe(path: string | null, knowledge: Knowledge) {
  if (path === null) return { type: null, description: '', value: undefined };
  const { type, description, value } = shapeOf(path, knowledge);
  return { type, description, value };
}

function promptAt(source: string, start: number): Hovered | null {
  const name = /^[^"'\n]*/.exec(source.slice(start))?.[0] ?? '';
  return name === '' ? null : { start, end: start + name.length, kind: 'prompt', name };
}
