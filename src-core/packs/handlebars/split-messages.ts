import { mediaUrlProblem } from '../../contract/media-address.ts';
import type { MessagePart, MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { type Guard, isCondition } from './handlebars-blocks.ts';
import { type HandlebarsConverter, hashValue, placeOf } from './handlebars-to-jinja.ts';
import {
  type Block,
  calledName,
  type Expression,
  type Mustache,
  type Program,
  type Statement,
  statementsOf,
} from './parse-handlebars.ts';

/** A stretch of a template on its way to a message. */
type Item =
  /** What follows is said by another; null is by nobody. */
  | { readonly kind: 'role'; readonly role: Role | null }
  | { readonly kind: 'history'; readonly name: string }
  | { readonly kind: 'media'; readonly url: Expression; readonly mediaType: Expression | undefined }
  | { readonly kind: 'run'; readonly statement: Statement; readonly guards: readonly Guard[] };

export interface SplitOptions {
  /** Of the text before any marker; null drops it. */
  readonly first: Role | null;
  /** Of the text right after the history; null drops it. */
  readonly afterHistory: Role | null;
}

/**
 * The messages of a template in which markers say who speaks: `{{role "x"}}`, `{{#role "x"}}…{{/role}}`, `{{history}}`,
 * `{{media url=u}}`. A marker in a branch of an `if` opens a message too, whose text is then in that branch; a loop over
 * messages becomes a placeholder.
 */
export function splitMessages(
  program: Program,
  converter: HandlebarsConverter,
  losses: Losses,
  options: SplitOptions,
): readonly MessageTemplateInput[] {
  const messages: MessageTemplateInput[] = [];
  let role = options.first;
  let items: Item[] = [];
  const close = () => {
    const content = contentOf(items, converter, losses);
    items = [];
    if (content === null) return;
    if (role === null)
      losses.add('dropped', 'text-outside-message', '', 'Text between the messages is not sent by the tool either.');
    else messages.push({ role, content });
  };
  for (const item of itemsOf(program, losses, options.first)) {
    if (item.kind === 'role') {
      close();
      role = item.role;
    } else if (item.kind === 'history') {
      close();
      messages.push({ placeholder: converter.input(item.name), optional: true });
      role = options.afterHistory;
    } else items.push(item);
  }
  close();
  return messages;
}

function itemsOf(
  program: Program | undefined,
  losses: Losses,
  outer: Role | null,
  guards: readonly Guard[] = [],
): Item[] {
  let role = outer;
  return (program?.body ?? []).flatMap((statement): Item[] => {
    const marker = markerOf(statement, losses);
    if (marker?.kind === 'role') role = marker.role;
    if (marker !== null && guards.length > 0 && marker.kind !== 'media')
      losses.add(
        'approximated',
        'conditional-message',
        '',
        'A message in a branch is always sent here, at times empty.',
      );
    if (marker !== null && (guards.length === 0 || marker.kind !== 'media')) return [marker];
    if (statement.type !== 'BlockStatement' || !hasMarkers(statement)) return [{ kind: 'run', statement, guards }];
    return itemsOfBlock(statement, losses, role, guards);
  });
}

/** What is in a block that has markers. */
function itemsOfBlock(block: Block, losses: Losses, outer: Role | null, guards: readonly Guard[]): Item[] {
  const name = calledName(block.path);
  if (name === 'role') {
    losses.add('approximated', 'block-role', '', 'The text of the block became a message of that role.');
    const [literal] = block.params;
    const role = roleOf(literal, losses);
    return [{ kind: 'role', role }, ...itemsOf(block.program, losses, role, guards), { kind: 'role', role: outer }];
  }
  if (isCondition(block) && block.inverse !== undefined) return branches(block, losses, outer, guards);
  if (isCondition(block)) return itemsOf(block.program, losses, outer, [...guards, { block, isElse: false }]);
  if (name === 'each' && isHistory(block)) {
    const list = block.params[0];
    const head = list?.type === 'PathExpression' ? list.parts[list.parts.length - 1] : undefined;
    const where = typeof head === 'string' ? head : 'history';
    losses.add('approximated', 'history', where, 'The loop over messages became a placeholder for them.');
    return [{ kind: 'history', name: where }];
  }
  return [{ kind: 'run', statement: block, guards }];
}

function branches(block: Block, losses: Losses, outer: Role | null, guards: readonly Guard[]): Item[] {
  return [
    ...itemsOf(block.program, losses, outer, [...guards, { block, isElse: false }]),
    ...itemsOf(block.inverse, losses, outer, [...guards, { block, isElse: true }]),
  ];
}

/** The marker that a statement is. */
function markerOf(statement: Statement, losses: Losses): Item | null {
  if (statement.type !== 'MustacheStatement') return null;
  const name = calledName(statement.path);
  if (name === 'role' && statement.params.length > 0)
    return { kind: 'role', role: roleOf(statement.params[0], losses) };
  if (name === 'history' && statement.params.length === 0) {
    losses.add('approximated', 'history', 'history', 'It became a placeholder for the messages before.');
    return { kind: 'history', name: 'history' };
  }
  const url = name === 'media' ? hashValue(statement, 'url') : undefined;
  return url === undefined ? null : { kind: 'media', url, mediaType: hashValue(statement, 'contentType') };
}

function hasMarkers(block: Block): boolean {
  if (calledName(block.path) === 'role' && block.params.length > 0) return true;
  return [...statementsOf(block.program), ...statementsOf(block.inverse)].some(
    (statement) =>
      (statement.type === 'MustacheStatement' && isRoleOrHistory(statement)) ||
      (statement.type === 'BlockStatement' && calledName(statement.path) === 'role' && statement.params.length > 0),
  );
}

function isRoleOrHistory({ path, params }: Mustache): boolean {
  const name = calledName(path);
  return (name === 'role' && params.length > 0) || (name === 'history' && params.length === 0);
}

/** A loop whose turns say themselves who speaks. */
function isHistory(block: Block): boolean {
  return [...statementsOf(block.program)].some(
    (statement) =>
      statement.type === 'MustacheStatement' &&
      calledName(statement.path) === 'role' &&
      statement.params[0] !== undefined &&
      statement.params[0].type !== 'StringLiteral',
  );
}

const roles: Readonly<Record<string, Role>> = {
  ...{ user: 'user', system: 'system', developer: 'developer', tool: 'tool', function: 'tool' },
  ...{ assistant: 'assistant', model: 'assistant' },
};

/** The role that a name means; an unknown one is a user's. */
function roleOf(expression: Expression | undefined, losses: Losses): Role | null {
  if (expression?.type === 'NullLiteral') return null;
  const name = expression?.type === 'StringLiteral' ? expression.value.trim().toLowerCase() : '';
  if (Object.hasOwn(roles, name)) return roles[name]!;
  losses.add('approximated', 'role', name, `A role "${name}" is unknown here; its text is said by the user.`);
  return 'user';
}

/** The text or the parts of one message; null when there is nothing. */
function contentOf(
  items: readonly Item[],
  converter: HandlebarsConverter,
  losses: Losses,
): string | MessagePart[] | null {
  const parts: MessagePart[] = [];
  for (const group of groupsOf(items)) {
    const [first] = group;
    const media = first?.kind === 'media' ? mediaOf(first, converter, losses) : null;
    if (media !== null) {
      parts.push(media);
      continue;
    }
    const runs = group.flatMap((item) => (item.kind === 'run' ? [item] : []));
    const text = stretches(runs)
      .map(({ guards, statements }, index, all) => converter.convert(statements, guards, index === all.length - 1))
      .join('');
    if (text.trim() !== '') parts.push({ type: 'text', text });
  }
  const [only] = parts;
  if (only === undefined) return null;
  if (parts.length === 1 && only.type === 'text') return only.text.trim();
  return parts.map((part, index) => (part.type === 'text' ? trimmedPart(part.text, index, parts.length) : part));
}

/** A message has no blanks around it; between its parts they stay. */
function trimmedPart(text: string, index: number, count: number): MessagePart {
  const begun = index === 0 ? text.trimStart() : text;
  return { type: 'text', text: index === count - 1 ? begun.trimEnd() : begun };
}

/** Runs that follow each other, and each medium by itself. */
function groupsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (item.kind === 'run' && last?.[0]?.kind === 'run') last.push(item);
    else groups.push([item]);
  }
  return groups;
}

