import type { Query } from '@tanstack/react-query';
import type { Topic } from '../../../src-core/contract/topics.ts';
import type { Change } from '../../../src-core/contract/workspace.ts';
import { clientId } from '../ports.ts';
import { allQueries, queriesById, versionsOf } from './families.ts';
import { noteRevisions } from './kept-prompts.ts';
import { showModels } from './models.ts';
import { dropPrompts, readLists, showDrafts, showPrompts } from './prompt-rows.ts';
import { readAgain } from './queries.ts';

/** What came together is looked at together, milliseconds. */
const gatherMs = 40;
/** Many changes of a kind, as of a running comparison, become one look per interval. */
const throttleMs = 250;
/** Steps of a draft that this window types itself need not be listed at once. */
const ownTypingMs = 1_000;

/** Things of a topic that changed. */
interface Gathered {
  /** Null means any. */
  readonly ids: ReadonlySet<string> | null;
  /** Those of them that are gone for good. */
  readonly removed: ReadonlySet<string>;
}

let waiting = new Map<Topic, Gathered>();
let timer: ReturnType<typeof setTimeout> | undefined;
let dueAt = Number.POSITIVE_INFINITY;
let lookedAt = Number.NEGATIVE_INFINITY;

/** Brings what the window has read of something up to date with a change of it; what did not change is not read again. */
export function refresh(change: Change): void {
  if (isShownAlready(change)) return;
  const { topic, ids, kind, origin, drafts = [] } = change;
  if (topic === 'drafts') {
    noteRevisions(drafts);
    showDrafts(drafts);
  }
  const before = waiting.get(topic);
  const isMany = ids.length === 0 || before?.ids === null;
  waiting.set(topic, {
    ids: isMany ? null : new Set([...(before?.ids ?? []), ...ids]),
    removed: new Set([...(before?.removed ?? []), ...(kind === 'removed' ? ids : [])]),
  });
  schedule(topic === 'drafts' && origin === clientId ? ownTypingMs : gatherMs);
}

/** The answer to a change of settings says what all settings are; only protecting a label answers nothing. */
function isShownAlready({ topic, ids, origin }: Change): boolean {
  return topic === 'settings' && origin === clientId && !ids.includes('protectedLabels');
}

function schedule(delayMs: number): void {
  const due = Math.max(performance.now() + delayMs, lookedAt + throttleMs);
  if (due >= dueAt) return;
  clearTimeout(timer);
  dueAt = due;
  timer = setTimeout(look, due - performance.now());
}

function look(): void {
  const gathered = waiting;
  waiting = new Map();
  dueAt = Number.POSITIVE_INFINITY;
  lookedAt = performance.now();
  const rows = new Set<string>();
  // One commit may be told of as changes of several topics, which concern the same queries.
  const stale = new Set<Query>();
  let isAnyPrompt = false;
  for (const [topic, { ids, removed }] of gathered) {
    for (const query of ids === null ? allQueries(topic) : queriesById(topic, ids)) stale.add(query);
    switch (topic) {
      case 'prompts':
      case 'versions':
        isAnyPrompt ||= ids === null;
        for (const id of ids ?? []) rows.add(id);
        if (removed.size > 0) dropPrompts(removed);
        for (const query of versionsOf(removed)) stale.add(query);
        for (const id of removed) rows.delete(id);
        break;
      case 'drafts':
        isAnyPrompt ||= ids === null;
        break;
      case 'models':
        if (ids !== null) showModels(ids, removed);
        break;
      default:
    }
  }
  for (const query of stale) readAgain(query);
  if (isAnyPrompt) readLists();
  else if (rows.size > 0) void showPrompts(rows);
}
