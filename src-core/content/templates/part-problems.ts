import type { InputDeclaration } from '../../contract/content.ts';
import { isMedia, isPlaceholder, partsOf } from '../../contract/message-texts.ts';
import type { MessageTemplate } from '../../contract/messages.ts';
import { misplacedPart } from '../../contract/part-rules.ts';
import type { ContentProblem } from './content-problem.ts';

/** What is wrong with the parts of a message, or with the placeholder that it is, whatever the values are. */
export function partProblems(
  message: MessageTemplate,
  messageIndex: number,
  inputs: readonly InputDeclaration[],
): readonly ContentProblem[] {
  const typeOf = (name: string) => inputs.find((input) => input.name === name)?.type;
  if (isPlaceholder(message)) {
    const type = typeOf(message.placeholder);
    if (type === undefined || type === 'messages') return [];
    const sentence = `The placeholder "${message.placeholder}" is filled by an input of type messages, but that input is declared as ${type}.`;
    return [problemOf('placeholder', sentence, { messageIndex, input: message.placeholder })];
  }
  if (typeof message.content === 'string') return [];
  return partsOf(message).flatMap((part, index): readonly ContentProblem[] => {
    const place = { messageIndex, part: index };
    const misplaced = misplacedPart(message.role, part.type);
    if (misplaced !== null) return [problemOf('part_role', misplaced, place)];
    const type = isMedia(part) && part.input !== undefined ? typeOf(part.input) : undefined;
    if (type === undefined || type === 'string' || type === 'enum') return [];
    const input = isMedia(part) ? (part.input ?? null) : null;
    const sentence = `The ${part.type} is taken from the input "${input}", which must be a string with an address or a hash, but is declared as ${type}.`;
    return [problemOf('part_input', sentence, { ...place, input })];
  });
}

function problemOf(
  code: string,
  message: string,
  place: Pick<ContentProblem, 'messageIndex' | 'part'> & { readonly input?: string | null },
): ContentProblem {
  return {
    severity: 'error',
    code,
    message,
    template: null,
    start: null,
    end: null,
    ...place,
    input: place.input ?? null,
  };
}
