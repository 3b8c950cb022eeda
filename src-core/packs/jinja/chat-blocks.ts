import type { Role } from '../../contract/messages.ts';
import { roles } from '../../contract/messages.ts';
import { outerBlocks, scanTags } from './scan-tags.ts';
import { trimBlankLines } from './split-roles.ts';

/** A `{% chat role="…" %}` block with its text. */
export interface ChatBlock {
  /** As it is written. */
  readonly source: string;
  /** Null where we do not have such a role. */
  readonly role: Role | null;
  readonly text: string;
}

export interface ChatBlocks {
  readonly blocks: readonly ChatBlock[];
  /** Text between the blocks that prints something, trimmed. */
  readonly outside: string;
}

const others: Readonly<Record<string, Role>> = { model: 'assistant', ai: 'assistant', human: 'user' };

/** Messages written as `{% chat role="system" %}…{% endchat %}`; null when there is no such block. */
export function readChatBlocks(text: string): ChatBlocks | null {
  const tags = scanTags(text);
  const chats = outerBlocks(text, tags).filter(({ open }) => open.name === 'chat');
  if (chats.length === 0) return null;
  const comments = tags.filter(({ kind }) => kind === 'comment');
  let outside = '';
  let at = 0;
  for (const { start, end } of [...chats, ...comments].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    outside += text.slice(at, start);
    at = end;
  }
  const blocks = chats.map(({ open, bodyStart, bodyEnd }) => {
    const source =
      /\brole\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.]+))/
        .exec(open.inner)
        ?.slice(1)
        .find((part) => part !== undefined) ?? '';
    const name = source.toLowerCase();
    const role = roles.find((each) => each === name) ?? (Object.hasOwn(others, name) ? others[name]! : null);
    return { source, role, text: trimBlankLines(text.slice(bodyStart, bodyEnd)) };
  });
  return { blocks, outside: trimBlankLines(outside + text.slice(at)) };
}
