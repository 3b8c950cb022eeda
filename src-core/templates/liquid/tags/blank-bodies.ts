/// <reference path="../liquidjs.d.ts" />
import { type LiquidNode, TokenKind } from 'liquidjs/dist/liquid.browser.mjs';

/** Tags that show nothing. */
const silent: ReadonlySet<string> = new Set(['assign', 'capture', 'comment', 'doc', '#']);
const blocks: ReadonlySet<string> = new Set(['if', 'unless', 'for', 'case']);

/**
 * Removes the blanks of a block that holds only blanks and silent tags, as Shopify's Liquid does, so that a loop that
 * only assigns leaves no empty lines. `blank` collects such blocks for the blocks around them.
 */
export function trimBlankBlock(node: LiquidNode, blank: WeakSet<LiquidNode>): void {
  if (node.name === undefined || !blocks.has(node.name)) return;
  const bodies = bodiesOf(node);
  if (!bodies.every((body) => body.every((child) => isBlank(child, blank)))) return;
  blank.add(node);
  for (const body of bodies)
    body.splice(0, body.length, ...body.filter((child) => child.token.kind !== TokenKind.HTML));
}

function isBlank(node: LiquidNode, blank: WeakSet<LiquidNode>): boolean {
  if (node.token.kind === TokenKind.HTML) return (node.str ?? '').trim() === '';
  return node.name !== undefined && (silent.has(node.name) || blank.has(node));
}

function bodiesOf({ branches = [], templates = [], elseTemplates = [] }: LiquidNode): readonly LiquidNode[][] {
  return [...branches.map((branch) => branch.templates), templates, elseTemplates];
}
