import { joinPieces, type Piece } from '../text/escape-text.ts';
import { jinjaString } from '../text/jinja-source.ts';
import type { AttributePiece, ForNode, IfNode, PromptlNode, TagNode } from './parse-promptl.ts';
import { type Names, nameOf, printExpression, printValue, sharedName } from './print-expression.ts';

/** A statement that sets names for all that follows in the document. */
export interface Definition {
  readonly names: readonly string[];
  readonly source: string;
}

export interface TextContext {
  readonly names: Names;
  /** Names of included prompts, by paths; null for those that are not there. */
  readonly includes: ReadonlyMap<string, { readonly name: string; readonly isThere: boolean }>;
  /** Grows with what the document sets, in order. */
  readonly definitions: Definition[];
}

/** Nodes inside of a message as pieces of a Jinja template. */
export function convertNodes(nodes: readonly PromptlNode[], context: TextContext): readonly Piece[] {
  return nodes.flatMap((node) => convertNode(node, context));
}

function convertNode(node: PromptlNode, context: TextContext): readonly Piece[] {
  switch (node.kind) {
    case 'text':
      return [{ text: node.text }];
    case 'expression': {
      const printed = printExpression(node.source, context.names);
      if ('value' in printed)
        return [{ jinja: printed.isBoolean === true ? `{{ (${printed.value}) | lower }}` : `{{ ${printed.value} }}` }];
      context.definitions.push({ names: printed.names, source: printed.statement });
      return [{ jinja: printed.statement }];
    }
    case 'if':
      return convertIf(node, context);
    case 'for':
      return convertFor(node, context);
    case 'tag':
      return node.name === 'prompt' ? [{ jinja: includeTag(node, context) }] : convertNodes(node.children, context);
  }
}

function convertIf({ branches, otherwise }: IfNode, context: TextContext): readonly Piece[] {
  const before = context.definitions.length;
  const pieces: Piece[] = [];
  for (const [index, { test, body }] of branches.entries())
    pieces.push(
      { jinja: `{% ${index === 0 ? 'if' : 'elif'} ${printValue(test, context.names)} %}` },
      ...convertNodes(body, context),
    );
  if (otherwise !== null) pieces.push({ jinja: '{% else %}' }, ...convertNodes(otherwise, context));
  pieces.push({ jinja: '{% endif %}' });
  gather(pieces, before, context);
  return pieces;
}

function convertFor({ item, index, over, body, otherwise }: ForNode, context: TextContext): readonly Piece[] {
  const before = context.definitions.length;
  const counter = index === null ? '' : `{% set ${nameOf(index, context.names)} = loop.index0 %}`;
  const pieces: Piece[] = [
    { jinja: `{% for ${nameOf(item, context.names)} in ${printValue(over, context.names)} %}${counter}` },
    ...convertNodes(body, context),
  ];
  if (otherwise !== null) pieces.push({ jinja: '{% else %}' }, ...convertNodes(otherwise, context));
  pieces.push({ jinja: '{% endfor %}' });
  gather(pieces, before, context);
  return pieces;
}

/** What a block sets, it sets under its condition: the definition is the block without what it prints. */
function gather(pieces: readonly Piece[], before: number, { definitions }: TextContext): void {
  const inner = definitions.splice(before);
  if (inner.length === 0) return;
  const source = pieces.map((piece) => ('jinja' in piece && piece.jinja.startsWith('{%') ? piece.jinja : '')).join('');
  definitions.push({ names: inner.flatMap(({ names }) => names), source });
}

/** The Jinja of pieces, behind those definitions of before that it uses, without the indentation that all lines have. */
export function finishText(pieces: readonly Piece[], before: readonly Definition[], { shared }: Names): string {
  const text = withoutIndent(joinPieces(pieces));
  const all =
    shared.size === 0 ? before : [{ names: [sharedName], source: `{% set ${sharedName} = namespace() %}` }, ...before];
  const uses = (source: string) =>
    all.some(({ names }) =>
      names.some((name) => new RegExp(`(?<![\\p{XID_Continue}.])${name}(?!\\p{XID_Continue})`, 'u').test(source)),
    );
  return uses(text) ? all.map(({ source }) => source).join('') + text : text;
}

function withoutIndent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length);
  const indent = indents.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  return lines
    .map((line) => line.slice(Number.isFinite(indent) ? indent : 0))
    .join('\n')
    .trim();
}

/** The path of a `<prompt>` tag; null where it is computed or missing. */
export function pathOfInclude({ attributes }: TagNode): string | null {
  const [path, ...others] = attributes.get('path') ?? [];
  return path !== undefined && 'text' in path && others.length === 0 ? path.text : null;
}

function includeTag(node: TagNode, { names, includes }: TextContext): string {
  const path = pathOfInclude(node);
  const found = path === null ? undefined : includes.get(path);
  if (found === undefined) {
    names.losses.add(
      'unresolved',
      'include',
      path ?? '',
      'The path of the prompt is computed, so nothing can be included.',
    );
    return '';
  }
  const bindings = [...node.attributes].flatMap(([key, value]) =>
    key === 'path' ? [] : [`${names.inputs.legal(key)} = ${attributeValue(value, names)}`],
  );
  const include = `{% include ${jinjaString(found.name)}${found.isThere ? '' : ' ignore missing'} %}`;
  return bindings.length === 0 ? include : `{% with ${bindings.join(', ')} %}${include}{% endwith %}`;
}

/** Texts and expressions joined; without any, true. */
export function attributeValue(pieces: readonly AttributePiece[], names: Names): string {
  if (pieces.length === 0) return 'true';
  const [only, ...others] = pieces.map((piece) =>
    'text' in piece ? jinjaString(piece.text) : printValue(piece.expression, names),
  );
  return others.length === 0 ? only! : [only, ...others].map((each) => `(${each})`).join(' ~ ');
}

/** The same as a template. */
export function attributeText(pieces: readonly AttributePiece[], names: Names): string {
  return joinPieces(
    pieces.map((piece) =>
      'text' in piece ? { text: piece.text } : { jinja: `{{ ${printValue(piece.expression, names)} }}` },
    ),
  );
}
