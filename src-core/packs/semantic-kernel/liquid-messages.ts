import type { MessageTemplateInput, Role } from '../../contract/messages.ts';
import type { Losses } from '../losses.ts';
import { decodeEntities } from './message-tags.ts';

const roles: Readonly<Record<string, Role>> = {
  ...{ system: 'system', user: 'user', assistant: 'assistant', developer: 'developer', tool: 'tool', function: 'tool' },
};
const message = /<message\b[^<>]*?\brole\s*=\s*(["'])(.*?)\1[^<>]*>([\s\S]*?)<\/message\s*>/gi;
const loop = /\{%-?\s*for\s+[\w-]+\s+in\s+([\w-]+)[^%]*%\}\s*<message\b[^<>]*\{\{[\s\S]*?\{%-?\s*endfor\s*-?%\}/g;
const roleLine = /^(system|user|assistant|developer|function|tool):[ \t]*$/gim;

/**
 * The messages of a Liquid template that stand in it themselves, as `<message>` tags or under lines like `user:`; a loop over
 * messages becomes a placeholder. Their texts stay Liquid.
 */
export function splitLiquid(template: string, losses: Losses): readonly MessageTemplateInput[] {
  const found = [...placeholders(template, losses), ...tagged(template, losses)];
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
  readonly message: MessageTemplateInput;
}

function placeholders(template: string, losses: Losses): readonly Found[] {
  return [...template.matchAll(loop)].map(({ index, 1: name = 'history' }) => {
    losses.add('approximated', 'history', name, 'The loop over messages became a placeholder for them.');
    return { at: index, message: { placeholder: name, optional: true } };
  });
}

function tagged(template: string, losses: Losses): readonly Found[] {
  const loops = [...template.matchAll(loop)].map(({ index, 0: whole }) => [index, index + whole.length] as const);
  return [...template.matchAll(message)].flatMap(({ index, 2: name = '', 3: inner = '' }) => {
    if (loops.some(([start, end]) => index >= start && index < end)) return [];
    const role = Object.hasOwn(roles, name.toLowerCase()) ? roles[name.toLowerCase()]! : 'user';
    if (!Object.hasOwn(roles, name.toLowerCase()))
      losses.add('approximated', 'role', name, `A role "${name}" is unknown here; its text is said by the user.`);
    return text(role, decodeEntities(inner)).map((each) => ({ at: index, message: each }));
  });
}

function text(role: Role, content: string): readonly MessageTemplateInput[] {
  return content.trim() === '' ? [] : [{ role, content: content.trim() }];
}
