import { renameIncludes } from '../content/includes-of.ts';
import type { PromptContent } from '../contract/content.ts';
import type { LibraryCore } from '../core.ts';
import type { Database } from '../ports.ts';
import { indexPrompt } from '../prompts/change-prompt.ts';
import { loadDraftContent, writeDraft } from '../prompts/drafts.ts';
import { assertNameIsFree, updateMetadata } from '../prompts/prompt-metadata.ts';
import { requirePrompt } from '../prompts/prompt-rows.ts';
import { createIncludeResolver, findUsages, includedNames } from './usages.ts';

interface Rename {
  readonly id: string;
  readonly name: string;
  readonly rewriteIncludes: boolean;
}

interface Rewritten {
  readonly promptId: string;
  readonly name: string;
}

/** Renames a prompt and, when asked to, the includes of it in the drafts of others; returns those. */
export async function renamePrompt(
  core: LibraryCore,
  trx: Database,
  rename: Rename,
  now: string,
): Promise<Rewritten[]> {
  const { id, name } = rename;
  const prompt = await requirePrompt(trx, id);
  if (prompt.name === name) return [];
  await assertNameIsFree(trx, prompt.project, name, id);
  const rewritten: Rewritten[] = [];
  const users = rename.rewriteIncludes ? await findUsages(core, trx, [id]) : [];
  for (const user of users.filter((usage) => usage.inDraft)) {
    const content = await loadDraftContent(trx, user.promptId);
    const body = await rewriteContent(trx, content, id, prompt.name, name);
    await writeDraft(trx, user.promptId, body, { revision: null, now, coalesce: false });
    await indexPrompt(core, trx, user.promptId);
    rewritten.push({ promptId: user.promptId, name: user.name });
  }
  await updateMetadata(core, trx, id, { name }, now);
  return rewritten;
}

/** Every include of the prompt by its new name, with the project before and the version behind it as they were. */
async function rewriteContent(
  trx: Database,
  content: PromptContent,
  id: string,
  from: string,
  to: string,
): Promise<PromptContent> {
  const resolve = createIncludeResolver(trx);
  const fresh = new Map<string, string>();
  for (const include of includedNames(content)) {
    if ((await resolve(include)) !== id) continue;
    const at = include.indexOf('@') < 0 ? include.length : include.indexOf('@');
    const [name, version] = [include.slice(0, at), include.slice(at)];
    // A former name has no known part to keep, so it becomes the new name alone.
    fresh.set(include, `${name.endsWith(from) ? name.slice(0, name.length - from.length) : ''}${to}${version}`);
  }
  const messages = content.messages.map((message) => ({
    ...message,
    content: renameIncludes(message.content, content.syntax, (name) => fresh.get(name) ?? null),
  }));
  return { ...content, messages };
}
