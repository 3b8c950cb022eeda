import { AppError } from '../../scope/errors.ts';
import type { Format } from '../format.ts';
import type { ImportedPrompt } from '../imported.ts';
import type { Losses } from '../losses.ts';
import { createVariables, type Variables } from '../open-webui/variables.ts';
import { type PromptDraft, toContent, toImportedPrompt } from '../prompt-draft.ts';
import { refusal } from '../refusal.ts';
import { createInputNames } from '../text/names.ts';
import { readJson } from '../text/read-json.ts';
import { isMapping } from '../text/read-yaml.ts';
import { withoutSecrets } from '../text/secrets.ts';

type Raw = Readonly<Record<string, unknown>>;

const readKeys = ['command', 'name', 'title', 'content', 'tags', 'is_active'];
const people = ['user', 'user_id'];
const access = ['access_control', 'access_grants'];

/** Prompts that Open WebUI exports, of 2025 and of 2026, and the history of one. */
export const openWebui: Format = {
  title: 'Open WebUI prompts',
  ids: ['open-webui'],
  detect(source) {
    const json = source.json();
    if ('problem' in json) return null;
    const entries = entriesOf(json.value).filter(isMapping);
    return entries.some((entry) => isEntry(entry) || isHistory(entry))
      ? { id: 'open-webui', sureness: 'certain' }
      : null;
  },
  async read(source, { id }, losses) {
    const entries = entriesOf(withoutSecrets(readJson(source), losses));
    const groups = new Map<string, Raw[]>();
    for (const [index, entry] of entries.entries()) {
      const key = isMapping(entry) && isHistory(entry) ? `prompt ${String(entry.prompt_id)}` : `entry ${index}`;
      const content = isMapping(entry) ? (isHistory(entry) ? (entry.snapshot as Raw) : entry) : {};
      if (isEntry(content) && typeof content.content === 'string' && content.content.trim() !== '') {
        groups.set(key, [...(groups.get(key) ?? []), entry as Raw]);
        continue;
      }
      const where = typeof content.command === 'string' ? content.command : `[${index}]`;
      losses.add('dropped', 'entry', where, 'It has no text, so there is nothing to import.');
    }
    const prompts = [...groups.values()].flatMap((group) => readGroup(group, id, losses));
    if (prompts.length === 0) throw refusal(`${source.path} has no prompts with a text.`, { reason: 'no-messages' });
    return { prompts };
  },
};

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isMapping(value) ? [value] : [];
}

function isEntry(entry: Raw): boolean {
  const { command, name, title } = entry;
  return (
    typeof command === 'string' &&
    Object.hasOwn(entry, 'content') &&
    [name, title].some((each) => typeof each === 'string')
  );
}

function isHistory({ snapshot, prompt_id: prompt }: Raw): boolean {
  return isMapping(snapshot) && prompt !== undefined && Object.hasOwn(snapshot, 'content');
}

/** An entry, or the history of one prompt from its oldest state on. One that cannot be read is a loss. */
function readGroup(group: readonly Raw[], id: string, losses: Losses): readonly ImportedPrompt[] {
  const variables = createVariables(createInputNames(losses), losses);
  const states = group.toSorted((a, b) => timeOf(a) - timeOf(b));
  const drafts = states.map((state) => ({
    state,
    draft: draftOf(isHistory(state) ? (state.snapshot as Raw) : state, variables, losses),
  }));
  const { draft: newest } = drafts.at(-1)!;
  try {
    const versions = drafts.slice(0, -1).map(({ state, draft }) => ({
      content: toContent({ ...draft, inputs: variables.used(draft.messages) }, losses),
      note: typeof state.commit_message === 'string' ? state.commit_message : '',
      labels: [],
      source: typeof state.id === 'string' ? state.id : '',
    }));
    const draft = { ...newest, inputs: variables.used(newest.messages), inputSources: variables.sources(), versions };
    return [toImportedPrompt(draft, { format: id }, losses)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    losses.add('dropped', 'entry', newest.name, error.message);
    return [];
  }
}

function draftOf(entry: Raw, variables: Variables, losses: Losses): PromptDraft {
  const command = String(entry.command);
  const title = [entry.name, entry.title].find((each): each is string => typeof each === 'string') ?? '';
  const slug = command.replace(/^\/+/, '').trim();
  if (people.some((key) => hasValue(entry[key])))
    losses.add('dropped', 'author', command, 'Who made it there is nobody here.');
  if (access.some((key) => hasValue(entry[key])))
    losses.add('dropped', 'access-control', command, 'Who may see it there says nothing here.');
  const kept = Object.entries(entry).filter(
    ([key, value]) => ![...readKeys, ...people, ...access].includes(key) && hasValue(value),
  );
  if (kept.length > 0)
    losses.add(
      'kept',
      'entry-data',
      command,
      `What else it says (${kept.map(([key]) => key).join(', ')}) is kept in the metadata.`,
    );
  return {
    name: slug === '' ? title : slug,
    title,
    tags: tagsOf(entry.tags),
    messages: [{ role: 'user', content: variables.convert(entry.content as string) }],
    active: entry.is_active !== false,
    kept: {
      command,
      variables: variables.kept(),
      ...Object.fromEntries(kept.map(([key, value]) => [`entry.${key}`, value])),
    },
  };
}

function tagsOf(tags: unknown): readonly string[] {
  return (Array.isArray(tags) ? tags : []).flatMap((tag: unknown) => {
    const name = isMapping(tag) ? tag.name : tag;
    return typeof name === 'string' && name.trim() !== '' ? [name] : [];
  });
}

function hasValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function timeOf({ created_at: created }: Raw): number {
  return typeof created === 'number' ? created : 0;
}
