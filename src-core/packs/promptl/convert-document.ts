import { mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import { longestCallId, longestToolName } from '../../contract/part-rules.ts';
import type { Piece } from '../text/escape-text.ts';
import { attributeText, convertNodes, type Definition, finishText, type TextContext } from './convert-text.ts';
import type { ForNode, IfNode, PromptlNode, TagNode } from './parse-promptl.ts';
import { printValue } from './print-expression.ts';

/** The messages of one request; a document with steps has several. */
export interface Request {
  readonly messages: readonly MessageTemplateInput[];
  /** Of the step, with texts and expressions as they are written; null outside of steps. */
  readonly step: TagNode | null;
}

const messageTags: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

interface Conversion extends TextContext {
  /** Messages since the last request, and those that all requests begin with. */
  messages: MessageTemplateInput[];
  /** Parts of the root message that is open. */
  readonly parts: MessagePart[];
  readonly pieces: Piece[];
  /** Definitions when the root message was opened. */
  before: readonly Definition[];
  readonly requests: Request[];
}

/** A document as requests: text outside of tags is a system message. */
export function convertDocument(nodes: readonly PromptlNode[], context: TextContext): readonly Request[] {
  const conversion: Conversion = { ...context, messages: [], parts: [], pieces: [], before: [], requests: [] };
  convertRoot(nodes, [], conversion);
  flushRoot(conversion);
  const { messages, requests } = conversion;
  const last = requests.at(-1);
  const isSaid = last === undefined || messages.length > sharedCount(last, messages);
  return isSaid ? [...requests, { messages, step: null }] : requests;
}

/** How many of the messages the request has too: those before its step. */
function sharedCount({ messages }: Request, all: readonly MessageTemplateInput[]): number {
  return all.filter((message) => messages.includes(message)).length;
}

function convertRoot(nodes: readonly PromptlNode[], guards: readonly string[], conversion: Conversion): void {
  for (const node of nodes) {
    if (node.kind === 'tag' && node.name === 'step') convertStep(node, guards, conversion);
    else if (node.kind === 'tag' && (node.name === 'message' || Object.hasOwn(messageTags, node.name))) {
      flushRoot(conversion);
      const message = messageOf(node, guards, conversion);
      if (message.content !== '') conversion.messages.push(message);
    } else if (node.kind === 'tag' && node.name === 'scope') convertRoot(node.children, guards, conversion);
    else if (node.kind === 'tag' && node.name !== 'prompt') {
      flushPieces(conversion);
      conversion.parts.push(...partsOf(node, conversion));
    } else if (node.kind !== 'text' && node.kind !== 'expression' && hasMessages(node))
      convertBlock(node, guards, conversion);
    else conversion.pieces.push(...guarded(convertNodes([node], conversion), guards));
  }
}

function hasMessages(node: PromptlNode): boolean {
  switch (node.kind) {
    case 'tag':
      return (
        node.name === 'message' ||
        node.name === 'step' ||
        Object.hasOwn(messageTags, node.name) ||
        node.children.some(hasMessages)
      );
    case 'if':
      return [...node.branches.flatMap(({ body }) => body), ...(node.otherwise ?? [])].some(hasMessages);
    case 'for':
      return [...node.body, ...(node.otherwise ?? [])].some(hasMessages);
    default:
      return false;
  }
}

/** Messages in a loop are a conversation; those in a condition stand always, and are empty where it does not hold. */
function convertBlock(
  node: Exclude<PromptlNode, { kind: 'text' | 'expression' }>,
  guards: readonly string[],
  conversion: Conversion,
): void {
  if (node.kind === 'tag') convertRoot(node.children, guards, conversion);
  else if (node.kind === 'if') convertIf(node, guards, conversion);
  else convertFor(node, guards, conversion);
}

function convertFor(node: ForNode, guards: readonly string[], conversion: Conversion): void {
  const { names } = conversion;
  flushRoot(conversion);
  const path = /^[\p{XID_Start}_][\p{XID_Continue}]*(?:\.[\p{XID_Start}_][\p{XID_Continue}]*)*$/u.exec(node.over)?.[0];
  if (path === undefined || names.locals.has(path.replace(/\..*$/, ''))) {
    names.losses.add(
      'approximated',
      'loop-of-messages',
      node.over.slice(0, 200),
      'A loop cannot make messages here; they stand once.',
    );
    convertRoot(node.body, guards, conversion);
    return;
  }
  names.losses.add('approximated', 'history', path, 'The conversation became a placeholder for messages.');
  conversion.messages.push({ placeholder: names.inputs.legal(path) });
}

function convertIf({ branches, otherwise }: IfNode, guards: readonly string[], conversion: Conversion): void {
  const { names } = conversion;
  names.losses.add(
    'approximated',
    'conditional-message',
    branches[0]!.test.slice(0, 200),
    'A message stands always here; its text is empty where the condition does not hold.',
  );
  const tests = branches.map(({ test }) => `(${printValue(test, names)})`);
  for (const [index, { body }] of branches.entries())
    convertRoot(body, [...guards, ...tests.slice(0, index).map((test) => `not ${test}`), tests[index]!], conversion);
  if (otherwise !== null) convertRoot(otherwise, [...guards, ...tests.map((test) => `not ${test}`)], conversion);
}

function guarded(pieces: readonly Piece[], guards: readonly string[]): readonly Piece[] {
  if (guards.length === 0 || pieces.length === 0) return pieces;
  return [{ jinja: `{% if ${guards.join(' and ')} %}` }, ...pieces, { jinja: '{% endif %}' }];
}

function flushPieces(conversion: Conversion): void {
  const text = finishText(conversion.pieces, conversion.before, conversion.names);
  conversion.pieces.length = 0;
  if (withoutStatements(text).trim() !== '') conversion.parts.push({ type: 'text', text });
}

/** A text that only sets names prints nothing. */
function withoutStatements(text: string): string {
  return text.replace(/\{% set [^%]*%\}/g, '');
}

function flushRoot(conversion: Conversion): void {
  flushPieces(conversion);
  const parts = conversion.parts.splice(0);
  conversion.before = [...conversion.definitions];
  const [only, second] = parts;
  if (only === undefined) return;
  if (only.type !== 'text' || second !== undefined) {
    conversion.messages.push({ role: 'system', content: parts });
    return;
  }
  // Included prompts alone bring no message of their own: they belong to the system message that is there.
  const isInclude = only.text.replace(/\{% (?:include|with|endwith)\b[^%]*%\}/g, '').trim() === '';
  const index = isInclude
    ? conversion.messages.findLastIndex(({ role, content }) => role === 'system' && typeof content === 'string')
    : -1;
  const before = conversion.messages[index];
  if (before?.role === 'system' && typeof before.content === 'string')
    conversion.messages[index] = { role: 'system', content: `${before.content}\n\n${only.text}` };
  else conversion.messages.push({ role: 'system', content: only.text });
}

function convertStep(node: TagNode, guards: readonly string[], conversion: Conversion): void {
  flushRoot(conversion);
  const outer = conversion.messages;
  conversion.messages = node.attributes.has('isolated') ? [] : [...outer];
  convertRoot(node.children, guards, conversion);
  flushRoot(conversion);
  if (conversion.messages.length > 0) conversion.requests.push({ messages: conversion.messages, step: node });
  conversion.messages = outer;
}

function messageOf(node: TagNode, guards: readonly string[], conversion: Conversion): MessageTemplateInput {
  const { names } = conversion;
  const before = [...conversion.definitions];
  const parts: MessagePart[] = [];
  let pieces: Piece[] = [];
  const flush = () => {
    const text = finishText(guarded(pieces, guards), before, names);
    pieces = [];
    if (withoutStatements(text).trim() !== '') parts.push({ type: 'text', text });
  };
  for (const child of node.children) {
    if (child.kind !== 'tag' || child.name === 'prompt' || Object.hasOwn(messageTags, child.name))
      pieces.push(...convertNodes([child], conversion));
    else {
      flush();
      parts.push(...partsOf(child, conversion));
    }
  }
  flush();
  conversion.before = [...conversion.definitions];
  const role = roleOf(node, conversion);
  if (role === 'tool') return { role, content: [toolResult(node, parts, conversion)] };
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length < parts.length)
    return { role, content: parts.filter((part) => part.type !== 'tool_call' || role === 'assistant') };
  return { role, content: texts.join('\n\n') };
}

