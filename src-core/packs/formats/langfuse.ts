import { labelNameSchema, latestLabel } from '../../contract/label-name.ts';
import { AppError } from '../../scope/errors.ts';
import type { Format } from '../format.ts';
import type { ImportedPrompt, ImportedVersion } from '../imported.ts';
import { type Group, groupEntries, hasTexts, versionOf } from '../langfuse/groups.ts';
import { type EntryDraft, type EntryNames, readEntry } from '../langfuse/read-entry.ts';
import { writeLangfuse } from '../langfuse/write.ts';
import type { Losses } from '../losses.ts';
import { toContent, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { createInputNames, promptName } from '../text/names.ts';
import { readJson } from '../text/read-json.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

type Raw = Readonly<Record<string, unknown>>;
/** By their names in Langfuse. */
type Groups = ReadonlyMap<string, Group>;

/** Keys of an entry that are read, and those that mean something in Langfuse's own database only. */
const readKeys = ['name', 'version', 'type', 'prompt', 'config', 'tags', 'labels', 'commitMessage'];
const databaseKeys = ['id', 'projectId', 'createdAt', 'updatedAt', 'isActive', 'resolutionGraph'];

/** Prompts of Langfuse: what its export writes and what its API answers. */
export const langfuse: Format = {
  title: 'Langfuse',
  ids: ['langfuse'],
  detect(source) {
    const json = source.json();
    if ('problem' in json) return null;
    const entries = entriesOf(json.value).filter(isMapping);
    if (entries.some((entry) => isEntry(entry) && hasTexts(entry))) return { id: 'langfuse', sureness: 'certain' };
    const isNamed = /^langfuse-prompts\b/.test(source.name);
    const isList = entries.some((entry) => isEntry(entry) && Array.isArray(entry.versions));
    return isList || (isNamed && entries.some(isEntry)) ? { id: 'langfuse', sureness: 'likely' } : null;
  },
  async read(source, { id }, losses) {
    const entries = entriesOf(withoutSecrets(readJson(source), losses));
    if (entries.length > 0 && !entries.some((entry) => isMapping(entry) && hasTexts(entry)))
      throw refusal(
        `${source.path} lists prompts without their texts, as Langfuse's list of prompts does. Export them in Langfuse, or fetch each prompt.`,
        { reason: 'no-texts' },
      );
    const groups = groupEntries(entries, losses);
    const bySource = new Map(groups.map((group) => [group.source, group]));
    const prompts = groups.flatMap((group) => readGroup(group, bySource, id, losses));
    if (prompts.length === 0) throw refusal(`${source.path} has no prompts with texts.`, { reason: 'no-messages' });
    return { prompts };
  },
  write: writeLangfuse,
};

/** A list, one entry, or a page of the API. */
function entriesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isMapping(value)) return [];
  return Array.isArray(value.data) ? value.data : [value];
}

function isEntry({ name, labels, config, version, versions, commitMessage }: Raw): boolean {
  if (typeof name !== 'string') return false;
  const hasOwn = Array.isArray(labels) || typeof version === 'number' || Array.isArray(versions);
  return hasOwn || isMapping(config) || typeof commitMessage === 'string';
}

/** A prompt with all of its versions; one that cannot be read is a loss. */
function readGroup(group: Group, groups: Groups, id: string, losses: Losses): readonly ImportedPrompt[] {
  const inputs = createInputNames(losses);
  const names: EntryNames = {
    source: group.source,
    inputs,
    include: (name, selector) => includeOf(name, selector, groups, losses),
  };
  const read = group.entries.flatMap((entry): readonly ReadVersion[] => {
    const draft = readEntry(entry, names, losses);
    if (draft !== null) return [{ entry, draft }];
    losses.add('dropped', 'entry', group.source, 'It has no text that can be imported.');
    return [];
  });
  try {
    const newest = read.at(-1);
    if (newest === undefined) return [];
    const earlier = read.slice(0, -1);
    const prompt = toImportedPrompt(
      {
        ...newest.draft,
        name: group.name,
        title: group.name === group.source ? undefined : group.source,
        tags: textsOf(newest.entry.tags),
        labels: labelsOf(newest.entry, losses),
        inputSources: inputs.sources(),
        versions: earlier.map((version) => toVersion(version, group, losses)),
        kept: keptOf(newest, earlier, group, losses),
      },
      { format: id },
      losses,
    );
    return [prompt];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    losses.add('dropped', 'entry', group.source, error.message);
    return [];
  }
}

interface ReadVersion {
  readonly entry: Raw;
  readonly draft: EntryDraft;
}

function toVersion({ entry, draft }: ReadVersion, { name }: Group, losses: Losses): ImportedVersion {
  return {
    content: toContent({ ...draft, name }, losses),
    note: textOf(entry.commitMessage),
    labels: labelsOf(entry, losses),
    source: String(versionOf(entry) ?? ''),
  };
}

function keptOf(newest: ReadVersion, earlier: readonly ReadVersion[], group: Group, losses: Losses): Raw {
  const { entry, draft } = newest;
  const unknown = Object.entries(entry).filter(
    ([key, value]) => ![...readKeys, ...databaseKeys, 'createdBy'].includes(key) && value !== null,
  );
  for (const [key] of unknown)
    losses.add(
      'kept',
      'unknown-key',
      `${group.source}.${key}`,
      'It is no key of the format. It is kept in the metadata.',
    );
  if (typeof entry.createdBy === 'string')
    losses.add('dropped', 'author', group.source, 'Who made it in Langfuse is nobody here.');
  const versions = earlier.map((version) =>
    withoutUndefined({ ...version.draft.kept, version: versionOf(version.entry) ?? undefined }),
  );
  return {
    ...draft.kept,
    name: group.name === group.source ? undefined : group.source,
    version: versionOf(entry) ?? undefined,
    commitMessage: textOf(entry.commitMessage) === '' ? undefined : entry.commitMessage,
    versions: versions.length === 0 ? undefined : versions,
    ...Object.fromEntries(unknown.map(([key, value]) => [`entry.${key}`, value])),
  };
}

function withoutUndefined(values: Raw): Raw {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Labels that can be given here; `latest` follows the newest version by itself, here and there. */
function labelsOf(entry: Raw, losses: Losses): readonly string[] {
  return textsOf(entry.labels).filter((label) => {
    if (label === latestLabel) return false;
    const parsed = labelNameSchema.safeParse(label);
    if (!parsed.success)
      losses.add('dropped', 'label', label, parsed.error.issues[0]?.message ?? 'It is no label here.');
    return parsed.success;
  });
}

/** The included prompt as it is named here; its versions are counted as here. */
function includeOf(source: string, selector: string, groups: Groups, losses: Losses): string {
  const group = groups.get(source);
  const name = group?.name ?? promptName(source);
  const value = selector.slice(selector.indexOf('=') + 1);
  if (group === undefined)
    losses.add('unresolved', 'include', source, `The included prompt "${source}" is not in the file.`);
  if (selector.startsWith('label=')) return value === latestLabel ? name : `${name}@${value.replace(/["\\\n]/g, '')}`;
  const index = group?.entries.findIndex((entry) => String(versionOf(entry)) === value) ?? -1;
  if (index >= 0) return `${name}@${index + 1}`;
  if (group !== undefined)
    losses.add(
      'unresolved',
      'include',
      `${source}|${selector}`,
      `The file does not have version ${value} of "${source}".`,
    );
  return /^\d{1,9}$/.test(value) ? `${name}@${value}` : name;
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).filter(
    (each): each is string => typeof each === 'string' && each.trim() !== '',
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
