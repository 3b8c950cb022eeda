import { parseVersionRef } from '../../content/version-ref.ts';
import type { PromptContent } from '../../contract/content.ts';
import { isPlaceholder, partsOf } from '../../contract/message-texts.ts';
import type { IncludedPrompt } from '../../contract/prompts.ts';
import { AppError } from '../../scope/errors.ts';
import type { Reader } from '../../scope/scope.ts';
import { loadDraftContent } from '../drafts/drafts.ts';
import { findPromptId } from '../lookup/find-prompt.ts';
import { findVersion } from '../lookup/find-version.ts';
import { loadContent } from '../stored/contents.ts';

/** What a template gets when it includes a prompt: the template text of its messages, a blank line between them; nothing of media and calls. */
export function includedSource(content: PromptContent): string {
  return content.messages
    .filter((message) => !isPlaceholder(message))
    .map((message) =>
      partsOf(message)
        .flatMap((part) => (part.type === 'text' ? [part.text] : []))
        .join('\n\n'),
    )
    .join('\n\n');
}

/** Included prompts by name; null for names that no prompt, label or version answers to. */
export async function loadIncludes(
  scope: Reader,
  names: readonly string[],
): Promise<Record<string, IncludedPrompt | null>> {
  const sources: Record<string, IncludedPrompt | null> = Object.create(null);
  for (const name of names) sources[name] = await loadInclude(scope, name);
  return { ...sources };
}

/** The content that a reference means: a version, a label's version, or by default the latest version, else the draft. */
async function loadInclude(scope: Reader, name: string): Promise<IncludedPrompt | null> {
  try {
    const ref = parseVersionRef(name);
    const promptId = await findPromptId(scope, ref.name);
    const version = await findVersion(scope, promptId, ref);
    const content =
      version === null ? await loadDraftContent(scope, promptId) : await loadContent(scope, version.content_hash);
    return { source: includedSource(content), syntax: content.syntax, promptId, isDraft: version === null };
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid')) return null;
    throw error;
  }
}
