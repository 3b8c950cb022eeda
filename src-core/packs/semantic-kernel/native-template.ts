import type { Program, Statement } from '../handlebars/parse-handlebars.ts';
import type { Losses } from '../losses.ts';
import { content, variable } from './message-tags.ts';

/**
 * A template of Semantic Kernel's own syntax: `{{$x}}`, `{{"text"}}` and calls of functions, which run code and are named in
 * brackets. Names ignore case: `spelling` gives the one way in which a name is written. What is none of these is text.
 */
export function parseNativeTemplate(template: string, losses: Losses, spelling: (name: string) => string): Program {
  const body: Statement[] = [];
  let end = 0;
  for (const { start, stop, code } of blocksOf(template)) {
    const statement = statementOf(code, losses, spelling);
    if (statement === null) continue;
    if (start > end) body.push(content(template.slice(end, start)));
    body.push(statement);
    end = stop;
  }
  if (end < template.length) body.push(content(template.slice(end)));
  return { type: 'Program', body };
}

interface CodeBlock {
  readonly start: number;
  readonly stop: number;
  readonly code: string;
}

/** Stretches in double braces: the innermost opening counts, and braces within quotes do not close. */
function* blocksOf(template: string): Generator<CodeBlock> {
  let start = -1;
  let quote = '';
  for (let at = 0; at < template.length; at += 1) {
    const character = template[at]!;
    if (start >= 0 && quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (template.startsWith('{{', at)) {
      start = at;
    } else if (start >= 0 && (character === '"' || character === "'")) {
      quote = character;
    } else if (start >= 0 && template.startsWith('}}', at)) {
      yield { start, stop: at + 2, code: template.slice(start + 2, at).trim() };
      at += 1;
      start = -1;
    }
  }
}

function statementOf(code: string, losses: Losses, spelling: (name: string) => string): Statement | null {
  const name = /^\$([A-Za-z0-9_]+)$/.exec(code)?.[1];
  if (name !== undefined) return variable(spelling(name));
  const literal = /^(["'])((?:\\.|(?!\1).)*)\1$/s.exec(code);
  if (literal !== null) return content(literal[2]!.replace(/\\(["'\\])/g, '$1'));
  const called = /^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)?(?=\s|$)/.exec(code)?.[0];
  if (called === undefined) return null;
  losses.add('approximated', 'function-call', called, 'It runs code of a program; its name stands in its place.');
  return content(`[${called}]`);
}
