import type { PromptContent } from '../../contract/content.ts';
import { canonicalInputName } from '../../contract/input-name.ts';
import { inputsBeside, withInputRenamed, withTemplates } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { AppError } from '../../scope/errors.ts';
import { parseBody, parseTemplate } from '../engine.ts';
import { analyzeLiquid } from '../liquid/liquid.ts';
import { tokensOf } from '../nunjucks/syntax/token-source.ts';
import type { Template } from '../runtime/types.ts';
import { type Token, tokenize } from '../syntax/lexer.ts';
import { findOccurrences } from '../syntax/name-occurrences.ts';
import { originalOffsets } from '../syntax/original-offsets.ts';
import { unfitName } from '../template-input-name.ts';

const plainly = { trimBlocks: false, lstripBlocks: false };

/**
 * A copy of the content with an input under another name: in its declaration, in the samples and wherever a message
 * reads it, but not where a loop, macro, `with`, import or `set` gives the name another meaning. What the messages
 * render stays the same. Included prompts are left alone: they belong to others too. Throws `invalid` when the new name
 * cannot be one or a message cannot be parsed, `conflict` when the name is taken.
 */
export function renameInput(content: PromptContent, from: string, newName: string): PromptContent {
  const to = canonicalInputName(newName);
  if (from === to) return content;
  checkName(content, to);
  return {
    ...renameDeclaration(content, from, to),
    messages: content.messages.map((message, index) =>
      withTemplates(renameBeside(message, index, from, to), (source) =>
        renameInSource(content, source, index, from, to),
      ),
    ),
  };
}

/** A copy of the content with an input declared, and given in the samples, under another name; its messages stay. */
export function renameDeclaration(content: PromptContent, from: string, to: string): PromptContent {
  return {
    ...content,
    inputs: content.inputs.map((input) => (input.name === from ? { ...input, name: to } : input)),
    samples: content.samples.map((sample) => ({ ...sample, inputs: renameKey(sample.inputs, from, to) })),
  };
}

/** A copy of a record with one key, in whichever spelling, under another name, in the same place. */
export function renameKey<Value>(
  record: Readonly<Record<string, Value>>,
  from: string,
  to: string,
): Record<string, Value> {
  const isMeant = (key: string) => key === from || (canonicalInputName(key) === from && !Object.hasOwn(record, from));
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [isMeant(key) ? to : key, value]));
}

function checkName({ inputs, syntax }: PromptContent, to: string): void {
  const problem = unfitName(to, syntax);
  if (problem !== null) throw new AppError('invalid', problem);
  if (inputs.some(({ name }) => name === to)) throw new AppError('conflict', `There is another input "${to}".`);
}

/** Names of placeholders, and of what media read. */
function renameBeside(message: MessageTemplate, index: number, from: string, to: string): MessageTemplate {
  if (inputsBeside(message).includes(to))
    throw new AppError('conflict', `Message ${index + 1} uses the name "${to}" already; choose another one.`);
  return withInputRenamed(message, from, to);
}

function renameInSource(content: PromptContent, source: string, index: number, from: string, to: string): string {
  if (!canonicalInputName(source).includes(from)) return source;
  const text = source.replace(/\r\n?/g, '\n');
  const parsed = parseTemplate(text, { syntax: content.syntax });
  const where = `Message ${index + 1}`;
  if (parsed.template === null) {
    throw new AppError('invalid', `${where} has an error, so where it uses "${from}" is not known; correct it first.`);
  }
  const { syntax } = content;
  const starts = syntax === 'liquid' ? startsInLiquid(parsed.template, from, where) : startsInOwn(text, syntax, from);
  if (starts.length === 0) return source;
  if (usesName(content.syntax, text, to)) {
    throw new AppError('conflict', `${where} uses the name "${to}" already; choose another one.`);
  }
  const original = originalOffsets(source);
  let result = '';
  let at = 0;
  for (const start of starts) {
    result += source.slice(at, original(start)) + to;
    at = original(start + spelledLength(text, start, from));
  }
  return result + source.slice(at);
}

function startsInOwn(text: string, syntax: 'jinja' | 'nunjucks', from: string): readonly number[] {
  const { reads, sets, mixed } = findOccurrences(parseBody(text, syntax), from);
  return [...new Set(mixed ? [...reads, ...sets] : reads)].sort((a, b) => a - b);
}

function startsInLiquid(template: Template, from: string, where: string): readonly number[] {
  const uses = analyzeLiquid(template).direct.filter(({ path }) => /^[^.[]*/.exec(path)?.[0] === from);
  if (uses.length === 0) return [];
  const assignments = template.source.matchAll(/\b(?:assign|capture|increment|decrement)\s+([^\s=%]+)/g);
  if ([...assignments].some(([, name = '']) => canonicalInputName(name) === from)) {
    throw new AppError('conflict', `${where} both reads the input "${from}" and assigns that name; rename it by hand.`);
  }
  const starts = uses.map(({ span }) => span.start);
  if (starts.some((start) => spelledLength(template.source, start, from) === 0)) {
    throw new AppError(
      'invalid',
      `Not every use of "${from}" in ${where.toLowerCase()} could be found; rename it by hand.`,
    );
  }
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** How many characters a name has where it is written, in whichever spelling; 0 where it is not. */
function spelledLength(text: string, start: number, name: string): number {
  if (text.startsWith(name, start)) return name.length;
  const [written = ''] = /^[\p{XID_Continue}\p{M}?-]*/u.exec(text.slice(start, start + 4 * name.length)) ?? [];
  for (let length = written.length; length > 0; length -= 1) {
    if (canonicalInputName(written.slice(0, length)) === name) return length;
  }
  return 0;
}

/** Whether a name stands anywhere in the tags as a name of its own, so that another of that name would be mixed up with it. */
function usesName(syntax: PromptContent['syntax'], text: string, name: string): boolean {
  if (syntax === 'liquid') {
    const tags = text.match(/\{[{%][\s\S]*?[%}]\}/g) ?? [];
    return tags.some((tag) => {
      const names = tag.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/(?<![.\p{XID_Continue}-])[\p{XID_Continue}-]+\??/gu);
      return [...names].some(([written]) => canonicalInputName(written).replace(/-+$/, '') === name);
    });
  }
  const tokens = syntax === 'nunjucks' ? wordsOfNunjucks(text) : tokenize(text, plainly);
  return tokens.some((token, at) => {
    const before = tokens[at - 1]?.text;
    return token.kind === 'name' && token.text === name && before !== '.' && before !== '|';
  });
}

/** The tokens of a nunjucks template that are no text and no blanks. */
function wordsOfNunjucks(text: string): readonly Pick<Token, 'kind' | 'text'>[] {
  return tokensOf(text)
    .filter(({ type }) => type !== 'whitespace')
    .map(({ type, value }) =>
      type === 'symbol'
        ? { kind: 'name', text: canonicalInputName(String(value)) }
        : { kind: 'text', text: String(value) },
    );
}
