import { inputNameProblem } from '../../contract/input-name.ts';
import { type ExpressionToken, joinTokens, tokensOf } from './expression-tokens.ts';
import { splitTags, type TemplatePiece } from './template-tags.ts';

/** What a template of nunjucks reads, as far as it matters for the types of inputs and for the choice of a syntax. */
export interface NunjucksUses {
  /** Paths (`item.tone`) that are printed without a filter. */
  readonly printed: ReadonlySet<string>;
  /** Paths of which only the truth is asked. */
  readonly asked: ReadonlySet<string>;
  /** Names of which JSON is printed. */
  readonly dumped: ReadonlySet<string>;
  /** Names that are compared or counted with. */
  readonly compared: ReadonlySet<string>;
}

export interface ConvertedNunjucks {
  /** The same template in Jinja; null where it would mean something else there. */
  readonly jinja: string | null;
  /** The same template with one blank within its delimiters. */
  readonly nunjucks: string;
  readonly uses: NunjucksUses;
}

/** Filters that do the same in both languages with the arguments that templates give them. */
const sameFilters = new Set([
  ...[
    'dump',
    'upper',
    'lower',
    'trim',
    'length',
    'first',
    'last',
    'join',
    'capitalize',
    'default',
    'safe',
    'abs',
    'string',
  ],
]);
const sameOperators = new Set(['.', '[', ']', '(', ')', '|', ',', '==', '!=', '<', '>', '<=', '>=']);
const words = new Set(['and', 'or', 'not', 'in', 'if', 'else', 'true', 'false', 'none']);
/** Words and operators whose result is printed as `True` in one language and as `true` in the other. */
const truths = new Set(['not', 'in', 'true', 'false', 'none', '==', '!=', '===', '!==', '<', '>', '<=', '>=', '!']);
/** Names that mean something in only one of the languages. */
const foreign = new Set(['null', 'undefined', 'True', 'False', 'None', 'is', 'self', 'super', 'caller']);
const loopMembers = new Set(['index', 'index0', 'first', 'last', 'length', 'revindex', 'revindex0']);

/**
 * Nunjucks as Jinja. What both languages understand alike is converted, with JavaScript's spellings (`===`, `&&`, `.length`,
 * `.includes()`) rewritten; all else is left to `syntax: nunjucks`, which means it exactly.
 */
export function convertNunjucks(template: string): ConvertedNunjucks {
  const uses = {
    printed: new Set<string>(),
    asked: new Set<string>(),
    dumped: new Set<string>(),
    compared: new Set<string>(),
  };
  const pieces = splitTags(template);
  if (pieces === null) return { jinja: null, nunjucks: template, uses };
  const nunjucks = pieces.map(spaced).join('');
  const written = pieces.map((piece) => convertPiece(piece, uses));
  return { jinja: written.includes(null) ? null : written.join(''), nunjucks, uses };
}

function spaced({ kind, source, inner, open, close }: TemplatePiece): string {
  return (kind === 'print' || kind === 'tag') && inner !== '' ? `${open} ${inner} ${close}` : source;
}

type Uses = { readonly [Key in keyof NunjucksUses]: Set<string> };

function convertPiece(piece: TemplatePiece, uses: Uses): string | null {
  switch (piece.kind) {
    case 'text':
    case 'comment':
      return piece.source;
    case 'raw':
      return piece.source.replace(/verbatim(?=\s*[-+]?%\}$)/, 'raw').replace(/^(\{%[-+]?\s*)verbatim/, '$1raw');
    case 'print': {
      const tokens = tokensOf(piece.inner);
      notePrint(tokens, uses);
      const isChoice = tokens?.some(({ text }) => text === 'if') === true;
      const isTruth = !isChoice && tokens?.some(({ kind, text }) => kind !== 'text' && truths.has(text)) === true;
      const expression = isTruth ? null : convertExpression(tokens);
      return expression === null || expression === '' ? null : `${piece.open} ${expression} ${piece.close}`;
    }
    case 'tag': {
      const statement = convertStatement(piece.inner, uses);
      return statement === null ? null : `${piece.open} ${statement} ${piece.close}`;
    }
  }
}

function convertStatement(inner: string, uses: Uses): string | null {
  if (/^(?:else|endif|endfor)$/.test(inner)) return inner;
  const condition = /^(if|elif|elseif)\b\s*([\s\S]+)$/.exec(inner);
  if (condition !== null) {
    const tokens = tokensOf(condition[2]!);
    noteCondition(tokens, uses);
    const expression = convertExpression(tokens);
    return expression === null ? null : `${condition[1] === 'if' ? 'if' : 'elif'} ${expression}`;
  }
  const loop = /^for\s+([\p{L}_]\w*)\s+in\s+([\s\S]+)$/u.exec(inner);
  if (loop === null) return null;
  const list = convertExpression(tokensOf(loop[2]!));
  return list === null || inputNameProblem(loop[1]!, 'jinja') !== null ? null : `for ${loop[1]} in ${list}`;
}

