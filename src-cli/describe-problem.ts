import type { RenderProblem } from '../src-core/contract/prompts.ts';

export type PlacedProblem = Pick<RenderProblem, 'message' | 'hint' | 'messageIndex' | 'part' | 'template' | 'line'>;

/** A problem as one text that says where it is: `message 2, line 3: …`; the message only when there are several. */
export function describeProblem(
  { message, hint, messageIndex, part: at, template, line }: PlacedProblem,
  isMany: boolean,
): string {
  const owner = template ?? (isMany && messageIndex !== null ? `message ${messageIndex + 1}` : null);
  const part = template === null && at !== undefined ? `part ${at + 1}` : null;
  const place = [owner, part, line === null ? null : `line ${line}`].filter((word) => word !== null).join(', ');
  const sentence = hint === undefined ? message : `${message} ${hint}`;
  return place === '' ? sentence : `${place}: ${sentence}`;
}
