/// <reference path="../liquidjs.d.ts" />
import {
  type FilteredValueToken,
  type LayoutTag,
  type LiquidNode,
  type PropertyAccessToken,
  type RangeToken,
  type RenderTag,
  type TemplateName,
  type Token,
  TokenKind,
  toValueSync,
  type Value,
  type ValueToken,
} from 'liquidjs/dist/liquid.browser.mjs';
import { canonicalInputName } from '../../../contract/input-name.ts';
import type { InputAnalysis, InputUse } from '../../free-inputs.ts';
import type { Span } from '../../syntax/nodes.ts';
import { createNames, type Names, type Reference, snapshotOf } from '../../syntax/references.ts';
import { defaultNameOf } from './partial-tags.ts';

/** Which inputs a Liquid template reads. */
export interface LiquidAnalysis extends InputAnalysis {
  /** Where the inputs are read by their own names, and not through a loop variable or `assign`. */
  readonly direct: readonly InputUse[];
}

interface Walk {
  readonly uses: InputUse[];
  readonly direct: InputUse[];
  readonly maybe: Set<string>;
  readonly named: Reference[];
  computed: boolean;
  /** Of blocks around, the innermost last. */
  readonly blocks: Names[];
  /** What `assign`, `capture` and the like set: from there on it holds everywhere. */
  readonly locals: Names;
  /** The names that were set, in order. */
  readonly assigned: string[];
}

/** The input that each output shows, by its token. */
const shownInputs = new WeakMap<object, string>();

/** The input that an output of a template that was analyzed shows; null for anything else. */
export function inputShownBy(token: object): string | null {
  return shownInputs.get(token) ?? null;
}

const analyses = new WeakMap<readonly LiquidNode[], LiquidAnalysis>();

/** What a parsed template reads and names; computed on first use, because rendering alone does not need it. */
export function analysisOfNodes(nodes: readonly LiquidNode[]): LiquidAnalysis {
  const analysis = analyses.get(nodes) ?? analyzeNodes(nodes);
  analyses.set(nodes, analysis);
  return analysis;
}

/** Follows names from inputs through loops and `assign`; a later `assign` does not affect what is before it. */
function analyzeNodes(nodes: readonly LiquidNode[]): LiquidAnalysis {
  const walk: Walk = {
    uses: [],
    direct: [],
    maybe: new Set(),
    named: [],
    computed: false,
    blocks: [],
    locals: createNames(),
    assigned: [],
  };
  walkNodes(walk, nodes);
  const { uses, direct, maybe, named, computed } = walk;
  return { uses, direct, maybe, references: { named, computed }, pathOf: inputShownBy };
}

function walkNodes(walk: Walk, nodes: readonly LiquidNode[]): void {
  for (const node of nodes) walkNode(walk, node);
}

function walkNode(walk: Walk, node: LiquidNode): void {
  for (const argument of node.arguments?.() ?? []) walkArgument(walk, argument);
  const path = node.value === undefined ? null : pathOfValue(walk, node.value);
  if (path !== null && node.name !== 'assign') shownInputs.set(node.token, path.shown);
  if (isNamed(node, 'include', 'render', 'layout')) noteReference(walk, node as RenderTag | LayoutTag);
  const children = node.children === undefined ? [] : toValueSync(node.children(false, true));
  if (children.length > 0) walkBlock(walk, node, children);
  const meaning = node.name === 'assign' ? (path?.itself ?? null) : null;
  for (const { content } of node.localScope?.() ?? []) {
    if (walk.blocks.length > 0 && meaningOf(walk, String(content)) === undefined) walk.maybe.add(String(content));
    walk.locals.bind(String(content), meaning);
    walk.assigned.push(String(content));
  }
}

/** A name that is assigned in some branches or iterations only may or may not be the input afterwards. */
function walkBlock(walk: Walk, node: LiquidNode, children: readonly LiquidNode[]): void {
  const before = walk.assigned.length;
  const names = createNames(node.blockScope?.());
  if ('collection' in node && 'variable' in node) {
    const path = pathOfToken(walk, node.collection as ValueToken);
    names.bind(String(node.variable), path === null ? null : `${path}[]`);
  }
  walk.blocks.push(names);
  walkNodes(walk, children);
  walk.blocks.pop();
  if (isNamed(node, 'liquid', 'layout')) return;
  for (const name of new Set(walk.assigned.splice(before))) {
    walk.locals.bind(name, null);
    walk.assigned.push(name);
  }
}

function isNamed(node: LiquidNode, ...names: readonly string[]): boolean {
  return node.name !== undefined && names.includes(node.name);
}

