import type { InputDeclaration } from '../../contract/content.ts';
import { ownValue } from '../../contract/json.ts';
import { isBlobHash, mediaUrlProblem } from '../../contract/media-address.ts';
import type { MediaPart, PlaceholderMessage, RenderedPart } from '../../contract/messages.ts';
import type { Json } from '../../contract/shared.ts';
import { coerceInputs } from '../inputs/coerce-inputs.ts';
import type { ValueMessage } from '../inputs/messages-value.ts';
import { type ContentProblem, inputProblem } from './content-problem.ts';
import { type RenderedMessage, renderedMessage } from './rendered-message.ts';

type Filled<Value> = { readonly value: Value } | { readonly problem: ContentProblem };
type Values = Readonly<Record<string, Json>>;

/** The messages of a placeholder's input. They are data: nothing in them is a template or a placeholder again. */
export function fillPlaceholder(
  { placeholder: name, optional = false }: PlaceholderMessage,
  messageIndex: number,
  inputs: readonly InputDeclaration[],
  values: Values,
): Filled<readonly RenderedMessage[]> {
  const declared = inputs.find((input) => input.name === name);
  const asMessages: InputDeclaration = { name, description: '', ...declared, type: 'messages', required: !optional };
  const { values: coerced, problems } = coerceInputs([asMessages], { [name]: ownValue(values, name) });
  if (problems[0] !== undefined) return { problem: inputProblem(problems[0]) };
  // Coercion has checked it.
  const messages = (ownValue(coerced, name) ?? []) as unknown as readonly ValueMessage[];
  return { value: messages.map(({ role, content }) => renderedMessage(role, messageIndex, content)) };
}

/** An image, an audio or a file as a model gets it; null when its optional input has no value. */
export function fillMedia(
  { input, extra: _, ...part }: MediaPart,
  inputs: readonly InputDeclaration[],
  values: Values,
): Filled<RenderedPart | null> {
  if (input === undefined) return { value: part };
  const given = ownValue(values, input);
  const declared = inputs.find(({ name }) => name === input);
  const text = typeof given === 'string' ? given.trim() : given;
  if (text === undefined || text === '') {
    if (declared?.required === false) return { value: null };
    const message = `Input "${input}" is required: the ${part.type} is taken from it, but no value came.`;
    return {
      problem: inputProblem({ kind: 'missing', input, expected: 'an address or a hash', received: null, message }),
    };
  }
  if (typeof text === 'string' && isBlobHash(text)) return { value: { ...part, hash: text } };
  const problem = typeof text === 'string' ? mediaUrlProblem(text) : 'It is no text.';
  if (problem === null) return { value: { ...part, url: text as string } };
  const message = `Input "${input}": expected the address or the hash of the ${part.type}. ${problem}`;
  const received = JSON.stringify(text).slice(0, 60);
  return { problem: inputProblem({ kind: 'type', input, expected: 'an address or a hash', received, message }) };
}