function roleOf({ name, attributes }: TagNode, { names }: TextContext): Role {
  if (name !== 'message') return messageTags[name]!;
  const [role] = attributes.get('role') ?? [];
  const given = role !== undefined && 'text' in role ? role.text : '';
  if (Object.hasOwn(messageTags, given)) return messageTags[given]!;
  names.losses.add(
    'approximated',
    'role',
    given === '' ? 'message' : given,
    'A role is fixed here and one of five; the message is of the user.',
  );
  return 'user';
}

function toolResult({ attributes }: TagNode, parts: readonly MessagePart[], { names }: TextContext): MessagePart {
  const id = attributeText(attributes.get('id') ?? [], names);
  const name = attributeText(attributes.get('name') ?? [], names);
  names.losses.add('approximated', 'tool-result', id, 'It became a part of the message.');
  const content = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  return {
    type: 'tool_result',
    id: id.slice(0, longestCallId),
    content,
    ...(name !== '' && { name: name.slice(0, longestToolName) }),
  };
}

/** What a tag inside of a message becomes. */
function partsOf(node: TagNode, conversion: Conversion): readonly MessagePart[] {
  const { names } = conversion;
  const [type] = node.attributes.get('type') ?? [];
  const kind =
    node.name === 'content' ? `content-${type !== undefined && 'text' in type ? type.text : 'text'}` : node.name;
  if (kind === 'content-image' || kind === 'content-file')
    return mediaOf(node, kind === 'content-image' ? 'image' : 'file', conversion);
  if (kind === 'content-tool-call' || kind === 'tool-call' || kind === 'content-tool_call') {
    const name = attributeText(node.attributes.get('name') ?? [], names).slice(0, longestToolName);
    if (name === '') return [];
    names.losses.add('approximated', 'tool-call', name, 'It became a part of the message.');
    const given =
      node.attributes.get('arguments') ?? node.attributes.get('parameters') ?? node.attributes.get('toolArguments');
    const [only] = given ?? [];
    const isValue = given?.length === 1 && only !== undefined && 'expression' in only;
    const args =
      given === undefined
        ? '{}'
        : isValue
          ? `{{ (${printValue(only.expression, names)}) | tojson }}`
          : attributeText(given, names);
    const id = attributeText(node.attributes.get('id') ?? [], names).slice(0, longestCallId);
    return [{ type: 'tool_call', id, name, arguments: args }];
  }
  const text = finishText(convertNodes(node.children, conversion), [], names);
  return text === '' ? [] : [{ type: 'text', text }];
}