interface Stretch {
  readonly guards: readonly Guard[];
  readonly statements: Statement[];
}

/** Statements under the same conditions. */
function stretches(runs: readonly Extract<Item, { readonly kind: 'run' }>[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { statement, guards } of runs) {
    const last = found.at(-1);
    const isSame =
      last?.guards.length === guards.length && last.guards.every((guard, at) => isSameGuard(guard, guards[at]!));
    if (last !== undefined && isSame) last.statements.push(statement);
    else found.push({ guards, statements: [statement] });
  }
  return found.filter(({ guards, statements }) => guards.length === 0 || !statements.every(isBlank));
}

function isSameGuard(a: Guard, b: Guard): boolean {
  return a.block === b.block && a.isElse === b.isElse;
}

function isBlank(statement: Statement): boolean {
  return statement.type === 'ContentStatement' && statement.value.trim() === '';
}

function mediaOf(
  { url, mediaType }: Extract<Item, { readonly kind: 'media' }>,
  converter: HandlebarsConverter,
  losses: Losses,
): MessagePart | null {
  const given = mediaType?.type === 'StringLiteral' ? mediaType.value : '';
  const type = given.startsWith('audio/') ? 'audio' : given === '' || given.startsWith('image/') ? 'image' : 'file';
  const declared = /^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*$/i.test(given) ? { mediaType: given } : {};
  const place = placeOf(url);
  if (url.type === 'StringLiteral') {
    if (/^data:/i.test(url.value)) {
      const size = Math.round((url.value.length - url.value.indexOf(',') - 1) * 0.75);
      const what = /^data:([^;,]*)/i.exec(url.value)?.[1] ?? '';
      losses.add('dropped', 'media', what, `About ${size} bytes of ${what} stand in the file; add it as a part here.`);
      return null;
    }
    losses.add('approximated', 'media', place, 'It became a part of the message.');
    const isAddress = mediaUrlProblem(url.value) === null;
    return isAddress ? { type, url: url.value, ...declared } : { type: 'text', text: `[${type}: ${url.value}]` };
  }
  losses.add('approximated', 'media', place, 'It became a part of the message.');
  const { source, isInput } = converter.value(url, 'printed');
  if (isInput === true) return { type, input: source, ...declared };
  return { type: 'text', text: `[${type}: {{ ${source} }}]` };
}
