import type { CatalogueEntry } from '../builtins/catalogue/entry.ts';
import { type Catalogue, catalogueOf } from '../builtins/catalogue.ts';
import type { Knowledge } from './knowledge.ts';
import { localsAt, resolvePath } from './locals.ts';
import { isPath, methodsOf } from './methods-of.ts';
import { placeIn, surroundingsAt } from './place-at.ts';

/** As in `length=255`, and where it stands in its signature. */
export interface Parameter {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What is being called at a place, and which of its parameters is written there. */
export interface SignatureAt {
  /** As in `text | truncate(length=255)`; several when it can be called in several ways. */
  readonly signatures: readonly { readonly label: string; readonly parameters: readonly Parameter[] }[];
  /** The one that fits what is written so far. */
  readonly active: number;
  /** Index in the active signature; -1 for none. */
  readonly parameter: number;
  readonly text: string;
}

interface Call {
  /** The code before the bracket or, in Liquid, before the colon. */
  readonly callee: string;
  /** The arguments so far; the last one may be empty. */
  readonly args: readonly string[];
}

/** What is called at the end of a text; null when nothing is. */
export function signatureAt(before: string, knowledge: Knowledge): SignatureAt | null {
  const { open, statements } = surroundingsAt(before);
  if (open === null) return null;
  const call = knowledge.syntax === 'liquid' ? liquidCall(open.code) : openCall(open.code);
  if (call === null) return null;
  const macro = localsAt(statements).get(call.callee.trim().match(/\w+$/)?.[0] ?? '');
  if (macro?.from === 'macro') return described(macro.statement.replace(/^macro /, ''), '', call.args);
  const entry = entryOf({ kind: open.kind, code: call.callee }, statements, knowledge);
  return entry === null ? null : described(entry.signature, entry.text, call.args);
}

function described(signature: string, text: string, args: readonly string[]): SignatureAt | null {
  const signatures = signature.split(' or ').map((label) => ({ label, parameters: parametersIn(label) }));
  const fits = signatures.findIndex(({ parameters }) => parameters.length >= args.length);
  const active = Math.max(0, fits);
  const parameters = signatures[active]?.parameters ?? [];
  if (signatures.every((one) => one.parameters.length === 0)) return null;
  return { signatures, active, parameter: parameterOf(args, parameters), text };
}

function parametersIn(label: string): readonly Parameter[] {
  const listed = /\((.*)\)$|: (.*)$/s.exec(label);
  const code = listed?.[1] ?? listed?.[2] ?? '';
  const parameters: Parameter[] = [];
  let at = label.length - code.length - (listed?.[1] === undefined ? 0 : 1);
  for (const part of splitArguments(code)) {
    const text = part.trim();
    const start = at + part.indexOf(text);
    if (text !== '') parameters.push({ text, start, end: start + text.length });
    at += part.length + 1;
  }
  return parameters;
}

function parameterOf(args: readonly string[], parameters: readonly Parameter[]): number {
  const named = /^\s*(\w+)\s*[=:](?!=)/.exec(args.at(-1) ?? '')?.[1];
  const nameOf = ({ text }: Parameter) => /^\**(\w+)/.exec(text)?.[1];
  const at = named === undefined ? args.length - 1 : parameters.findIndex((one) => nameOf(one) === named);
  if (at >= 0 && at < parameters.length) return at;
  const rest = named === undefined ? /^\*(?!\*)/ : /^\*\*/;
  return parameters.findIndex(({ text }) => rest.test(text));
}

function entryOf(
  head: { readonly kind: '{{' | '{%'; readonly code: string },
  statements: readonly string[],
  knowledge: Knowledge,
): CatalogueEntry | null {
  const catalogue: Catalogue = catalogueOf(knowledge.syntax);
  const place = placeIn(head, knowledge.syntax);
  switch (place?.kind) {
    case 'filter':
      return catalogue.filters.get(place.word) ?? null;
    case 'test':
      return catalogue.tests.get(place.word) ?? null;
    case 'expression':
      return catalogue.globals.get(place.word) ?? null;
    case 'member': {
      if (place.object === catalogue.loopName) return catalogue.loop.get(place.word) ?? null;
      const find = (name: string) => localsAt(statements).get(name);
      const path = isPath(place.object) ? resolvePath(place.object, find) : null;
      return methodsOf(place.object, path, knowledge).find(({ name }) => name === place.word) ?? null;
    }
    default:
      return null;
  }
}

/** The innermost bracket that is still open and belongs to a call. */
function openCall(code: string): Call | null {
  const open: number[] = [];
  forEachPlain(code, (character, at) => {
    if ('([{'.includes(character)) open.push(at);
    else if (')]}'.includes(character)) open.pop();
  });
  const at = open.at(-1);
  if (at === undefined || code[at] !== '(' || !/\w\s*$/.test(code.slice(0, at))) return null;
  return { callee: code.slice(0, at).trimEnd(), args: splitArguments(code.slice(at + 1)) };
}

/** A filter of Liquid, whose arguments follow a colon. */
function liquidCall(code: string): Call | null {
  const filter = /^(.*\|\s*\w+)\s*:([^|]*)$/s.exec(code);
  return filter === null ? null : { callee: filter[1] ?? '', args: splitArguments(filter[2] ?? '') };
}

function splitArguments(code: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  forEachPlain(code, (character, at) => {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(code.slice(from, at));
      from = at + 1;
    }
  });
  return [...parts, code.slice(from)];
}

/** Every character that stands in no quotes. */
function forEachPlain(code: string, visit: (character: string, at: number) => void): void {
  let quote = '';
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (quote === '' && character !== '"' && character !== "'") visit(character, at);
    else if (quote === '') quote = character;
    else if (character === '\\') at += 1;
    else if (character === quote) quote = '';
  }
}
