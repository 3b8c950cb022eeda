import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { Draft, Prompt, TypedTexts } from '../../../src-core/contract/prompts.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  /** Typed a moment ago, or on its way. */
  | { readonly kind: 'saving' }
  /** The host is away; the draft is sent when it is back. */
  | { readonly kind: 'waiting' }
  /** The host refused it; it is kept here and sent again later and with the next change. */
  | { readonly kind: 'refused'; readonly message: string };

/** What one window knows of one prompt's draft. */
export interface DraftState {
  /** Metadata and the draft as they were last read or saved. */
  readonly prompt: Prompt;
  /** What the person sees, saved or not. */
  readonly content: PromptContent;
  /** Texts of fields that are not valid yet or not in effect yet; the fields show them in place of the content. */
  readonly typed: TypedTexts;
  /** Identities of `content.messages`, in the same order. */
  readonly messageKeys: readonly string[];
  readonly save: SaveState;
  /** Another window's draft that this one's unsaved changes are not based on; nothing is saved until a person decides. */
  readonly conflict: Draft | null;
  /** Why texts that looked right were not taken over, by their paths. */
  readonly fieldErrors: Readonly<Record<string, string>>;
}

/** A prompt with another draft. */
export function withDraft(prompt: Prompt, draft: Draft): Prompt {
  return { ...prompt, draft };
}
