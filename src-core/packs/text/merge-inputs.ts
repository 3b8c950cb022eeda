import type { MessageTemplateInput } from '../../contract/messages.ts';
import type { InputDraft } from '../prompt-draft.ts';

/**
 * Declarations of a file, then what its templates read besides. Where a declaration says no type (`isTyped`), the use does;
 * what stands in the place of messages is of the type `messages`.
 */
export function mergeInputs(
  messages: readonly MessageTemplateInput[],
  declared: readonly InputDraft[],
  used: readonly InputDraft[],
  isTyped: (name: string) => boolean,
): readonly InputDraft[] {
  const placeholders = new Set(messages.flatMap(({ placeholder }) => (placeholder === undefined ? [] : [placeholder])));
  const known = new Set(declared.map(({ name }) => name));
  const uses = new Map(used.map((input) => [input.name, input]));
  const all = [...declared, ...used.filter(({ name }) => !known.has(name))];
  return all.map((input): InputDraft => {
    if (placeholders.has(input.name))
      return { name: input.name, type: 'messages', required: false, description: input.description ?? '' };
    const use = isTyped(input.name) ? undefined : uses.get(input.name);
    // What is only asked for may be a text as well as a boolean.
    if (use === undefined || use.type === 'boolean') return input;
    const { type, schema } = use;
    return { ...input, ...(type !== undefined && { type }), ...(schema !== undefined && { schema }) };
  });
}
