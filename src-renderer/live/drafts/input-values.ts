import { z } from 'zod';
import { create } from 'zustand';
import type { Json } from '../../../src-core/contract/shared.ts';
import { loadState, recall, remember } from '../window-state.ts';

/** Values that a prompt is run with, by the names of its inputs; as they stand in the form. */
export type InputValues = Readonly<Record<string, Json>>;

const formSchema = z.object({
  values: z.record(z.string(), z.json() as unknown as z.ZodType<Json>),
});

interface FormsState {
  readonly values: Readonly<Record<string, InputValues>>;
  /** Keys of collapsed messages. */
  readonly collapsed: ReadonlySet<string>;
}

/** What a window keeps for a prompt beside its content. */
export const useForms = create<FormsState>(() => ({ values: {}, collapsed: new Set() }));

const keyOf = (promptId: string) => `prompt.values:${promptId}`;

/** Fetches the values that a prompt was last run with; a prompt without any starts with its first sample. */
export async function loadValues(
  promptId: string,
  samples: readonly { readonly inputs: InputValues }[],
): Promise<void> {
  if (useForms.getState().values[promptId] !== undefined) return;
  await loadState(keyOf(promptId));
  const remembered = recall(keyOf(promptId), formSchema.nullable(), null);
  setValues(promptId, remembered?.values ?? samples[0]?.inputs ?? {}, false);
}

/** Sets all values of a prompt's form. */
export function setValues(promptId: string, values: InputValues, keep = true): void {
  useForms.setState((state) => ({ values: { ...state.values, [promptId]: values } }));
  if (keep) remember(keyOf(promptId), { values });
}

/** Sets one value of a prompt's form; undefined leaves it to the default. */
export function setValue(promptId: string, name: string, value: Json | undefined): void {
  const { [name]: _before, ...others } = useForms.getState().values[promptId] ?? {};
  setValues(promptId, value === undefined ? others : { ...others, [name]: value });
}

/** Shows only the header of a message, or all of it. */
export function toggleCollapsed(messageKey: string): void {
  useForms.setState(({ collapsed }) => {
    const next = new Set(collapsed);
    if (!next.delete(messageKey)) next.add(messageKey);
    return { collapsed: next };
  });
}

/** The values of a prompt's form. */
export function useValues(promptId: string): InputValues {
  return useForms((state) => valuesOf(state, promptId));
}

/** The values of a prompt's form, outside of a view. */
export function valuesOf({ values }: FormsState, promptId: string): InputValues {
  return values[promptId] ?? noValues;
}
const noValues: InputValues = {};
