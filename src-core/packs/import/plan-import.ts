import { diffContent } from '../../content/diff/diff-content.ts';
import { summariseChanges } from '../../content/diff/summarise-changes.ts';
import { canonicalContent, hashText } from '../../content/hash-content.ts';
import { withIncludesRenamed } from '../../content/templates/includes-of.ts';
import { documentOf } from '../../contract/message-texts.ts';
import type { ImportAction, PlannedItem } from '../../contract/packs.ts';
import { promptNameSchema } from '../../contract/shared.ts';
import { loadState } from '../../library/drafts/drafts.ts';
import { parseContent } from '../../library/stored/contents.ts';
import { versionRow } from '../../library/stored/prompt-rows.ts';
import { AppError } from '../../scope/errors.ts';
import { prepared, type ValueOf } from '../../scope/prepared.ts';
import type { Reader } from '../../scope/scope.ts';
import { storedObject } from '../../tables/stored-fields.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { ReadGiven } from './read-given.ts';

/** An item of a plan with what it brings. */
export interface Planned {
  readonly item: PlannedItem;
  readonly prompt: ImportedPrompt;
}

const actionsOf = {
  new: ['create', 'skip'],
  identical: ['skip', 'keep-both'],
  changed: ['new-version', 'replace-draft', 'keep-both', 'skip'],
  conflicting: ['keep-both', 'new-version', 'replace-draft', 'skip'],
} as const satisfies Readonly<Record<PlannedItem['state'], readonly ImportAction[]>>;

const excerptLength = 160;

/** How each prompt of the files stands to those of the project. */
export async function planImport(
  scope: Reader,
  files: readonly ReadGiven[],
  { project, folder }: { readonly project: string; readonly folder: string },
): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const { report, index, prompt, name } of namedPrompts(files, folder)) {
    const known = await knownPrompt(scope, project, name);
    const { state, change } =
      known === null ? { state: 'new' as const, change: '' } : await compare(scope, known, prompt);
    const actions = actionsOf[state];
    planned.push({
      prompt,
      item: {
        key: `${report.path}#${index}`,
        path: report.path,
        format: report.format,
        name,
        title: prompt.title,
        state,
        promptId: known?.id ?? null,
        action: actions[0],
        actions: [...actions],
        versions: prompt.versions.length + 1,
        labels: [...prompt.labels],
        change,
        excerpt: documentOf(prompt.content.messages[0]!).slice(0, excerptLength),
      },
    });
  }
  return planned;
}

interface NamedPrompt {
  readonly report: ReadGiven['report'];
  readonly index: number;
  readonly prompt: ImportedPrompt;
  readonly name: string;
}

/** The prompts under the names that they get, and including each other by these. */
function namedPrompts(files: readonly ReadGiven[], folder: string): readonly NamedPrompt[] {
  const taken = new Map<string, number>();
  return files.flatMap(({ report, prompts }) => {
    const named = prompts.map((prompt, index) => {
      return { report, index, prompt, name: distinct(nameIn(folder, prompt.name), taken) };
    });
    const names = new Map(named.map(({ prompt, name }) => [prompt.name, name]));
    return named.map((each) => ({ ...each, prompt: includingBy(each.prompt, names) }));
  });
}

function includingBy(prompt: ImportedPrompt, names: ReadonlyMap<string, string>): ImportedPrompt {
  const rename = (include: string): string | null => {
    const name = nameOf(include);
    const fresh = names.get(name) ?? name;
    return fresh === name ? null : `${fresh}${include.slice(name.length)}`;
  };
  if (prompt.includes.every((include) => rename(include) === null)) return prompt;
  const versions = prompt.versions.map((version) => ({
    ...version,
    content: withIncludesRenamed(version.content, rename),
  }));
  return { ...prompt, versions, content: withIncludesRenamed(prompt.content, rename) };
}

/** Without the version behind it, as in `support/tone@production`. */
function nameOf(include: string): string {
  return include.replace(/@.*$/s, '');
}

/** Two files may bring prompts of one name. */
function distinct(name: string, taken: Map<string, number>): string {
  const number = (taken.get(name) ?? 0) + 1;
  taken.set(name, number);
  return number === 1 ? name : distinct(`${name}-${number}`, taken);
}

function nameIn(folder: string, name: string): string {
  const whole = folder.trim() === '' ? name : `${folder.trim().replace(/\/+$/, '')}/${name}`;
  const checked = promptNameSchema.safeParse(whole);
  if (checked.success) return whole;
  throw new AppError('invalid', `"${whole}" cannot be a name: ${checked.error.issues[0]?.message}`, { name: whole });
}

interface KnownPrompt {
  readonly id: string;
  readonly metadata: string;
  readonly latest_version_id: string | null;
  readonly status: string;
}

async function knownPrompt({ db }: Reader, project: string, name: string): Promise<KnownPrompt | null> {
  return (await promptByName(db, { project, name }))[0] ?? null;
}

const promptByName = prepared((db, value: ValueOf<{ project: string; name: string }>) =>
  db
    .selectFrom('prompts')
    .innerJoin('projects', 'projects.id', 'prompts.project_id')
    .select(['prompts.id', 'prompts.metadata', 'prompts.latest_version_id', 'prompts.status'])
    .where('projects.name', '=', value('project'))
    .where('prompts.name', '=', value('name')),
);

/** A prompt that came from an import and has not been touched since is changed by the next one; any other conflicts with it. */
async function compare(scope: Reader, known: KnownPrompt, { content }: ImportedPrompt) {
  const body = canonicalContent(content);
  const { draft, entry } = await loadState(scope, known.id);
  const latest = known.latest_version_id === null ? null : await versionRow(scope, known.latest_version_id);
  const hash = hashText(body);
  if (known.status === 'trashed') return { state: 'changed' as const, change: 'It is in the trash, and comes back.' };
  if (draft.hash === hash || latest?.content_hash === hash) return { state: 'identical' as const, change: '' };
  const change = summariseChanges(diffContent(parseContent(entry.content), content));
  return {
    state: isUntouched(known, latest?.content_hash, draft.hash) ? ('changed' as const) : ('conflicting' as const),
    change,
  };
}

function isUntouched({ metadata }: KnownPrompt, latestHash: string | undefined, draftHash: string): boolean {
  const { import: origin } = storedObject(metadata);
  if (typeof origin !== 'object' || origin === null || !('hash' in origin)) return false;
  return origin.hash === draftHash && (latestHash === undefined || latestHash === draftHash);
}
