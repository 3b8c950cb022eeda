import type { InputDraft } from '../prompt-draft.ts';
import { endOfBlock, joinPieces, type Piece } from '../text/escape-text.ts';
import { jinjaLiteral } from '../text/jinja-source.ts';
import { blockJinja, type Guard, guardConditions } from './handlebars-blocks.ts';
import { createInputUses, type Use } from './handlebars-inputs.ts';
import {
  type Frame,
  type HandlebarsContext,
  headsOf,
  jinjaOf,
  lookup,
  rootFrame,
  unknownHelper,
  type Walk,
} from './handlebars-scope.ts';
import { printOf, type Value } from './handlebars-values.ts';
import { partialJinja } from './include-partial.ts';
import {
  type Call,
  calledName,
  type Expression,
  type Mustache,
  type Program,
  type Statement,
} from './parse-handlebars.ts';

/** Converts the messages of one prompt, which share their names. */
export interface HandlebarsConverter {
  /** Statements inside the branches of the `if` blocks around them; `isLast` unless more of the same text follows. */
  convert(statements: readonly Statement[], guards?: readonly Guard[], isLast?: boolean): string;
  value(expression: Expression, use: Use): Value;
  /** What the converted statements read, as declarations for those that have none. */
  inputs(): readonly InputDraft[];
  /** Notes that an input is used as a list of messages. */
  input(name: string): string;
}

/** Jinja that prints what Handlebars does, without HTML escapes, helpers of Dotprompt and Semantic Kernel included. */
export function createHandlebarsConverter(program: Program, context: HandlebarsContext): HandlebarsConverter {
  const walk: Walk = { context, uses: createInputUses(), used: headsOf(program) };
  return {
    convert(statements, guards = [], isLast = true) {
      const inner = statementsJinja(walk, statements, rootFrame, isLast && guards.length === 0);
      const conditions = guardConditions(walk, guards);
      return conditions.reduceRight((body, condition) => `{% if ${condition} %}${body}{% endif %}`, inner);
    },
    value: (expression, use) => jinjaOf(walk, expression, rootFrame, use),
    inputs: () => walk.uses.drafts(),
    input: (name) => context.names.legal(name),
  };
}

function statementsJinja(walk: Walk, statements: readonly Statement[], frame: Frame, isLast = false): string {
  const pieces = statements.map((statement) => pieceOf(walk, statement, frame));
  return joinPieces(isLast ? pieces : [...pieces, endOfBlock]);
}

function pieceOf(walk: Walk, statement: Statement, frame: Frame): Piece {
  switch (statement.type) {
    case 'ContentStatement':
      return { text: statement.value };
    case 'MustacheStatement':
      return mustachePiece(walk, statement, frame);
    case 'BlockStatement':
      return blockJinja(walk, statement, frame, (program, inner) => statementsJinja(walk, program?.body ?? [], inner));
    case 'PartialStatement':
    case 'PartialBlockStatement':
      return { jinja: partialJinja(walk, statement, frame) };
    case 'CommentStatement':
      return { text: '' };
    default:
      walk.context.losses.add('dropped', 'decorator', '', 'Inline partials and decorators have no counterpart here.');
      return { text: '' };
  }
}

function mustachePiece(walk: Walk, statement: Mustache, frame: Frame): Piece {
  const { path, params } = statement;
  if (path.type !== 'PathExpression') {
    // A literal by itself names a variable.
    if ('value' in path) return print(jinjaOf(walk, memberPath(String(path.value)), frame, 'printed'));
    return path.type === 'SubExpression' ? print(jinjaOf(walk, path, frame, 'printed')) : { text: '' };
  }
  const name = calledName(path) ?? '';
  const isCall = params.length > 0 || (statement.hash?.pairs.length ?? 0) > 0;
  if (walk.context.dialect === 'dotprompt' && name === 'history' && !isCall && frame.contexts.length === 1)
    return strayMarker(walk, 'history', 'history');
  return isCall ? helperPiece(walk, name, statement, frame) : print(jinjaOf(walk, path, frame, 'printed'));
}

function memberPath(name: string): Expression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: `./${name}` };
}

function print(value: Value): Piece {
  return { jinja: printOf(value) };
}

/** What says who speaks, inside a block of which no message can begin. */
function strayMarker(walk: Walk, what: string, where: string): Piece {
  const why = 'It stands inside a block, where no message can begin; it became a line of text.';
  walk.context.losses.add('approximated', `${what}-in-block`, where, why);
  return { text: what === 'history' ? '' : `${where}: ` };
}

function helperPiece(walk: Walk, name: string, call: Call, frame: Frame): Piece {
  const { losses } = walk.context;
  const [first, second] = call.params;
  switch (name) {
    case 'json': {
      const value = first === undefined ? { source: 'none' } : jinjaOf(walk, first, frame, 'value');
      const indent = hashValue(call, 'indent');
      return { jinja: `{{ ${value.source} | dump${indent?.type === 'NumberLiteral' ? `(${indent.value})` : ''} }}` };
    }
    case 'lookup':
      if (first !== undefined && second !== undefined) return print(lookup(walk, first, second, frame));
      break;
    case 'role':
      return strayMarker(walk, 'role', first?.type === 'StringLiteral' ? first.value : 'role');
    case 'section': {
      const title = first?.type === 'StringLiteral' ? first.value.replace(/[{}#]+/g, ' ') : '';
      losses.add('kept', 'section', title, 'Sections have no counterpart here; a comment marks the place.');
      return { jinja: `{# section ${JSON.stringify(title)} #}` };
    }
    case 'media': {
      const url = hashValue(call, 'url');
      if (url === undefined) return { text: '' };
      const { source } = jinjaOf(walk, url, frame, 'printed');
      losses.add('approximated', 'media', placeOf(url), 'Within a block no part can stand; its address became text.');
      return { jinja: `[image: {{ ${source} }}]` };
    }
    case 'log':
      return { text: '' };
  }
  if (walk.context.dialect === 'semantic-kernel' && /[.-]/.test(name)) {
    losses.add('approximated', 'function-call', name, 'It runs code of a program; its name stands in its place.');
    return { jinja: `[${name}]` };
  }
  unknownHelper(name, losses, 'Its name and its values stand in its place, in brackets.');
  const values = call.params.map((param) => shown(walk, param, frame));
  const named = (call.hash?.pairs ?? []).map(({ key, value }) => `${key}=${shown(walk, value, frame)}`);
  return { jinja: `[${[name, ...values, ...named].join(' ')}]` };
}

function shown(walk: Walk, expression: Expression, frame: Frame): string {
  if (expression.type === 'PathExpression') return printOf(jinjaOf(walk, expression, frame, 'printed'));
  return 'value' in expression
    ? `{{ ${jinjaLiteral(expression.value)} }}`
    : printOf(jinjaOf(walk, expression, frame, 'printed'));
}

export function hashValue({ hash }: Call, key: string): Expression | undefined {
  return hash?.pairs.find((pair) => pair.key === key)?.value;
}

/** How an expression is called in the report. */
export function placeOf(expression: Expression): string {
  if (expression.type === 'PathExpression') return expression.original.replace(/^\.\//, '');
  return 'value' in expression ? String(expression.value) : '';
}
