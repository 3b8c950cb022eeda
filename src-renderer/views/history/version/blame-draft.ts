import { alignMessages } from '../../../../src-core/content/diff/align-messages.ts';
import type { BlamedLine, BlamedMessage } from '../../../../src-core/content/diff/blame.ts';
import { diffLines, joinLines, splitLines } from '../../../../src-core/content/diff/line-diff.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';

/** The version that each line of a draft comes from; null for lines that no version has yet. */
export type DraftBlame = readonly (BlamedLine | null)[];

/** Carries the blame of the version that a draft started from over to the draft, message by message. */
export function blameDraft(base: readonly BlamedMessage[], draft: PromptContent): readonly DraftBlame[] {
  const before = base.map(({ role, lines }): MessageTemplate => ({ role, content: joinLines(lines.map(textOf)) }));
  const cameFrom = new Map(alignMessages(before, draft.messages).map((pair) => [pair.after, pair.before]));
  return draft.messages.map(({ content }, index) => {
    const from = cameFrom.get(index);
    const known = from === undefined ? undefined : base[from];
    return known === undefined ? splitLines(content).map(() => null) : carryOver(known.lines, content);
  });
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
