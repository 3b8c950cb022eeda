import { includedNames, withIncludesRenamed } from '../../content/templates/includes-of.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { Usage } from '../../contract/library.ts';
import type { Writer } from '../../scope/scope.ts';
import { loadDraftContent, writeDraft } from '../drafts/drafts.ts';
import { requirePrompt } from '../stored/prompt-rows.ts';
import { createIncludeResolver, findUsages, type ResolveInclude } from '../usages/usages.ts';
import { indexPrompt } from './change-prompt.ts';
import { assertNameIsFree, projectName, updateMetadata } from './prompt-metadata.ts';

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
  readonly id: string;
  readonly project: string;
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
    const { name: from, project_id } = await requirePrompt(scope, id);
    if (from !== name) renamings.set(id, { id, project: await projectName(scope, project_id), from, to: name });
  }
  const users = rewriteIncludes ? await findUsages(scope, [...renamings.keys()]) : [];
  const drafts = users.filter((usage) => usage.inDraft);
  const total = drafts.length + renamings.size;
  let done = 0;
  const step = async () => {
    done += 1;
    if (done % progressStep === 0 || done === total) await onProgress(done, total);
  };
  const renamed = await renamedByInclude(scope, drafts, renamings);
  const rewriting = new Set(drafts.map(({ promptId }) => promptId));
  for (const [id, { to }] of renamings) {
    await assertNameIsFree(scope, (await requirePrompt(scope, id)).project_id, to, id);
    await updateMetadata(scope, id, { name: to });
    if (!rewriting.has(id)) await indexPrompt(scope, id);
    await step();
  }
  // Only now is it certain what a new name means.
  const newIncludeOf = createRenamer(createIncludeResolver(scope), renamed);
  for (const { promptId } of drafts) {
    const content = await loadDraftContent(scope, promptId);
    const body = await rewriteContent(content, newIncludeOf);
    await writeDraft(scope, promptId, body, { revision: null, coalesce: false });
    await indexPrompt(scope, promptId, body);
    await step();
  }
  return drafts.map(({ promptId, name }) => ({ promptId, name: renamings.get(promptId)?.to ?? name }));
}

/** Which renaming each include means that the users write, as long as the old names hold. */
async function renamedByInclude(
  scope: Writer,
  users: readonly Usage[],
  renamings: ReadonlyMap<string, Renaming>,
): Promise<ReadonlyMap<string, Renaming>> {
  const resolve = createIncludeResolver(scope);
  const renamed = new Map<string, Renaming>();
  for (const include of new Set(users.flatMap((usage) => usage.as))) {
    const renaming = renamings.get((await resolve(include)) ?? '');
    if (renaming !== undefined) renamed.set(include, renaming);
  }
  return renamed;
}

type NewIncludeOf = (include: string) => Promise<string | null>;

/** Tells how an include is written after the renamings, with the version behind as it was; null leaves it alone. */
function createRenamer(resolve: ResolveInclude, renamed: ReadonlyMap<string, Renaming>): NewIncludeOf {
  return async (include) => {
    const renaming = renamed.get(include);
    if (renaming === undefined) return null;
    const at = include.indexOf('@') < 0 ? include.length : include.indexOf('@');
    const version = include.slice(at);
    for (const name of newNames(include.slice(0, at), renaming))
      if ((await resolve(name)) === renaming.id) return `${name}${version}`;
    // The old name still finds the prompt, as a former one.
    return null;
  };
}

/**
 * What may take the place of a name, best first: the new name with the project before it that was there, alone, or with
 * the project of the prompt where another prompt is meant by the name alone. What stands before the first "/" may be
 * the folder of a former name, so each has to be looked up.
 */
function newNames(name: string, { project, from, to }: Renaming): readonly string[] {
  const slash = name.indexOf('/');
  const qualified = slash < 0 || name === from ? [] : [`${name.slice(0, slash)}/${to}`];
  return [...qualified, to, `${project}/${to}`];
}

async function rewriteContent(content: PromptContent, newIncludeOf: NewIncludeOf): Promise<PromptContent> {
  const fresh = new Map<string, string | null>();
  for (const include of includedNames(content)) fresh.set(include, await newIncludeOf(include));
  return withIncludesRenamed(content, (name) => fresh.get(name) ?? null);
}
