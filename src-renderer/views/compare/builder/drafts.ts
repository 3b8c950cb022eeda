import { useEffect } from 'react';
import { z } from 'zod';
import { create } from 'zustand';
import { rowFormats } from '../../../../src-core/comparisons/parse-rows.ts';
import type { Comparison } from '../../../../src-core/contract/comparisons.ts';
import { contentSchema } from '../../../../src-core/contract/content.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { whenConnected } from '../../../live/api.ts';
import { currentSettings } from '../../../live/settings.ts';
import { loadState, recall, remember } from '../../../live/window-state.ts';
import { openTab, useTabs } from '../../../workbench/tabs.ts';

const draftPromptSchema = z.object({
  key: z.string(),
  promptId: z.string().nullable(),
  /** Null takes the prompt's draft. */
  versionId: z.string().nullable(),
  name: z.string(),
  /** Only where there is no prompt to take it from. */
  content: contentSchema.nullable(),
});
export type DraftPrompt = z.infer<typeof draftPromptSchema>;

export const samplingTextSchema = z.object({
  temperature: z.string(),
  topP: z.string(),
  maxTokens: z.string(),
  seed: z.string(),
  /** One stop sequence per line. */
  stop: z.string(),
});
/** Overrides of sampling as they are typed; empty leaves it to the prompt. */
export type SamplingText = z.infer<typeof samplingTextSchema>;

const draftSchema = z.object({
  title: z.string(),
  prompts: z.array(draftPromptSchema),
  models: z.array(z.string()),
  rowsFrom: z.enum(['form', 'text']),
  /** Values by input as typed; while there are none the samples of the prompts are used. */
  formRows: z.array(z.record(z.string(), z.string())),
  text: z.string(),
  format: z.enum(['auto', ...rowFormats]),
  skipBroken: z.boolean(),
  sampling: samplingTextSchema,
  concurrency: z.string(),
});
/** A comparison that is being put together. */
export type ComparisonDraft = z.infer<typeof draftSchema>;

const blankSampling: SamplingText = { temperature: '', topP: '', maxTokens: '', seed: '', stop: '' };
const useDrafts = create<Readonly<Record<string, ComparisonDraft>>>(() => ({}));
const stateKey = (id: string) => `compare.draft.${id}`;

/** The draft of a tab; null while it is read from where the window's state is kept. */
export function useDraft(id: string): ComparisonDraft | null {
  const draft = useDrafts((drafts) => drafts[id]);
  useEffect(() => {
    if (draft === undefined) void readDraft(id);
  }, [id, draft]);
  return draft ?? null;
}

/** Tries until the host has answered, because a failed read does not mean that there is no draft. */
async function readDraft(id: string): Promise<void> {
  if (useDrafts.getState()[id] !== undefined) return;
  const isRead = await whenConnected()
    .then(() => loadState(stateKey(id)))
    .then(
      () => true,
      () => false,
    );
  if (!isRead) return void setTimeout(() => void readDraft(id), retryDelayMs);
  if (useDrafts.getState()[id] === undefined)
    useDrafts.setState({ [id]: recall(stateKey(id), draftSchema, blankDraft()) });
}

const retryDelayMs = 250;

/** Changes a draft, and remembers it over restarts. */
export function changeDraft(id: string, changes: Partial<ComparisonDraft>): void {
  const draft = { ...(useDrafts.getState()[id] ?? blankDraft()), ...changes };
  useDrafts.setState({ [id]: draft });
  // Its types have keys that are never there, which JSON has not either.
  remember(stateKey(id), draft as unknown as Json);
}

/** Forgets a draft that became a comparison. */
export function dropDraft(id: string): void {
  remember(stateKey(id), null);
  useDrafts.setState((drafts) => Object.fromEntries(Object.entries(drafts).filter(([key]) => key !== id)), true);
}

/** Opens the builder, with these prompts or the one whose tab shows now. */
export function newComparison(
  options: { readonly prompts?: readonly { readonly id: string; readonly name: string }[] } = {},
): void {
  const prompts = options.prompts ?? shownPrompt();
  open({
    ...blankDraft(),
    prompts: prompts.map(({ id, name }) => ({
      key: crypto.randomUUID(),
      promptId: id,
      versionId: null,
      name,
      content: null,
    })),
  });
}

/** Opens the builder with everything that a comparison ran, to change and run again. */
export function editAsNew(comparison: Comparison): void {
  const { sampling } = comparison;
  open({
    ...blankDraft(),
    title: comparison.title,
    prompts: comparison.prompts.map((prompt) => ({
      key: crypto.randomUUID(),
      promptId: prompt.promptId,
      versionId: prompt.versionId,
      name: prompt.name,
      content: prompt.promptId === null ? prompt.content : null,
    })),
    models: comparison.models,
    rowsFrom: 'text',
    text: comparison.rows.some((row) => Object.keys(row).length > 0) ? JSON.stringify(comparison.rows, null, 2) : '',
    sampling: {
      temperature: textOf(sampling.temperature),
      topP: textOf(sampling.topP),
      maxTokens: textOf(sampling.maxTokens),
      seed: textOf(sampling.seed),
      stop: (sampling.stop ?? []).join('\n'),
    },
    concurrency: String(comparison.concurrency),
  });
}

const textOf = (value: number | undefined) => (value === undefined ? '' : String(value));

function open(draft: ComparisonDraft): void {
  const id = crypto.randomUUID();
  changeDraft(id, draft);
  openTab({ kind: 'comparison-draft', id, title: draft.title === '' ? 'New comparison' : `${draft.title} (new)` });
}

function shownPrompt(): readonly { readonly id: string; readonly name: string }[] {
  const { tabs, active } = useTabs.getState();
  const tab = tabs.find((one) => one.key === active && one.kind === 'prompt');
  return tab === undefined ? [] : [{ id: tab.id, name: tab.title }];
}

function blankDraft(): ComparisonDraft {
  const { defaultModel, defaultConcurrency } = currentSettings();
  return {
    title: '',
    prompts: [],
    // Two models make a comparison, and these two need no download.
    models: defaultModel === 'starter' ? ['starter', 'starter-q8'] : [defaultModel],
    rowsFrom: 'form',
    formRows: [],
    text: '',
    format: 'auto',
    skipBroken: false,
    sampling: blankSampling,
    concurrency: String(defaultConcurrency),
  };
}