function noteReference(walk: Walk, node: RenderTag | LayoutTag): void {
  const { file, token } = node;
  if (typeof file !== 'string') {
    walk.computed ||= file !== undefined;
    if (isNodes(file)) walkNodes(walk, file);
    return;
  }
  const isolated = node.name === 'render';
  const own = createNames();
  for (const [name, value] of Object.entries('hash' in node ? node.hash.hash : node.args.hash)) {
    own.bind(name, value === undefined ? null : pathOfToken(walk, value));
  }
  if ('hash' in node) bindValue(walk, node, file, own);
  const bound = snapshotOf(isolated ? [own] : [walk.locals, ...walk.blocks, own]);
  walk.named.push({ name: file, ...quotedSpan(token, file), seesInputs: !isolated, bound });
}

function bindValue(walk: Walk, { with: single, forBinding: each }: RenderTag, file: string, own: Names): void {
  const binding = single ?? each;
  if (binding === undefined) return;
  const path = pathOfToken(walk, binding.value);
  own.bind(binding.alias ?? defaultNameOf(file), path === null || single !== undefined ? path : `${path}[]`);
}

function isNodes(file: TemplateName): file is readonly LiquidNode[] {
  return Array.isArray(file);
}

/** Where the quoted name stands in its tag. */
function quotedSpan({ input, begin, end }: Token, name: string): Span {
  const text = input.slice(begin, end);
  const at = ['"', "'"].map((quote) => text.indexOf(quote + name + quote)).filter((found) => found !== -1);
  const start = begin + Math.max(0, Math.min(...at, text.length));
  return { start, end: start + name.length + 2 };
}

function walkArgument(walk: Walk, argument: Value | ValueToken | undefined): void {
  if (argument === undefined) return;
  if (isToken(argument)) walkToken(walk, argument);
  else walkExpression(walk, argument);
}

function isToken(argument: Value | ValueToken): argument is ValueToken {
  return 'kind' in argument;
}

function walkExpression(walk: Walk, { initial, filters }: Pick<Value, 'initial' | 'filters'>): void {
  for (const token of initial.postfix) walkToken(walk, token);
  for (const { args } of filters) {
    for (const argument of args) walkToken(walk, 'kind' in argument ? argument : argument[1]);
  }
}

function walkToken(walk: Walk, token: ValueToken | undefined): void {
  if (token === undefined) return;
  if (token.kind === TokenKind.Range) {
    const { lhs, rhs } = token as RangeToken;
    walkToken(walk, lhs);
    walkToken(walk, rhs);
  } else if (token.kind === TokenKind.FilteredValue) {
    walkExpression(walk, token as FilteredValueToken);
  } else if (token.kind === TokenKind.PropertyAccess) {
    const { variable, props } = token as PropertyAccessToken;
    const path = pathOfToken(walk, token);
    if (path !== null) {
      const use = { path, span: { start: token.begin, end: token.end } };
      walk.uses.push(use);
      if (meaningOf(walk, String(props[0]?.content)) === undefined) walk.direct.push(use);
    }
    walkToken(walk, variable);
    for (const prop of props) if (prop.kind === TokenKind.PropertyAccess) walkToken(walk, prop);
  }
}

/** Filters that give a list of what they were given. */
const listFilters: ReadonlySet<string> = new Set(
  'where reject sort sort_natural reverse uniq compact concat slice default'.split(' '),
);

/** The input that a value shows, and the one that it equals, which is none when filters change it. */
function pathOfValue(walk: Walk, value: Value): { readonly shown: string; readonly itself: string | null } | null {
  const [only, ...more] = value.initial.postfix;
  const path = only === undefined || more.length > 0 ? null : pathOfToken(walk, only);
  if (path === null) return null;
  let itself: string | null = path;
  for (const { name } of value.filters) {
    if (itself !== null && (name === 'first' || name === 'last')) itself += '[]';
    else if (!listFilters.has(name)) itself = null;
  }
  return { shown: path, itself };
}

/** The path of an input as far as it is plain; null for anything but an input. */
function pathOfToken(walk: Walk, token: ValueToken): string | null {
  if (token.kind !== TokenKind.PropertyAccess) return null;
  const { variable, props } = token as PropertyAccessToken;
  const [root, ...rest] = props;
  if (variable !== undefined || root === undefined || typeof root.content !== 'string') return null;
  const meaning = meaningOf(walk, root.content);
  if (meaning === null) return null;
  let path = meaning ?? canonicalInputName(root.content);
  for (const { content } of rest) {
    if (content === 'size') break;
    if (typeof content === 'number') path += `[${content}]`;
    else if (typeof content !== 'string' || content === 'first' || content === 'last') path += '[]';
    else path += `.${content}`;
  }
  return path;
}

/** What a name stands for; undefined when it is an input of that name. */
function meaningOf(walk: Walk, name: string): string | null | undefined {
  for (let at = walk.blocks.length - 1; at >= 0; at -= 1) {
    const meaning = walk.blocks[at]?.get(name);
    if (meaning !== undefined) return meaning;
  }
  return walk.locals.get(name);
}
