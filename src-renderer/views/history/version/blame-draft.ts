import { alignMessages } from '../../../../src-core/content/diff/align-messages.ts';
import type { BlamedLine, BlamedMessage } from '../../../../src-core/content/diff/blame.ts';
import { diffLines, joinLines, splitLines } from '../../../../src-core/content/diff/line-diff.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf } from '../../../../src-core/contract/message-texts.ts';
import { roles } from '../../../../src-core/contract/messages.ts';

/** The version that each line of a draft comes from; null for lines that no version has yet. */
export type DraftBlame = readonly (BlamedLine | null)[];

/** Carries the blame of the version that a draft started from over to the draft, message by message. */
export function blameDraft(base: readonly BlamedMessage[], draft: PromptContent): readonly DraftBlame[] {
  const before = base.map(({ role, lines }) => asText(role, joinLines(lines.map(textOf))));
  const after = draft.messages.map((message) => asText(message.role ?? 'placeholder', documentOf(message)));
  const cameFrom = new Map(alignMessages(before, after).map((pair) => [pair.after, pair.before]));
  return after.map(({ content }, index) => {
    const from = cameFrom.get(index);
    const known = from === undefined ? undefined : base[from];
    return known === undefined ? splitLines(content).map(() => null) : carryOver(known.lines, content);
  });
}

/** Parts and placeholders are traced by how they read, on both sides alike. */
function asText(role: string, content: string) {
  return { role: roles.find((known) => known === role) ?? 'tool', content };
}

function carryOver(lines: readonly BlamedLine[], content: string): DraftBlame {
  const carried: (BlamedLine | null)[] = [];
  let at = 0;
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of diffLines(joinLines(lines.map(textOf)), content)) {
    carried.push(...lines.slice(at, beforeStart));
    for (let line = afterStart; line < afterEnd; line += 1) carried.push(null);
    at = beforeEnd;
  }
  return [...carried, ...lines.slice(at)];
}

const textOf = ({ text }: BlamedLine): string => text;
