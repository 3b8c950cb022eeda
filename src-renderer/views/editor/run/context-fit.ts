/** Whether a prompt and its answer fit into a model's context. */
export type ContextFit =
  | { readonly kind: 'unknown' | 'fits' }
  /** The prompt fits, but leaves less than the longest allowed answer, or hardly anything, for the answer. */
  | { readonly kind: 'tight'; readonly left: number }
  | { readonly kind: 'over'; readonly by: number };

/** Below this share of the context an answer of unknown length is likely to be cut. */
const comfortableShare = 0.1;

/** How a prompt of that many tokens fits; `maxTokens` is the longest allowed answer, when it is limited. */
export function fitOf(total: number, context: number | null, maxTokens: number | undefined): ContextFit {
  if (context === null) return { kind: 'unknown' };
  const left = context - total;
  if (left <= 0) return { kind: 'over', by: total - context };
  return left < (maxTokens ?? context * comfortableShare) ? { kind: 'tight', left } : { kind: 'fits' };
}
