import { originName } from '../../../src-core/content/version-name.ts';
import type { Run, RunSummary } from '../../../src-core/contract/runs.ts';
import { attempt } from '../../components/overlays/attempt.ts';
import { confirm } from '../../components/overlays/confirm.tsx';
import { toast } from '../../components/overlays/toast.tsx';
import { client, orpc, queryClient } from '../../live/api.ts';
import { dropTabs, openTab, tabKey } from '../../workbench/tabs.ts';

const refresh = () => queryClient.invalidateQueries({ queryKey: orpc.runs.key() });

/** Name of a run for tabs and lists. */
export function runTitle(run: Pick<RunSummary, 'promptName' | 'versionNumber' | 'versionConfirmed'>): string {
  if (run.promptName === null) return 'Loose prompt';
  const version = originName(run);
  return version === null ? run.promptName : `${run.promptName} ${version}`;
}

/** Shows a run in its tab. */
export function openRun(
  run: Pick<RunSummary, 'id' | 'promptName' | 'versionNumber' | 'versionConfirmed'>,
  preview = false,
): void {
  openTab({ kind: 'run', id: run.id, title: runTitle(run) }, { preview });
}

/** Stops a run; what it has written stays. */
export async function cancelRun(id: string): Promise<void> {
  await attempt('The run was not cancelled', () => client.runs.cancel({ id }));
}

/** Runs exactly the same again as a new run, and shows it. */
export async function rerun(run: Run): Promise<void> {
  const started = await attempt('The run was not started', () =>
    client.runs.start({
      ...(run.promptId !== null && { promptId: run.promptId }),
      ...(run.versionId !== null ? { versionId: run.versionId } : { content: run.content }),
      inputs: run.inputs,
      model: run.model,
      sampling: run.sampling,
    }),
  );
  if (started) openRun({ ...run, id: started.id });
  await refresh();
}

/** Says whether an output was good (1), bad (0) or neither (null). */
export async function scoreRun(id: string, score: number | null): Promise<void> {
  await attempt('The score was not saved', () => client.runs.score({ id, score }));
  await refresh();
}

/** Deletes runs after asking. */
export async function removeRuns(ids: readonly string[]): Promise<void> {
  const what = ids.length === 1 ? 'this run' : `${ids.length} runs`;
  const yes = await confirm({
    title: `Delete ${what}?`,
    description: 'The output and its figures are gone for good. The prompt is not touched.',
    action: 'Delete',
    danger: true,
  });
  if (!yes) return;
  const done = await attempt('Nothing was deleted', () => client.runs.remove({ ids: [...ids] }));
  if (!done) return;
  dropTabs(ids.map((id) => tabKey({ kind: 'run', id })));
  await refresh();
}

/**
 * Opens the editor with exactly the content that ran: the prompt itself while its draft still is that content, else a
 * new prompt made from it, so that nobody's draft is overwritten.
 */
export async function openInEditor(run: Run): Promise<void> {
  const prompt = run.promptId === null ? null : await client.prompts.get({ id: run.promptId }).catch(() => null);
  if (prompt !== null && prompt.draft.hash === run.contentHash) {
    return openTab({ kind: 'prompt', id: prompt.id, title: prompt.title || prompt.name });
  }
  const name = `${prompt?.name ?? 'from-run'}-${run.id.slice(0, 6)}`;
  const copy =
    (await client.prompts.find({ name }).catch(() => null)) ??
    (await attempt('The content could not be opened', () =>
      client.prompts.create({
        name,
        description: `What ran on ${new Date(run.createdAt).toLocaleString()} with ${run.model}.`,
        content: run.content,
      }),
    ));
  if (copy === null) return;
  openTab({ kind: 'prompt', id: copy.id, title: copy.title || copy.name });
  toast(`Opened as ${name}`, {
    description:
      prompt === null
        ? 'The content as it ran.'
        : `${prompt.name} has changed since this run, so its content was opened as a copy.`,
  });
}

/** Opens the comparison that a run is a cell of. */
export function openComparisonOf(run: Pick<Run, 'comparisonId'>): void {
  if (run.comparisonId !== null) openTab({ kind: 'comparison', id: run.comparisonId, title: 'Comparison' });
}
