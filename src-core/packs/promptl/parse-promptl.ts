import type { ImportProblem } from '../imported.ts';
import { refusal } from '../refusal.ts';

/** A piece of a PromptL document. Expressions are kept as they are written. */
export type PromptlNode =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'expression'; readonly source: string }
  | IfNode
  | ForNode
  | TagNode;

export interface IfNode {
  readonly kind: 'if';
  readonly branches: { readonly test: string; readonly body: PromptlNode[] }[];
  otherwise: PromptlNode[] | null;
}

export interface ForNode {
  readonly kind: 'for';
  readonly item: string;
  readonly index: string | null;
  readonly over: string;
  readonly body: PromptlNode[];
  otherwise: PromptlNode[] | null;
}

export interface TagNode {
  readonly kind: 'tag';
  readonly name: string;
  /** Texts and expressions of each; empty for one without a value. */
  readonly attributes: ReadonlyMap<string, readonly AttributePiece[]>;
  readonly children: PromptlNode[];
}

export type AttributePiece = { readonly text: string } | { readonly expression: string };

export interface ParsedPromptl {
  readonly nodes: readonly PromptlNode[];
  readonly problems: readonly ImportProblem[];
}

const tagNames = new Set([
  ...['message', 'system', 'user', 'assistant', 'tool', 'developer', 'content', 'content-text', 'content-image'],
  ...['content-file', 'content-tool-call', 'tool-call', 'prompt', 'scope', 'step'],
]);
const deepest = 60;
const mostProblems = 100;
/** What looks like a tag or an expression and is none is looked at so often; what follows is text. */
const mostFailures = 500;
const mostAttributes = 50;

interface Open {
  readonly node: IfNode | ForNode | TagNode;
  readonly start: number;
  /** What is added to. */
  body: PromptlNode[];
}

