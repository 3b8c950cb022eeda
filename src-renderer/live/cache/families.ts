import type { Query, QueryKey } from '@tanstack/react-query';
import type { Prompt } from '../../../src-core/contract/prompts.ts';
import type { Topic } from '../../../src-core/contract/topics.ts';
import type { Version } from '../../../src-core/contract/versions.ts';
import { orpc, queryClient, staleMs } from '../api.ts';
import { hasNewestDraft, isKept } from './kept-prompts.ts';
import { idsIn, inputOf, queriesOf } from './queries.ts';

type Ids = ReadonlySet<string>;

/** Queries that a topic concerns. What is read by the id of a version or of a step never changes, and is in none. */
interface Family {
  readonly key: QueryKey;
  /** Which of them show one of the things with these ids. */
  readonly shows: (query: Query, ids: Ids) => boolean;
}

/** The field of their input names what they are about. */
function about(field: string, ...keys: readonly QueryKey[]): readonly Family[] {
  return keys.map((key) => ({
    key,
    shows: (query, ids) => ids.has(String(inputOf(query.queryKey)[field])),
  }));
}

/** One answer that sums up all things of the topic. */
function all(...keys: readonly QueryKey[]): readonly Family[] {
  return keys.map((key) => ({ key, shows: () => true }));
}

const families: Readonly<Record<Topic, readonly Family[]>> = {
  projects: [
    ...all(orpc.library.projects.key()),
    // A change names the project's id and not its name, by which these ask; they are few, and projects are rarely renamed.
    { key: orpc.prompts.list.key(), shows: isOfProject },
    { key: orpc.library.folders.key(), shows: isOfProject },
  ],
  drafts: [
    { key: orpc.prompts.get.key(), shows: (query, ids) => isOpenOf(query, ids) && !isCurrent(query) },
    ...about('id', orpc.prompts.draftSteps.key()),
    ...about('promptId', orpc.versions.previewMerge.key()),
    // A step stays as it is, once it could be read.
    { key: orpc.prompts.draftStep.key(), shows: ({ state }) => state.data === undefined },
  ],
  prompts: [{ key: orpc.prompts.get.key(), shows: isOpenOf }],
  versions: [
    { key: orpc.prompts.get.key(), shows: isOpenOf },
    ...about('id', orpc.prompts.draftSteps.key()),
    ...about(
      'promptId',
      orpc.versions.list.key(),
      orpc.versions.authors.key(),
      orpc.versions.log.key(),
      orpc.versions.previewMerge.key(),
      orpc.labels.list.key(),
      orpc.labels.preview.key(),
    ),
    // Until the home has numbered them: the one thing about a version that may still change.
    {
      key: orpc.versions.get.key(),
      shows: ({ state }, ids) => mayBeRenumbered(state.data as Version | undefined, ids),
    },
    { key: orpc.versions.blame.key(), shows: hasUnnumbered },
  ],
  labels: [
    ...about(
      'promptId',
      orpc.labels.list.key(),
      orpc.labels.history.key(),
      orpc.labels.preview.key(),
      orpc.versions.list.key(),
    ),
    ...all(orpc.labels.names.key()),
    { key: orpc.prompts.list.key(), shows: ({ queryKey }) => /label:/i.test(String(inputOf(queryKey).search ?? '')) },
  ],
  // One model at a time: see `models.ts`.
  models: [],
  runs: [...about('id', orpc.runs.get.key()), { key: orpc.runs.list.key(), shows: listedOrNew('runs') }],
  comparisons: [
    ...about('id', orpc.comparisons.get.key()),
    { key: orpc.comparisons.list.key(), shows: listedOrNew('comparisons') },
  ],
  imports: all(orpc.packs.imports.key()),
  settings: [
    ...all(orpc.settings.get.key()),
    ...[orpc.labels.list, orpc.labels.names, orpc.labels.preview].map(({ key }) => ({
      key: key(),
      shows: (_: Query, keys: Ids) => keys.has('protectedLabels'),
    })),
  ],
};

