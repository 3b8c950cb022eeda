import { checkContent } from '../../../src-core/content/templates/check-content.ts';
import type { ContentProblem } from '../../../src-core/content/templates/content-problem.ts';
import { renderContent } from '../../../src-core/content/templates/render-content.ts';
import { contentOfRendered, type RenderedMessage } from '../../../src-core/content/templates/rendered-message.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import { documentOfParts } from '../../../src-core/contract/message-texts.ts';
import type { RenderedPart, Role } from '../../../src-core/contract/messages.ts';
import type { IncludedPrompt } from '../../../src-core/contract/prompts.ts';
import type { InputValues } from '../drafts/input-values.ts';
import { type PackedSpans, packSpans } from './packed-spans.ts';

/** A message as a model would be sent it. */
export interface PreviewMessage {
  readonly role: Role;
  /** Which of the content's messages it came from. */
  readonly messageIndex: number;
  /** As it reads; parts that are no text as lines that name them. */
  readonly text: string;
  /** What is sent. */
  readonly content: string | readonly RenderedPart[];
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
  const packed = messages?.map(packMessage) ?? null;
  return { preview: { messages: packed, problems: merged(checked, problems) }, missing: [...missing] };
}

function packMessage(message: RenderedMessage): PreviewMessage {
  const { role, messageIndex, sourceMap } = message;
  const content = contentOfRendered(message);
  return { role, messageIndex, text: documentOfParts(content), content, spans: packSpans(sourceMap) };
}

/** Both lists hold problems of syntax and declarations; each is shown once. */
function merged(...lists: readonly (readonly ContentProblem[])[]): readonly ContentProblem[] {
  const seen = new Map<string, ContentProblem>();
  for (const problem of lists.flat()) {
    const key = JSON.stringify([problem.code, problem.message, problem.messageIndex, problem.part, problem.start]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()].sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}