/** Parses PromptL leniently: what closes nothing, or is never closed, is a problem and no failure. */
export function parsePromptl(source: string, firstLine = 1): ParsedPromptl {
  const root: PromptlNode[] = [];
  const stack: Open[] = [];
  const problems: ImportProblem[] = [];
  let at = 0;
  let text = '';
  let failures = 0;
  const body = () => stack.at(-1)?.body ?? root;
  const lineAt = (offset: number) => firstLine + source.slice(0, offset).split('\n').length - 1;
  const problem = (message: string, offset: number) => {
    if (problems.length < mostProblems) problems.push({ message, line: lineAt(offset) });
  };
  const flush = () => {
    if (text !== '') body().push({ kind: 'text', text });
    text = '';
  };
  const open = (node: Open['node'], start: number, inner: PromptlNode[]) => {
    if (stack.length >= deepest) throw refusal(`It nests more than ${deepest} levels deep.`, { reason: 'too-deep' });
    body().push(node);
    stack.push({ node, start, body: inner });
  };

  while (at < source.length) {
    const character = source[at]!;
    if (character === '\\' && at + 1 < source.length) {
      text += source[at + 1];
      at += 2;
      continue;
    }
    const comment = source.startsWith('/*', at) ? '*/' : source.startsWith('<!--', at) ? '-->' : null;
    if (comment !== null) {
      const end = source.indexOf(comment, at + 2);
      if (end === -1) {
        problem('A comment is never closed.', at);
        text += source.slice(at);
        break;
      }
      at = end + comment.length;
      continue;
    }
    if (failures < mostFailures && source.startsWith('{{', at)) {
      const end = expressionEnd(source, at + 2);
      if (end !== -1) {
        flush();
        statement(source.slice(at + 2, end).trim(), at, end + 2);
        at = end + 2;
        continue;
      }
      failures += 1;
      problem('An expression is never closed.', at);
    }
    const tag = character === '<' && failures < mostFailures ? readTag(source, at) : null;
    if (tag === null && character === '<' && opensTag(source, at)) failures += 1;
    if (tag !== null) {
      flush();
      if (tag.isClosing) closeTag(tag.name, at);
      else {
        const node: TagNode = { kind: 'tag', name: tag.name, attributes: tag.attributes, children: [] };
        if (tag.isEmpty) body().push(node);
        else open(node, at, node.children);
      }
      at = tag.end;
      continue;
    }
    text += character;
    at += 1;
  }
  flush();
  for (const { node, start } of stack)
    problem(`"${node.kind === 'tag' ? `<${node.name}>` : node.kind}" is never closed.`, start);
  return { nodes: root, problems };

  function statement(inner: string, start: number, end: number): void {
    const [, condition] = /^if\s+([\s\S]+)$/.exec(inner) ?? [];
    if (condition !== undefined) {
      const branch = { test: condition, body: [] as PromptlNode[] };
      open({ kind: 'if', branches: [branch], otherwise: null }, start, branch.body);
      return;
    }
    const [, item, index, over] =
      /^for\s+([\p{XID_Start}_$][\p{XID_Continue}$]*)\s*(?:,\s*([\p{XID_Start}_$][\p{XID_Continue}$]*)\s*)?\s+in\s+([\s\S]+)$/u.exec(
        inner,
      ) ?? [];
    if (item !== undefined && over !== undefined) {
      const node: ForNode = { kind: 'for', item, index: index ?? null, over, body: [], otherwise: null };
      open(node, start, node.body);
      return;
    }
    if (/^else\b/.test(inner)) orElse(inner, start);
    else if (inner === 'endif' || inner === 'endfor') closeBlock(inner === 'endif' ? 'if' : 'for', start, end);
    else body().push({ kind: 'expression', source: inner });
  }

  function orElse(inner: string, start: number): void {
    const current = stack.at(-1);
    const [, test] = /^else\s+if\s+([\s\S]+)$/.exec(inner) ?? [];
    if (current === undefined || current.node.kind === 'tag' || (test !== undefined && current.node.kind !== 'if')) {
      problem('An "else" stands in no condition and no loop.', start);
      return;
    }
    if (test !== undefined && current.node.kind === 'if') {
      const branch = { test, body: [] as PromptlNode[] };
      current.node.branches.push(branch);
      current.body = branch.body;
      return;
    }
    current.node.otherwise = [];
    current.body = current.node.otherwise;
  }

  function closeBlock(kind: 'if' | 'for', start: number, end: number): void {
    const current = stack.at(-1);
    if (current === undefined || current.node.kind !== kind) {
      problem(`An "end${kind}" closes nothing.`, start);
      return;
    }
    stack.pop();
    const { node } = current;
    const bodies: PromptlNode[][] = 'branches' in node ? node.branches.map((branch) => branch.body) : [];
    if ('over' in node) bodies.push(node.body);
    // As PromptL does: a block beside blanks loses those inside of it.
    const trimsStart = /^\s?$/.test(source[current.start - 1] ?? '');
    const trimsEnd = /^\s?$/.test(source[end] ?? '');
    for (const each of 'otherwise' in node && node.otherwise !== null ? [...bodies, node.otherwise] : bodies)
      trimBody(each, trimsStart, trimsEnd);
  }

  function closeTag(name: string, start: number): void {
    const index = stack.findLastIndex(({ node }) => node.kind === 'tag' && node.name === name);
    if (index === -1) {
      problem(`"</${name}>" closes nothing.`, start);
      return;
    }
    for (const { node, start: opened } of stack.splice(index).slice(1))
      problem(`"${node.kind === 'tag' ? `<${node.name}>` : node.kind}" is never closed.`, opened);
  }
}

function trimBody(body: PromptlNode[], start: boolean, end: boolean): void {
  const first = body[0];
  if (start && first?.kind === 'text') {
    first.text = first.text.trimStart();
    if (first.text === '') body.shift();
  }
  const last = body.at(-1);
  if (end && last?.kind === 'text') {
    last.text = last.text.trimEnd();
    if (last.text === '') body.pop();
  }
}

