import { parseExpression } from './parse-expression.ts';
import type { PromptlNode } from './parse-promptl.ts';

export interface Survey {
  /** Names that the document sets: by assignments and by loops. */
  readonly locals: ReadonlySet<string>;
  /** Those that a loop changes and that are set outside of it too. */
  readonly shared: ReadonlySet<string>;
}

/** Which names a document sets, and where. */
export function surveyNames(nodes: readonly PromptlNode[]): Survey {
  const locals = new Set<string>();
  const inLoops = new Set<string>();
  const outside = new Set<string>();
  const visit = (body: readonly PromptlNode[], isInLoop: boolean): void => {
    for (const node of body) {
      switch (node.kind) {
        case 'text':
          break;
        case 'expression': {
          const name = assignedName(node.source);
          if (name === null) break;
          locals.add(name);
          (isInLoop ? inLoops : outside).add(name);
          break;
        }
        case 'if':
          for (const branch of node.branches) visit(branch.body, isInLoop);
          visit(node.otherwise ?? [], isInLoop);
          break;
        case 'for':
          locals.add(node.item);
          if (node.index !== null) locals.add(node.index);
          visit(node.body, true);
          visit(node.otherwise ?? [], isInLoop);
          break;
        case 'tag':
          visit(node.children, isInLoop);
          break;
      }
    }
  };
  visit(nodes, false);
  return { locals, shared: new Set([...inLoops].filter((name) => outside.has(name))) };
}

/** The name that an expression sets; null when it sets none. */
export function assignedName(source: string): string | null {
  if (!/=|\+\+|--/.test(source)) return null;
  const parsed = parseExpression(source);
  return parsed?.kind === 'assign' && parsed.target.kind === 'name' ? parsed.target.name : null;
}
