import { changeSize, diffContent } from '../../content/diff/diff-content.ts';
import { summariseChanges } from '../../content/diff/summarise-changes.ts';
import { unifiedDiff, unifiedTextDiff } from '../../content/diff/unified-diff.ts';
import { versionRefOf } from '../../content/version-name.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { ContentComparison, ContentRef } from '../../contract/content-diff.ts';
import { documentOfParts } from '../../contract/message-texts.ts';
import type { RenderedMessage } from '../../contract/messages.ts';
import type { JsonObject } from '../../contract/shared.ts';
import type { Reader } from '../../scope/scope.ts';
import type { IncludeCache } from '../../templates/with-includes.ts';
import { createTurns } from '../../turns.ts';
import { findEntry } from '../drafts/draft-journal.ts';
import { loadDraftContent } from '../drafts/drafts.ts';
import { requireVersion } from '../lookup/find-version.ts';
import { loadIncludes } from '../prompts/includes.ts';
import { renderFromLibrary } from '../prompts/render-from-library.ts';
import { loadContent, parseContent } from '../stored/contents.ts';
import { requirePrompt, toVersionSummary } from '../stored/prompt-rows.ts';

type Side = ContentComparison['before'] & { readonly content: PromptContent };

/** Everything that differs between two contents, in every form in which a person reads it. */
export async function compareContents(
  scope: Reader,
  refs: { readonly before: ContentRef; readonly after: ContentRef },
): Promise<ContentComparison> {
  const [before, after] = [await loadSide(scope, refs.before), await loadSide(scope, refs.after)];
  // Each step of very long contents takes a while; whoever asks for something else has a turn between two.
  const turns = createTurns();
  const diff = diffContent(before.content, after.content);
  await turns();
  const patch = unifiedDiff(before.content, after.content, { before: before.name, after: after.name });
  await turns();
  const named = ({ promptId, name, version }: Side) => ({ promptId, name, version });
  return {
    before: named(before),
    after: named(after),
    diff,
    summary: summariseChanges(diff),
    size: changeSize(diff),
    patch,
    rendered: await compareRendered(scope, before, after),
  };
}

async function loadSide(scope: Reader, ref: ContentRef): Promise<Side> {
  if (ref.kind === 'draft') {
    const { name } = await requirePrompt(scope, ref.promptId);
    const content = await loadDraftContent(scope, ref.promptId);
    return { promptId: ref.promptId, name: `${name}@draft`, version: null, content };
  }
  if (ref.kind === 'step') {
    const { name } = await requirePrompt(scope, ref.promptId);
    const { content } = await findEntry(scope, ref.promptId, ref.step);
    return {
      promptId: ref.promptId,
      name: `${name}@step-${ref.step.slice(0, 8)}`,
      version: null,
      content: parseContent(content),
    };
  }
  const version = await requireVersion(scope, ref.versionId);
  const { name } = await requirePrompt(scope, version.prompt_id);
  const summary = toVersionSummary(version);
  return {
    promptId: version.prompt_id,
    name: versionRefOf(name, summary),
    version: summary,
    content: await loadContent(scope, version.content_hash),
  };
}

async function compareRendered(scope: Reader, before: Side, after: Side): Promise<ContentComparison['rendered']> {
  const turns = createTurns();
  const cache: IncludeCache = new Map();
  const fetch = (names: readonly string[]) => loadIncludes(scope, names);
  const rendered: ContentComparison['rendered'] = [];
  for (const { name, inputs } of samplesOf(before.content, after.content)) {
    const old = await renderFromLibrary(fetch, before.content, inputs, cache);
    await turns();
    const fresh = await renderFromLibrary(fetch, after.content, inputs, cache);
    await turns();
    const [oldText, freshText] = [renderedText(old.messages), renderedText(fresh.messages)];
    const known = oldText !== null && freshText !== null;
    rendered.push({
      sample: name,
      before: old,
      after: fresh,
      same: known && oldText === freshText,
      patch: known ? unifiedTextDiff(oldText, freshText, { before: before.name, after: after.name }) : '',
    });
  }
  return rendered;
}

/** The samples of the newer side, then those that only the older one has; without any, no values at all. */
function samplesOf(before: PromptContent, after: PromptContent) {
  const names = new Set(after.samples.map((sample) => sample.name));
  const samples = [...after.samples, ...before.samples.filter((sample) => !names.has(sample.name))];
  if (samples.length > 0) return samples;
  const needsValues = [...before.inputs, ...after.inputs].some(
    (input) => input.required && input.default === undefined,
  );
  return needsValues ? [] : [{ name: 'no inputs', inputs: {} as JsonObject }];
}

function renderedText(messages: readonly RenderedMessage[] | null): string | null {
  return messages?.map(({ role, content }) => `=== ${role} ===\n${documentOfParts(content)}\n`).join('\n') ?? null;
}
