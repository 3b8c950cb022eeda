import { renameIncludes } from '../../content/templates/includes-of.ts';
import type { PromptContent } from '../../contract/content.ts';
import { withTemplates } from '../../contract/message-texts.ts';
import type { Writer } from '../../scope/scope.ts';
import { loadDraftContent, writeDraft } from '../drafts/drafts.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { createIncludeResolver, findUsages, includedNames, type ResolveInclude } from '../usages/usages.ts';
import { indexPrompt } from './change-prompt.ts';
import { assertNameIsFree, updateMetadata } from './prompt-metadata.ts';

/** What a prompt is to be called. */
export interface NewName {
  readonly id: string;
  readonly name: string;
}

export interface RenameOptions {
  /** Whether the includes in the drafts of others follow. */
  readonly rewriteIncludes: boolean;
  /** Told every now and then. */
  readonly onProgress?: (done: number, total: number) => Promise<void>;
}

interface Rewritten {
  readonly promptId: string;
  readonly name: string;
}

interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Prompts between two words about progress. */
const progressStep = 50;

/** Renames prompts and, when asked to, the includes of them in drafts, one step each; returns whose drafts. */
export async function renamePrompts(
  scope: Writer,
  names: readonly NewName[],
  { rewriteIncludes, onProgress = async () => {} }: RenameOptions,
): Promise<Rewritten[]> {
  const renamings = new Map<string, Renaming>();
  for (const { id, name } of names) {
    const { name: from } = await requirePrompt(scope, id);
    if (from !== name) renamings.set(id, { from, to: name });
  }
  const users = rewriteIncludes ? await findUsages(scope, [...renamings.keys()]) : [];
  const drafts = users.filter((usage) => usage.inDraft);
  const total = drafts.length + renamings.size;
  let done = 0;
  const step = async () => {
    done += 1;
    if (done % progressStep === 0 || done === total) await onProgress(done, total);
  };
  const resolve = createIncludeResolver(scope);
  for (const { promptId } of drafts) {
    const content = await loadDraftContent(scope, promptId);
    const body = await rewriteContent(resolve, content, renamings);
    await writeDraft(scope, promptId, body, { revision: null, coalesce: false });
    if (!renamings.has(promptId)) await indexPrompt(scope, promptId, body);
    await step();
  }
  for (const [id, { to }] of renamings) {
    await assertNameIsFree(scope, (await requirePrompt(scope, id)).project_id, to, id);
    await updateMetadata(scope, id, { name: to });
    await indexPrompt(scope, id);
    await step();
  }
  return drafts.map(({ promptId, name }) => ({ promptId, name: renamings.get(promptId)?.to ?? name }));
}

/** Every include of the prompts by their new names, with the project before and the version behind as they were. */
async function rewriteContent(
  resolve: ResolveInclude,
  content: PromptContent,
  renamings: ReadonlyMap<string, Renaming>,
): Promise<PromptContent> {
  const fresh = new Map<string, string>();
  for (const include of includedNames(content)) {
    const renaming = renamings.get((await resolve(include)) ?? '');
    if (renaming === undefined) continue;
    const { from, to } = renaming;
    const at = include.indexOf('@') < 0 ? include.length : include.indexOf('@');
    const [name, version] = [include.slice(0, at), include.slice(at)];
    // A former name has no known part to keep, so it becomes the new name alone.
    fresh.set(include, `${name.endsWith(from) ? name.slice(0, name.length - from.length) : ''}${to}${version}`);
  }
  const messages = content.messages.map((message) =>
    withTemplates(message, (text) => renameIncludes(text, content.syntax, (name) => fresh.get(name) ?? null)),
  );
  return { ...content, messages };
}
