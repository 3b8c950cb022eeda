import type { ContentProblem } from '../../../../src-core/content/templates/content-problem.ts';
import { problemsIn } from '../../../../src-core/content/templates/problem-edits.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { templatesOf } from '../../../../src-core/contract/message-texts.ts';
import type { Position } from '../../../../src-core/templates/runtime/types.ts';

/** A place in one of the messages. */
export interface MessagePlace extends Position {
  readonly index: number;
  /** Which part of it; absent where the message is one text. */
  readonly part?: number;
}

/** The start of the next or previous problem, wrapping around; null when there is none. */
export function nextProblem(
  content: PromptContent,
  problems: readonly ContentProblem[],
  from: MessagePlace | null,
  step: 1 | -1,
): MessagePlace | null {
  const places = content.messages
    .flatMap((message, index) =>
      templatesOf(message).flatMap(({ part }) =>
        problemsIn(content, index, problems, part).map(({ start }) => ({
          index,
          ...(part !== undefined && { part }),
          ...start,
        })),
      ),
    )
    .sort(inOrder);
  if (from === null) return places.at(step === 1 ? 0 : -1) ?? null;
  return step === 1
    ? (places.find((place) => inOrder(place, from) > 0) ?? places[0] ?? null)
    : (places.findLast((place) => inOrder(place, from) < 0) ?? places.at(-1) ?? null);
}

const inOrder = (a: MessagePlace, b: MessagePlace): number =>
  a.index - b.index || (a.part ?? 0) - (b.part ?? 0) || a.line - b.line || a.column - b.column;
