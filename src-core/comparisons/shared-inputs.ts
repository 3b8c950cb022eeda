import type { InputDeclaration } from '../contract/content.ts';

/**
 * The inputs that a row has to fill for all of these prompts: one per name, required when any prompt requires it.
 * Where prompts declare different types the value stays text and each prompt types it for itself.
 */
export function sharedInputs(declarations: readonly (readonly InputDeclaration[])[]): readonly InputDeclaration[] {
  const byName = new Map<string, InputDeclaration>();
  for (const input of declarations.flat()) {
    const known = byName.get(input.name);
    byName.set(input.name, known ? join(known, input) : input);
  }
  return [...byName.values()];
}

function join(first: InputDeclaration, second: InputDeclaration): InputDeclaration {
  const needed = (input: InputDeclaration) => input.required && input.default === undefined;
  const joined: InputDeclaration = {
    ...first,
    required: needed(first) || needed(second),
    default: needed(first) || needed(second) ? undefined : (first.default ?? second.default),
    description: first.description || second.description,
  };
  if (first.type !== second.type) return { ...joined, type: 'string', values: undefined, schema: undefined };
  if (first.type !== 'enum') return joined;
  return { ...joined, values: (first.values ?? []).filter((value) => second.values?.includes(value) ?? true) };
}
