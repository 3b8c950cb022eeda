import type { PromptContent } from '../../contract/content.ts';
import { documentOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { alignMessages } from './align-messages.ts';
import { splitLines } from './line-diff.ts';
import { diffSequences } from './sequence-diff.ts';

/** Who saved which version when; `at` is ISO 8601. */
export interface VersionOrigin {
  readonly versionId: string;
  readonly versionNumber: number;
  /** Whether that number is given for good. */
  readonly confirmed: boolean;
  readonly author: string;
  readonly at: string;
}

/** A line of today's text and the version that last changed it. */
export interface BlamedLine extends VersionOrigin {
  readonly text: string;
}

export interface BlamedMessage {
  /** `placeholder` for one of these. */
  readonly role: string;
  readonly lines: readonly BlamedLine[];
}

/** A text as it is after some version: its lines and, for each, the version that it comes from. */
interface TracedText {
  readonly lines: readonly string[];
  readonly origins: readonly VersionOrigin[];
}

/** The lines of the last text with the version that last changed each; `history` is oldest first, one line of parents. */
export function blameLines(history: readonly (VersionOrigin & { readonly text: string })[]): readonly BlamedLine[] {
  let traced: TracedText = { lines: [], origins: [] };
  for (const version of history) traced = traceText(traced, version.text, version);
  return blamedLines(traced);
}

/** The same for every message of the last content; a message is followed when it moves or takes another role. */
export function blameMessages(
  history: readonly (VersionOrigin & { readonly content: PromptContent })[],
): readonly BlamedMessage[] {
  const blame = createBlame();
  for (const { content, ...version } of history) blame.add(version, content);
  return blame.messages();
}

/** A blame that is given one version after the other, oldest first, so that not all of them are held at once. */
export function createBlame() {
  let messages: readonly MessageTemplate[] = [];
  let traced: readonly TracedText[] = [];
  return {
    add(version: VersionOrigin, content: PromptContent): void {
      const next = content.messages;
      const cameFrom = new Map(alignMessages(messages, next).map((pair) => [pair.after, traced[pair.before]]));
      traced = next.map((message, i) =>
        traceText(cameFrom.get(i) ?? { lines: [], origins: [] }, documentOf(message), version),
      );
      messages = next;
    },
    messages: (): readonly BlamedMessage[] =>
      messages.map(({ role }, i) => ({ role: role ?? 'placeholder', lines: blamedLines(traced[i]!) })),
  };
}

function traceText(before: TracedText, text: string, version: VersionOrigin): TracedText {
  const lines = splitLines(text);
  const origins: VersionOrigin[] = [];
  let at = 0;
  for (const hunk of diffSequences(before.lines, lines)) {
    while (at < hunk.beforeStart) origins.push(before.origins[at++]!);
    while (origins.length < hunk.afterEnd) origins.push(version);
    at = hunk.beforeEnd;
  }
  while (at < before.lines.length) origins.push(before.origins[at++]!);
  return { lines, origins };
}

function blamedLines({ lines, origins }: TracedText): readonly BlamedLine[] {
  return lines.map((text, i) => {
    const { versionId, versionNumber, confirmed, author, at } = origins[i]!;
    return { text, versionId, versionNumber, confirmed, author, at };
  });
}