/** Longest expression that is looked at. */
const longestExpression = 20_000;

/** Offset of the `}}` that closes an expression, -1 when none does; braces and texts inside are passed over. */
export function expressionEnd(source: string, from: number): number {
  let braces = 0;
  const last = Math.min(source.length, from + longestExpression);
  for (let at = from; at < last; at += 1) {
    const character = source[at]!;
    if (braces === 0 && source.startsWith('}}', at)) return at;
    if (character === '{') braces += 1;
    else if (character === '}') braces -= 1;
    else if (character === '"' || character === "'" || character === '`') {
      const end = quoteEnd(source, at, last);
      if (end !== -1) at = end;
    }
  }
  return -1;
}

function quoteEnd(source: string, open: number, last: number): number {
  for (let at = open + 1; at < last; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === source[open]) return at;
    else if (source[at] === '\n' && source[open] !== '`') return -1;
  }
  return -1;
}

interface ReadTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, readonly AttributePiece[]>;
  readonly isClosing: boolean;
  readonly isEmpty: boolean;
  readonly end: number;
}

/** Whether a tag that is known seems to begin here. */
function opensTag(source: string, start: number): boolean {
  const [, name = ''] = /^<\/?([a-z][a-z-]*)(?=[\s/>])/.exec(source.slice(start, start + 40)) ?? [];
  return tagNames.has(name);
}

/** A tag that PromptL knows; null for any other, which is text. */
function readTag(source: string, start: number): ReadTag | null {
  const [opener, slash = '', name = ''] = /^<(\/?)([a-z][a-z-]*)(?=[\s/>])/.exec(source.slice(start, start + 40)) ?? [];
  if (opener === undefined || !tagNames.has(name)) return null;
  const attributes = new Map<string, readonly AttributePiece[]>();
  let at = start + opener.length;
  for (let count = 0; ; count += 1) {
    while (/\s/.test(source[at] ?? '')) at += 1;
    if (source.startsWith('/>', at)) return { name, attributes, isClosing: false, isEmpty: true, end: at + 2 };
    if (source[at] === '>') return { name, attributes, isClosing: slash !== '', isEmpty: false, end: at + 1 };
    const key = /^[^\s=/>"'{}]+/.exec(source.slice(at, at + 200))?.[0];
    if (key === undefined || count >= mostAttributes) return null;
    at += key.length;
    while (/\s/.test(source[at] ?? '')) at += 1;
    if (source[at] !== '=') {
      attributes.set(key, []);
      continue;
    }
    at += 1;
    while (/\s/.test(source[at] ?? '')) at += 1;
    const value = readValue(source, at);
    if (value === null) return null;
    attributes.set(key, value.pieces);
    at = value.end;
  }
}

function readValue(
  source: string,
  start: number,
): { readonly pieces: readonly AttributePiece[]; readonly end: number } | null {
  const quote = source[start] === '"' || source[start] === "'" ? source[start] : null;
  const pieces: AttributePiece[] = [];
  let text = '';
  let at = quote === null ? start : start + 1;
  const last = Math.min(source.length, start + longestExpression);
  while (at < last) {
    const isEnd = quote === null ? /[\s"'=<>`]/.test(source[at]!) || source.startsWith('/>', at) : source[at] === quote;
    if (isEnd) {
      if (text !== '') pieces.push({ text });
      return { pieces, end: quote === null ? at : at + 1 };
    }
    const end = source.startsWith('{{', at) ? expressionEnd(source, at + 2) : -1;
    if (end === -1) {
      text += source[at];
      at += 1;
      continue;
    }
    if (text !== '') pieces.push({ text });
    text = '';
    pieces.push({ expression: source.slice(at + 2, end).trim() });
    at = end + 2;
  }
  return null;
}
