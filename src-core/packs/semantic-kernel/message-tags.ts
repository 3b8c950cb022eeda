import {
  type Content,
  calledName,
  type Expression,
  type Mustache,
  type Program,
  type Statement,
} from '../handlebars/parse-handlebars.ts';

/*
 * Semantic Kernel sends what a template renders to as XML where it holds `<message role="…">`. Here the tags are looked for in
 * the template, and become the same markers as those of Dotprompt.
 */

const messageOpen = /<message\b[^<>]*?\brole\s*=\s*(["'])/i;

/** Whether a template opens messages. */
export function hasMessages(template: string): boolean {
  return messageOpen.test(template) || /\{\{~?#message\b/.test(template);
}

/** The program with markers in the place of `<message>`, `<text>` and `<image>`; texts lose their entities. */
export function withMarkers(program: Program): Program {
  return { ...program, body: statementsWithMarkers(program.body) };
}

function statementsWithMarkers(body: readonly Statement[]): Statement[] {
  const result: Statement[] = [];
  const waiting = [...body];
  for (let statement = waiting.shift(); statement !== undefined; statement = waiting.shift()) {
    if (statement.type === 'BlockStatement') {
      const { program, inverse } = statement;
      const inner = {
        ...statement,
        ...(program !== undefined && { program: withMarkers(program) }),
        ...(inverse !== undefined && { inverse: withMarkers(inverse) }),
      };
      const role = calledName(statement.path) === 'message' ? roleOfBlock(statement) : undefined;
      if (role === undefined) result.push(inner);
      else result.push(marker(role), ...(inner.program?.body ?? []), marker({ type: 'NullLiteral' }));
      continue;
    }
    if (statement.type !== 'ContentStatement') {
      result.push(withoutHistoryHelper(statement));
      continue;
    }
    const tag = /<\/?(?:message|text|image)\b/i.exec(statement.value);
    if (tag === null) {
      result.push(content(decodeEntities(statement.value)));
      continue;
    }
    const before = statement.value.slice(0, tag.index);
    if (before !== '') result.push(content(decodeEntities(before)));
    const read = readTag(statement.value.slice(tag.index), waiting);
    result.push(...read.statements);
    if (read.rest !== '') waiting.unshift(content(read.rest));
  }
  return result;
}

interface ReadTag {
  readonly statements: readonly Statement[];
  readonly rest: string;
}

/** The tag that a text begins with; what it needs of the statements behind is taken from `waiting`. */
function readTag(text: string, waiting: Statement[]): ReadTag {
  const close = /^<\/(message|text|image)\s*>/i.exec(text);
  if (close !== null) {
    const statements = close[1]!.toLowerCase() === 'message' ? [marker({ type: 'NullLiteral' })] : [];
    return { statements, rest: text.slice(close[0].length) };
  }
  const whole = /^<(message|text|image)\b([^<>]*)>/i.exec(text);
  if (whole !== null) return readWholeTag(whole, text.slice(whole[0].length), waiting);
  const [variable, after] = waiting;
  const computed = /^<message\b[^<>]*?\brole\s*=\s*["']\s*$/i.test(text);
  const rest = after?.type === 'ContentStatement' ? /^\s*["'][^<>]*>/.exec(after.value) : null;
  if (!computed || variable?.type !== 'MustacheStatement' || after?.type !== 'ContentStatement' || rest === null)
    return { statements: [content(text[0]!)], rest: text.slice(1) };
  waiting.splice(0, 2);
  return { statements: [marker(variable.path)], rest: after.value.slice(rest[0].length) };
}

function readWholeTag([, tag = '', attributes = '']: RegExpExecArray, rest: string, waiting: Statement[]): ReadTag {
  if (tag.toLowerCase() === 'message') {
    const role = /\brole\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
    const statements = role === null ? [] : [marker({ type: 'StringLiteral', value: role[1] ?? role[2] ?? '' })];
    return { statements, rest };
  }
  if (tag.toLowerCase() === 'text') return { statements: [], rest };
  const address = /^\s*([^<{]*?)\s*<\/image\s*>/i.exec(rest);
  if (address !== null) {
    const url = decodeEntities(address[1]!);
    return { statements: [media({ type: 'StringLiteral', value: url })], rest: rest.slice(address[0].length) };
  }
  const [variable, after] = waiting;
  const end = after?.type === 'ContentStatement' ? /^\s*<\/image\s*>/i.exec(after.value) : null;
  const isVariable = rest.trim() === '' && variable?.type === 'MustacheStatement' && variable.params.length === 0;
  if (!isVariable || after?.type !== 'ContentStatement' || end === null) return { statements: [], rest };
  waiting.splice(0, 2);
  return { statements: [media(variable.path)], rest: after.value.slice(end[0].length) };
}

function roleOfBlock(block: Extract<Statement, { readonly type: 'BlockStatement' }>): Expression | undefined {
  return block.hash?.pairs.find(({ key }) => key === 'role')?.value;
}

/** A variable may be called `history` here, which is a helper in Dotprompt. */
function withoutHistoryHelper(statement: Statement): Statement {
  if (statement.type !== 'MustacheStatement' || calledName(statement.path) !== 'history') return statement;
  return { ...statement, path: { ...statement.path, original: './history' } as Expression };
}

const loc = { start: { line: 1 } };

export function content(value: string): Content {
  return { type: 'ContentStatement', value, loc };
}

/** A variable as Handlebars would have it. */
export function variable(name: string): Mustache {
  return { type: 'MustacheStatement', path: path(name, `./${name}`), params: [], loc };
}

function path(name: string, original: string): Expression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original };
}

function marker(role: Expression): Mustache {
  return { type: 'MustacheStatement', path: path('role', 'role'), params: [role], loc };
}

function media(url: Expression): Mustache {
  return {
    type: 'MustacheStatement',
    path: path('media', 'media'),
    params: [],
    hash: { pairs: [{ key: 'url', value: url }] },
    loc,
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[(name as string).toLowerCase()]!;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
