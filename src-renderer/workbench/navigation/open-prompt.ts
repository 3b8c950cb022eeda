import type { PromptSummary } from '../../../src-core/contract/prompts.ts';
import { openTab } from '../tabs.ts';

/** How a prompt is called in lists and tabs. */
export function titleOf(prompt: Pick<PromptSummary, 'title' | 'name'>): string {
  return prompt.title || prompt.name;
}

/** Shows a prompt in a tab. */
export function openPrompt(
  prompt: Pick<PromptSummary, 'id' | 'title' | 'name'>,
  options?: { readonly preview?: boolean },
): void {
  openTab({ kind: 'prompt', id: prompt.id, title: titleOf(prompt) }, options);
}
