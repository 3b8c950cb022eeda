import type { PromptContent } from '../../../src-core/contract/content.ts';
import type { IncludedPrompt } from '../../../src-core/contract/prompts.ts';
import type { Change } from '../../../src-core/contract/workspace.ts';
import { client } from '../api.ts';
import { onChange } from '../changes.ts';
import type { InputValues } from '../drafts/input-values.ts';
import type { Attempt, Preview, Sources } from './preview.ts';
import PreviewWorker from './preview-worker.ts?worker';

/** What the worker is sent. */
export interface PreviewJob {
  readonly content: PromptContent;
  readonly values: InputValues;
  readonly sources: Sources;
}

interface Wanted extends Omit<PreviewJob, 'sources'> {
  readonly done: (preview: Preview) => void;
}

/** Most rounds of fetching, for a template whose includes name ever new prompts. */
const maxRounds = 64;

// Sources of included prompts, until they change.
const sources = new Map<string, IncludedPrompt | null>();
/** Changes so far; what was asked for before one of them may be what it was then. */
let changes = 0;
const listeners = new Set<() => void>();
onChange((change) => {
  changes += 1;
  const stale = [...sources].filter(([, included]) => mayReadOtherwise(included, change));
  if (stale.length === 0) return;
  for (const [name] of stale) sources.delete(name);
  for (const listener of listeners) listener();
});

/** Calls back when something that was included reads otherwise; returns the unsubscriber. */
export function onIncludesChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the text behind an included name may be another one after a change. */
function mayReadOtherwise(included: IncludedPrompt | null, { topic, ids }: Change): boolean {
  const isOfIt = ids.length === 0 || included === null || ids.includes(included.promptId);
  switch (topic) {
    // A name may mean another prompt now, or one at last.
    case 'prompts':
    case 'projects':
      return true;
    case 'versions':
    case 'labels':
      return isOfIt;
    case 'drafts':
      return isOfIt && included?.isDraft === true;
    default:
      return false;
  }
}

let worker: Worker | null = null;
/** Ends when the worker has answered everything that it was asked so far. */
let line: Promise<unknown> = Promise.resolve();
let isBusy = false;
let next: Wanted | null = null;

/** Asks for a preview; while one is being made only the newest request waits, older ones are never answered. */
export function requestPreview(wanted: Wanted): void {
  next = wanted;
  if (!isBusy) void work();
}

async function work(): Promise<void> {
  isBusy = true;
  while (next !== null) {
    const wanted = next;
    next = null;
    wanted.done(await renderPreview(wanted.content, wanted.values));
  }
  isBusy = false;
}

/** Renders a content as the host would, in a thread of its own. */
export async function renderPreview(content: PromptContent, values: InputValues): Promise<Preview> {
  try {
    for (let round = 0; ; round += 1) {
      const { preview, missing } = await attempt({ content, values, sources });
      if (missing.length === 0 || round === maxRounds) return preview;
      const before = changes;
      const fetched = await client.prompts.includes({ names: [...missing] });
      if (changes !== before) continue;
      for (const name of missing) sources.set(name, fetched[name] ?? null);
    }
  } catch (error) {
    const message = `The preview cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    const nowhere = { messageIndex: null, input: null, template: null, start: null, end: null } as const;
    return { messages: null, problems: [{ severity: 'error', code: 'preview', message, ...nowhere }] };
  }
}

/** One job after the other, because the worker's answers do not say which job they belong to. */
function attempt(job: PreviewJob): Promise<Attempt> {
  const answer = line.then(() => ask(job));
  line = answer.catch(() => {});
  return answer;
}

function ask(job: PreviewJob): Promise<Attempt> {
  worker ??= new PreviewWorker();
  const current = worker;
  return new Promise((resolve, reject) => {
    current.onmessage = ({ data }: MessageEvent<Attempt>) => resolve(data);
    current.onerror = (event) => {
      current.terminate();
      worker = null;
      reject(new Error(event.message || 'the renderer stopped.'));
    };
    current.postMessage(job);
  });
}