function mediaOf(node: TagNode, type: 'image' | 'file', conversion: Conversion): readonly MessagePart[] {
  const { names } = conversion;
  const children = node.children.filter((child) => child.kind !== 'text' || child.text.trim() !== '');
  const [only, second] = children;
  const add = (where: string, why: string) => names.losses.add('approximated', 'media', where.slice(0, 200), why);
  const name = attributeText(node.attributes.get('name') ?? [], names);
  const facts = name === '' || name.includes('{') ? {} : { name: name.slice(0, 255) };
  if (
    only?.kind === 'expression' &&
    second === undefined &&
    /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(only.source) &&
    !names.locals.has(only.source)
  ) {
    add(only.source, 'It became a part of the message.');
    return [{ type, input: names.inputs.legal(only.source), ...facts }];
  }
  const address = only?.kind === 'text' && second === undefined ? only.text.trim() : '';
  const data = /^data:([^;,]*)[^,]*,/i.exec(address);
  if (data !== null) {
    const size = Math.floor((address.length - data[0].length) * 0.75);
    names.losses.add(
      'dropped',
      'media',
      data[1] || type,
      `Data of ${size} bytes (${data[1] || 'of no type'}) stood in the file; add it to the message here.`,
    );
    return [];
  }
  if (address !== '' && mediaUrlProblem(address) === null) {
    add(address, 'It became a part of the message.');
    return [{ type, url: address, ...facts }];
  }
  const text = finishText([{ text: `[${type}: ` }, ...convertNodes(children, conversion), { text: ']' }], [], names);
  add(
    address === '' ? type : address,
    'Its address is put together from a template or is no web address; it is written as text.',
  );
  return [{ type: 'text', text }];
}
