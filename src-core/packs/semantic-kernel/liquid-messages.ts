import type { MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { decodeEntities } from './message-tags.ts';

const roles: Readonly<Record<string, Role>> = {
  ...{ system: 'system', user: 'user', assistant: 'assistant', developer: 'developer', tool: 'tool', function: 'tool' },
};
const messageOpen = /<message\b[^<>]*?\brole\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>/gi;
const messageClose = /<\/message\s*>/gi;
/** A loop whose turns say themselves who speaks. */
const loopOpen = /\{%-?\s*for\s+[\w-]+\s+in\s+([\w-]+)[^%{}]*%\}\s*<message\b[^<>{}]*\{\{/g;
const loopClose = /\{%-?\s*endfor\s*-?%\}/g;
const roleLine = /^(system|user|assistant|developer|function|tool):[ \t]*$/gim;

/**
 * The messages of a Liquid template that stand in it themselves, as `<message>` tags or under lines like `user:`; a loop over
 * messages becomes a placeholder. Their texts stay Liquid.
 */
export function splitLiquid(template: string, losses: Losses): readonly MessageTemplateInput[] {
  const loops = placeholders(template, losses);
  const found = [...loops, ...tagged(template, loops, losses)];
  if (found.length > 0) return found.toSorted((a, b) => a.at - b.at).map(({ message: each }) => each);
  const lines = [...template.matchAll(roleLine)];
  if (lines.length === 0) return text('user', template);
  const before = text('system', template.slice(0, lines[0]!.index));
  return [
    ...before,
    ...lines.flatMap((line, index) => {
      const end = lines[index + 1]?.index ?? template.length;
      return text(roles[line[1]!.toLowerCase()]!, template.slice(line.index + line[0].length, end));
    }),
  ];
}

interface Found {
  readonly at: number;
  readonly end: number;
  readonly message: MessageTemplateInput;
}

interface Stretch {
  readonly open: RegExpExecArray;
  readonly inner: string;
  readonly end: number;
}

/** Stretches between an opening and the next closing; where none follows, there are no more. */
function* stretches(template: string, opening: RegExp, closing: RegExp): Generator<Stretch> {
  const open = new RegExp(opening);
  const close = new RegExp(closing);
  for (let found = open.exec(template); found !== null; found = open.exec(template)) {
    close.lastIndex = open.lastIndex;
    const end = close.exec(template);
    if (end === null) return;
    yield { open: found, inner: template.slice(open.lastIndex, end.index), end: close.lastIndex };
    open.lastIndex = close.lastIndex;
  }
}

function placeholders(template: string, losses: Losses): readonly Found[] {
  return [...stretches(template, loopOpen, loopClose)].map(({ open: { index, 1: name = 'history' }, end }) => {
    losses.add('approximated', 'history', name, 'The loop over messages became a placeholder for them.');
    return { at: index, end, message: { placeholder: name, optional: true } };
  });
}

function tagged(template: string, loops: readonly Found[], losses: Losses): readonly Found[] {
  return [...stretches(template, messageOpen, messageClose)].flatMap(({ open, inner, end }) => {
    if (loops.some((loop) => open.index >= loop.at && open.index < loop.end)) return [];
    const name = (open[1] ?? open[2] ?? '').toLowerCase();
    const role = Object.hasOwn(roles, name) ? roles[name]! : 'user';
    if (!Object.hasOwn(roles, name))
      losses.add('approximated', 'role', name, `A role "${name}" is unknown here; its text is said by the user.`);
    return text(role, decodeEntities(inner)).map((message) => ({ at: open.index, end, message }));
  });
}

function text(role: Role, content: string): readonly MessageTemplateInput[] {
  return content.trim() === '' ? [] : [{ role, content: content.trim() }];
}
