import { parse } from '@handlebars/parser';
import { refusal } from '../refusal.ts';

/*
 * The parts of Handlebars' tree that a conversion reads; the parser's own types leave the alternatives open. Lines that a
 * tag takes with it are already gone from the contents around it.
 */

export interface Program {
  readonly type: 'Program';
  readonly body: readonly Statement[];
  readonly blockParams?: readonly string[];
}

interface Place {
  readonly loc: { readonly start: { readonly line: number } };
}

export interface Call {
  readonly path: Expression;
  readonly params: readonly Expression[];
  readonly hash?: Hash;
}

export interface Hash {
  readonly pairs: readonly { readonly key: string; readonly value: Expression }[];
}

export type Content = Place & { readonly type: 'ContentStatement'; readonly value: string };
export type Mustache = Place & Call & { readonly type: 'MustacheStatement' };
export type Block = Place &
  Call & { readonly type: 'BlockStatement'; readonly program?: Program; readonly inverse?: Program };
export type Partial = Place & {
  readonly type: 'PartialStatement' | 'PartialBlockStatement';
  readonly name: Expression;
  readonly params: readonly Expression[];
  readonly hash?: Hash;
  readonly indent?: string;
  readonly program?: Program;
};
export type Statement =
  | Content
  | Mustache
  | Block
  | Partial
  | (Place & { readonly type: 'CommentStatement'; readonly value: string })
  | (Place & { readonly type: 'Decorator' | 'DecoratorBlock' });

export interface Path {
  readonly type: 'PathExpression';
  /** Begins with `@`. */
  readonly data: boolean;
  /** How many `../` it begins with. */
  readonly depth: number;
  readonly parts: readonly unknown[];
  readonly original: string;
}
export type Expression =
  | Path
  | (Call & { readonly type: 'SubExpression' })
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'NumberLiteral'; readonly value: number }
  | { readonly type: 'BooleanLiteral'; readonly value: boolean }
  | { readonly type: 'NullLiteral' | 'UndefinedLiteral' };

/** Characters of one template, as many as our own may have. */
const longest = 256 * 1024;
/** Blocks, or brackets, inside each other. The parser takes minutes for thousands. */
const deepest = 50;
/** `{{else if}}` of one block; each nests in the one before. */
const mostElses = 200;

/** Parses the Handlebars template of a file, which begins on a line of it. Throws a `refusal` with the line. */
export function parseHandlebars(template: string, path: string, firstLine = 1): Program {
  const fault = tooMuch(template);
  if (fault !== null) throw refusal(`The template of ${path} ${fault}`, { reason: 'handlebars', line: firstLine });
  try {
    return parse(template) as unknown as Program;
  } catch (error) {
    const { message, lineNumber } = error as Error & { readonly lineNumber?: number };
    const found = lineNumber ?? Number(/on line (\d+)/.exec(message)?.[1] ?? 1);
    const line = firstLine + found - 1;
    throw refusal(`The template of ${path} is no Handlebars, line ${line}: ${reasonOf(message)}`, {
      reason: 'handlebars',
      line,
    });
  }
}

function tooMuch(template: string): string | null {
  if (template.length > longest) return `has more than ${longest} characters.`;
  let brackets = 0;
  let isTag = false;
  const elses: number[] = [];
  for (const [token] of template.matchAll(/\{\{~?\s*(?:#|\/|\^(?!\s*~?\}\})|else\b)?|\}\}|[()]/g)) {
    const last = token.trim().at(-1);
    if (last === '(') brackets += isTag ? 1 : 0;
    else if (last === ')') brackets -= isTag ? 1 : 0;
    else {
      isTag = last !== '}';
      brackets = 0;
    }
    if (last === 'e') elses[elses.length - 1] = (elses.at(-1) ?? 0) + 1;
    else if (last === '/') elses.pop();
    else if (last === '#' || last === '^') elses.push(0);
    if (elses.length > deepest) return `nests more than ${deepest} blocks.`;
    if ((elses.at(-1) ?? 0) > mostElses) return `has more than ${mostElses} "else" in one block.`;
    if (brackets > deepest) return `nests more than ${deepest} brackets.`;
  }
  return null;
}

/** The parser lists every token that it expected, which helps nobody. */
function reasonOf(message: string): string {
  const mismatch = /^(\S+) doesn't match (\S+)/.exec(message);
  if (mismatch !== null) return `{{/${mismatch[2]}}} stands where {{/${mismatch[1]}}} was expected.`;
  if (/got 'EOF'/.test(message)) return 'a block is never closed.';
  const got = /got '(\w+)'/.exec(message)?.[1];
  return got === undefined ? 'it cannot be read.' : `a tag is not complete (${got.toLowerCase()}).`;
}

/** The name of a helper, or of a value that is asked for by one word. */
export function calledName(path: Expression): string | null {
  return path.type === 'PathExpression' && !path.data && path.depth === 0 ? path.original : null;
}

/** All statements, those inside blocks too. */
export function* statementsOf(program: Program | undefined): Generator<Statement> {
  for (const statement of program?.body ?? []) {
    yield statement;
    if (statement.type === 'BlockStatement') {
      yield* statementsOf(statement.program);
      yield* statementsOf(statement.inverse);
    }
  }
}
