import type { Syntax } from '../../contract/content.ts';
import { isPlaceholder, templatesOf } from '../../contract/message-texts.ts';
import type { MessageTemplate, MessageTemplateInput } from '../../contract/messages.ts';
import { parseBody, parseTemplate } from '../../templates/engine.ts';
import type { Body, Expression, Statement } from '../../templates/syntax/nodes.ts';
import { argumentsOf, childrenOf, eachStatement } from '../../templates/syntax/walk.ts';
import { inputsOf } from '../../templates/template-inputs.ts';
import type { InputDraft } from '../prompt-draft.ts';

/**
 * Inputs that the templates of messages read, with what can be told of them: one that a loop goes over is a list, one that
 * has a `default` or is asked whether it is defined may be absent.
 */
export function inferInputs(
  messages: readonly MessageTemplateInput[],
  syntax: Syntax = 'jinja',
): readonly InputDraft[] {
  const found = new Map<string, { name: string; isPlain: boolean; uses: InputUses }>();
  for (const message of messages as readonly MessageTemplate[]) {
    if (isPlaceholder(message)) {
      const required = message.optional !== true;
      found.set(message.placeholder, {
        name: message.placeholder,
        isPlain: true,
        uses: { kind: 'messages', required },
      });
      continue;
    }
    for (const { text } of templatesOf(message)) {
      const { template } = parseTemplate(text, { syntax });
      if (template === null) continue;
      const { looped, optional } = syntax === 'liquid' ? noHints : hintsOf(text, syntax);
      for (const { name, paths } of inputsOf(template)) {
        const known = found.get(name);
        const isPlain = (known?.isPlain ?? true) && paths.every(({ path }) => path === name);
        const uses =
          known?.uses.kind === 'messages'
            ? known.uses
            : ({
                kind: looped.has(name) || known?.uses.kind === 'list' ? 'list' : 'value',
                required: (known?.uses.required ?? true) && !optional.has(name),
              } as const);
        found.set(name, { name, isPlain, uses });
      }
    }
  }
  return [...found.values()].map(({ name, isPlain, uses: { kind, required } }) => {
    const optional = !required && { required };
    if (kind === 'messages') return { name, type: 'messages', ...optional };
    if (kind === 'list') return { name, type: 'object', schema: { type: 'array' }, ...optional };
    return { name, type: isPlain ? 'string' : 'object', ...optional };
  });
}

interface InputUses {
  readonly kind: 'messages' | 'list' | 'value';
  readonly required: boolean;
}

interface Hints {
  /** Names that a loop goes over. */
  readonly looped: ReadonlySet<string>;
  /** Names for which the template says what stands there without a value. */
  readonly optional: ReadonlySet<string>;
}

const noHints: Hints = { looped: new Set(), optional: new Set() };

function hintsOf(text: string, syntax: 'jinja' | 'nunjucks'): Hints {
  const looped = new Set<string>();
  const optional = new Set<string>();
  const body = bodyOf(text, syntax);
  if (body === null) return noHints;
  eachStatement(body, (statement) => {
    if (statement.kind === 'for') {
      const name = filteredName(statement.source);
      if (name !== null) looped.add(name);
    }
    for (const expression of expressionsOf(statement)) noteHints(expression, looped, optional);
  });
  return { looped, optional };
}

function bodyOf(text: string, syntax: 'jinja' | 'nunjucks'): Body | null {
  try {
    return parseBody(text.replace(/\r\n?/g, '\n'), syntax);
  } catch {
    return null;
  }
}

/** `items` of `items | sort`. */
function filteredName(node: Expression): string | null {
  if (node.kind === 'name') return node.name;
  return node.kind === 'filter' && node.operand !== null ? filteredName(node.operand) : null;
}

const listFilters = /^(?:join|map|select|reject|selectattr|rejectattr|groupby|sum|sort|unique|batch|slice)$/;

function noteHints(node: Expression, looped: Set<string>, optional: Set<string>): void {
  const isDefault = node.kind === 'filter' && (node.name === 'default' || node.name === 'd');
  if (node.kind === 'filter' && listFilters.test(node.name) && node.operand?.kind === 'name')
    looped.add(node.operand.name);
  const isTest = node.kind === 'test' && (node.name === 'defined' || node.name === 'undefined');
  if ((isDefault || isTest) && node.operand?.kind === 'name') optional.add(node.operand.name);
  for (const child of childrenOf(node)) noteHints(child, looped, optional);
}

function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'output':
      return statement.parts.filter((part) => part.kind !== 'text');
    case 'for':
      return statement.test === null ? [statement.source] : [statement.source, statement.test];
    case 'if':
      return statement.branches.map(({ test }) => test);
    case 'set':
    case 'do':
      return [statement.value];
    case 'with':
      return statement.bindings.map(({ value }) => value);
    case 'call-block':
      return argumentsOf(statement.call.args);
    default:
      return [];
  }
}