/** What only a look at everything can bring up to date. */
const whole: Readonly<Partial<Record<Topic, readonly QueryKey[]>>> = { models: [orpc.models.key()] };

/** What shows one of the things with these ids. */
export function queriesById(topic: Topic, ids: Ids): readonly Query[] {
  const found = families[topic].flatMap(({ key, shows }) => queriesOf(key).filter((query) => shows(query, ids)));
  if (topic === 'runs' || topic === 'comparisons') for (const id of ids) announce(topic, id);
  return found;
}

/**
 * Everything of a topic: after a lost connection nobody can say what changed meanwhile, and when a host says
 * "many", reading one after the other would take longer.
 */
export function allQueries(topic: Topic): readonly Query[] {
  const keys = [...families[topic].map(({ key }) => key), ...(whole[topic] ?? [])];
  return keys.flatMap((key) => queriesOf(key).filter((query) => !isFixed(query)));
}

// What never changes is not read again when it is shown again, either.
for (const queryKey of [orpc.versions.get.key(), orpc.versions.blame.key(), orpc.prompts.draftStep.key()])
  queryClient.setQueryDefaults(queryKey, {
    staleTime: (query) => (isFixed(query as unknown as Query) ? Number.POSITIVE_INFINITY : staleMs),
  });

/** An answer that stays as it is for good, or that somebody else in this window sees to. */
function isFixed(query: Query): boolean {
  const [path] = query.queryKey as readonly [readonly string[]];
  const { data } = query.state;
  switch (path.join('.')) {
    case 'prompts.get':
      return isKept(String(inputOf(query.queryKey).id));
    case 'versions.get':
      return data !== undefined && (data as Version).confirmed;
    case 'versions.blame':
      return data !== undefined && !hasUnnumbered(query);
    case 'prompts.draftStep':
      return data !== undefined;
    default:
      return false;
  }
}

/** What was read of versions of prompts that are gone, and is to say so. */
export function versionsOf(promptIds: Ids): readonly Query[] {
  return queriesOf(orpc.versions.get.key()).filter(({ state }) => {
    const version = state.data as Version | undefined;
    return version !== undefined && promptIds.has(version.promptId);
  });
}

/** Of a prompt that is open in this window, whoever has it open reads it. */
function isOpenOf({ queryKey }: Query, ids: Ids): boolean {
  const id = String(inputOf(queryKey).id);
  return ids.has(id) && !isKept(id);
}

function isCurrent({ state }: Query): boolean {
  return state.data !== undefined && hasNewestDraft(state.data as Prompt);
}

function isOfProject({ queryKey }: Query): boolean {
  return inputOf(queryKey).project !== undefined;
}

function mayBeRenumbered(version: Version | undefined, ids: Ids): boolean {
  return version !== undefined && !version.confirmed && ids.has(version.promptId);
}

interface BlamedLines {
  readonly lines: readonly { readonly confirmed: boolean }[];
}

function hasUnnumbered({ state }: Query): boolean {
  const messages = (state.data ?? []) as readonly BlamedLines[];
  return messages.some(({ lines }) => lines.some(({ confirmed }) => !confirmed));
}

/** Runs and comparisons that were heard of before; a list that does not show one of them by now never will. */
const announced = new Set<string>();
const mostAnnounced = 10_000;

function announce(topic: Topic, id: string): void {
  if (announced.size >= mostAnnounced) announced.clear();
  announced.add(`${topic} ${id}`);
}

/** Lists that show one of them, may show a new one, or leave out by what may have changed. */
function listedOrNew(topic: Topic): Family['shows'] {
  return ({ queryKey, state }, ids) => {
    const { status, search } = inputOf(queryKey);
    if (status !== undefined || (typeof search === 'string' && search !== '')) return true;
    const listed = idsIn(state.data);
    return [...ids].some((id) => listed.has(id) || !announced.has(`${topic} ${id}`));
  };
}
