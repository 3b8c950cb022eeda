import { checkContent } from '../../../src-core/content/templates/check-content.ts';
import type { ContentProblem } from '../../../src-core/content/templates/content-problem.ts';
import { renderContent } from '../../../src-core/content/templates/render-content.ts';
import type { PromptContent, Role } from '../../../src-core/contract/content.ts';
import type { IncludedPrompt } from '../../../src-core/contract/prompts.ts';
import type { InputValues } from '../drafts/input-values.ts';
import { type PackedSpans, packSpans } from './packed-spans.ts';

/** A message as a model would be sent it. */
export interface PreviewMessage {
  readonly role: Role;
  readonly text: string;
  /** Which stretch of `text` came from where. */
  readonly spans: PackedSpans;
}

/** A prompt as a model would be sent it, and what is wrong with it. */
export interface Preview {
  /** Null when it cannot be rendered. */
  readonly messages: readonly PreviewMessage[] | null;
  /** Errors first. */
  readonly problems: readonly ContentProblem[];
}

/** Included prompts by name; null for names that no prompt has. */
export type Sources = ReadonlyMap<string, IncludedPrompt | null>;

/** The preview as far as the known sources allow, and the names whose sources it would need too. */
export interface Attempt {
  readonly preview: Preview;
  readonly missing: readonly string[];
}

/** Renders with the engine that the host renders with. */
export function attemptPreview(content: PromptContent, values: InputValues, sources: Sources): Attempt {
  const missing = new Set<string>();
  const loader = {
    load: (name: string) => {
      const found = sources.get(name);
      if (found === undefined) missing.add(name);
      return found ?? null;
    },
  };
  const checked = checkContent(content, loader);
  const { messages, problems } = renderContent(content, values, { loader });
  const packed = messages?.map(({ role, text, sourceMap }) => ({ role, text, spans: packSpans(sourceMap) })) ?? null;
  return { preview: { messages: packed, problems: merged(checked, problems) }, missing: [...missing] };
}

/** Both lists hold problems of syntax and declarations; each is shown once. */
function merged(...lists: readonly (readonly ContentProblem[])[]): readonly ContentProblem[] {
  const seen = new Map<string, ContentProblem>();
  for (const problem of lists.flat()) {
    const key = JSON.stringify([problem.code, problem.message, problem.messageIndex, problem.start]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()].sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}
