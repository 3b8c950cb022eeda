import { type PromptContent, type Sampling, samplingSchema } from '../contract/content.ts';
import { assertWritten, loadDraft, loadState } from '../library/drafts/drafts.ts';
import { assertNothingUnfinished } from '../library/drafts/typed-texts.ts';
import { requireVersion } from '../library/lookup/find-version.ts';
import { loadContent } from '../library/stored/contents.ts';
import { requirePrompt } from '../library/stored/prompt-rows.ts';
import { AppError } from '../scope/errors.ts';
import type { Reader } from '../scope/scope.ts';
import type { RunOrigin } from './run-rows.ts';

interface ContentSource {
  readonly promptId?: string | undefined;
  readonly versionId?: string | undefined;
  readonly content?: PromptContent | undefined;
}

export interface ChosenContent {
  readonly content: PromptContent;
  readonly origin: RunOrigin;
}

/** What is asked for on top of the content's own settings wins, field by field. */
export function mergeSampling(content: PromptContent, override: Sampling | undefined): Sampling {
  return samplingSchema.parse({ ...content.settings, ...override });
}

/** The content that a run or a comparison means: a version, a given content, or a prompt's draft. */
export async function chooseContent(scope: Reader, source: ContentSource): Promise<ChosenContent> {
  if (source.versionId !== undefined) {
    const version = await requireVersion(scope, source.versionId);
    const { id, name } = await requirePrompt(scope, version.prompt_id);
    const origin = { promptId: id, promptName: name, versionId: version.id, versionNumber: version.number };
    return { content: await loadContent(scope, version.content_hash), origin };
  }
  const prompt = source.promptId === undefined ? null : await requirePrompt(scope, source.promptId);
  const origin = {
    promptId: prompt?.id ?? null,
    promptName: prompt?.name ?? null,
    versionId: null,
    versionNumber: null,
  };
  if (source.content) return { content: source.content, origin };
  if (!prompt) throw new AppError('invalid', 'Nothing to run: give a prompt, a version or a content.');
  assertWritten(await loadState(scope, prompt.id));
  const draft = await loadDraft(scope, prompt.id);
  assertNothingUnfinished(draft.content, draft.typed);
  const unchanged = draft.baseVersion?.hash === draft.hash ? draft.baseVersion : null;
  return {
    content: draft.content,
    origin: { ...origin, versionId: unchanged?.id ?? null, versionNumber: unchanged?.number ?? null },
  };
}