function notePrint(tokens: readonly ExpressionToken[] | null, uses: Uses): void {
  if (tokens === null) return;
  const end = tokens.findIndex(({ kind, text }) => kind === 'operator' && text === '|');
  const filter = end < 0 ? undefined : tokens[end + 1]?.text;
  const path = pathOf(end < 0 ? tokens : tokens.slice(0, end));
  if (path !== null && (filter === undefined || filter === 'string')) uses.printed.add(path);
  if (path !== null && filter === 'dump') uses.dumped.add(tokens[0]!.text);
  if (path === null && tokens.some(({ text }) => text === 'if')) noteCondition(tokens, uses);
}

function noteCondition(tokens: readonly ExpressionToken[] | null, uses: Uses): void {
  if (tokens === null) return;
  const bare = tokens.filter(({ text }) => text !== 'not');
  const path = pathOf(bare);
  if (path !== null) uses.asked.add(path);
  else for (const { kind, text } of bare) if (kind === 'name' && !words.has(text)) uses.compared.add(text);
}

/** A plain path, as `a.b`; null for anything else. */
function pathOf(tokens: readonly ExpressionToken[]): string | null {
  const isPath = tokens.every(({ kind, text }, index) => (index % 2 === 0 ? kind === 'name' : text === '.'));
  return isPath && tokens.length % 2 === 1 ? tokens.map(({ text }) => text).join('') : null;
}

/** Null where Jinja has no expression of the same meaning. */
function convertExpression(tokens: readonly ExpressionToken[] | null): string | null {
  if (tokens === null) return null;
  const rewritten = withMethods(tokens.map(withJinjaOperator));
  if (rewritten === null || !isCommon(rewritten)) return null;
  return joinTokens(rewritten);
}

const operators: Readonly<Record<string, string>> = { '===': '==', '!==': '!=', '&&': 'and', '||': 'or', '!': 'not' };

function withJinjaOperator(token: ExpressionToken): ExpressionToken {
  const text = token.kind === 'operator' ? operators[token.text] : undefined;
  return text === undefined ? token : { kind: /\w/.test(text) ? 'name' : 'operator', text };
}

/** `.length` becomes a filter, `a.includes(b)` becomes `b in a`; null where a receiver is no plain path. */
function withMethods(tokens: readonly ExpressionToken[]): readonly ExpressionToken[] | null {
  const made: ExpressionToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const isMember = tokens[at]!.text === '.' && tokens[at]!.kind === 'operator';
    const name = isMember ? tokens[at + 1]?.text : undefined;
    const next = tokens[at + 2]?.text;
    if (name === 'length' && made.at(-1)?.text !== 'loop' && next !== '.' && next !== '[' && next !== '(') {
      made.push({ kind: 'operator', text: '|' }, { kind: 'name', text: 'length' });
      at += 1;
    } else if (name === 'includes' && next === '(') {
      const argument = tokens[at + 3];
      if (argument === undefined || argument.kind === 'operator' || tokens[at + 4]?.text !== ')') return null;
      let start = made.length;
      while (
        start > 0 &&
        (made[start - 1]!.kind === 'name' ? !words.has(made[start - 1]!.text) : made[start - 1]!.text === '.')
      )
        start -= 1;
      if (start === made.length) return null;
      const receiver = made.splice(start);
      made.push({ kind: 'operator', text: '(' }, argument, { kind: 'name', text: 'in' }, ...receiver, {
        kind: 'operator',
        text: ')',
      });
      at += 4;
    } else made.push(tokens[at]!);
  }
  return made;
}

function isCommon(tokens: readonly ExpressionToken[]): boolean {
  return tokens.every(({ kind, text }, index) => {
    const before = tokens[index - 1];
    if (kind === 'operator') {
      // What is missing on the way is nothing in JavaScript and an error in Python.
      if (text === '[' && tokens[index - 2]?.text === '.') return false;
      const isCall = text === '(' && before !== undefined && before.kind !== 'operator' && !words.has(before.text);
      return sameOperators.has(text) && !(isCall && tokens[index - 2]?.text !== '|');
    }
    if (kind !== 'name') return true;
    if (before?.text === '|') return sameFilters.has(text);
    if (before?.text === '.') return tokens[index - 2]?.text !== 'loop' || loopMembers.has(text);
    return words.has(text) || (!foreign.has(text) && inputNameProblem(text, 'jinja') === null);
  });
}
