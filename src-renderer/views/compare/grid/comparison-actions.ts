import { cellsToCsv, cellsToMarkdown, type WholeCell } from '../../../../src-core/comparisons/export-cells.ts';
import type { Cell, Comparison } from '../../../../src-core/contract/comparisons.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { confirm } from '../../../components/overlays/confirm.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { client, orpc, queryClient } from '../../../live/api.ts';
import { desktop } from '../../../workbench/desktop.ts';
import { dropTabs, openTab, tabKey } from '../../../workbench/tabs.ts';
import { watchGrid } from './grid-session.ts';
import type { GridStore } from './grid-store.ts';

const refresh = () => queryClient.invalidateQueries({ queryKey: orpc.comparisons.key() });

/** Shows a comparison in its tab. */
export function openComparison(comparison: { readonly id: string; readonly title: string }, preview = false): void {
  openTab({ kind: 'comparison', id: comparison.id, title: comparison.title }, { preview });
}

/** Stops all that waits and runs; finished cells stay. */
export async function cancelComparison(id: string): Promise<void> {
  await attempt('The comparison was not cancelled', () => client.comparisons.cancel({ id }));
  await refresh();
}

/** Runs cells again in their places: these, or all that failed. */
export async function rerunCells(id: string, cells: 'failed' | readonly Cell[]): Promise<void> {
  const which = cells === 'failed' ? cells : cells.map(({ runId }) => runId);
  await attempt('The cells were not run again', () => client.comparisons.rerun({ id, cells: which }));
  watchGrid(id);
  await refresh();
}

/** Gives a comparison another title. */
export async function renameComparison(id: string, title: string): Promise<boolean> {
  const done = await attempt('The title was not saved', () => client.comparisons.rename({ id, title }));
  await refresh();
  return done !== null;
}

/** Deletes a comparison with all its runs after asking. */
export async function removeComparison(comparison: Pick<Comparison, 'id' | 'title'>): Promise<void> {
  const yes = await confirm({
    title: `Delete “${comparison.title}”?`,
    description: 'The comparison and the runs of all its cells are gone for good. Prompts and models are not touched.',
    action: 'Delete',
    danger: true,
  });
  if (!yes) return;
  const done = await attempt('The comparison was not deleted', () => client.comparisons.remove({ id: comparison.id }));
  if (!done) return;
  dropTabs([tabKey({ kind: 'comparison', id: comparison.id })]);
  await refresh();
}

const writers = { csv: cellsToCsv, markdown: cellsToMarkdown } as const;

/** Puts all cells on the clipboard as a table. */
export async function copyTable(comparison: Comparison, grid: GridStore, format: keyof typeof writers): Promise<void> {
  const done = await attempt('The table was not copied', async () => {
    const cells = await wholeCells(grid);
    await navigator.clipboard.writeText(writers[format](comparison, cells));
    return cells.length;
  });
  if (done !== null) toast(`Copied ${done} cells as ${format === 'csv' ? 'CSV' : 'Markdown'}`);
}

/** Saves all cells as a CSV file. */
export async function saveTable(comparison: Comparison, grid: GridStore): Promise<void> {
  await attempt('The table was not saved', async () => {
    const text = cellsToCsv(comparison, await wholeCells(grid));
    const name = comparison.title.replace(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 80);
    // Spreadsheets take a file for UTF-8 only when it starts with a byte order mark.
    await desktop.saveText('Save the results', `${name}.csv`, `\uFEFF${text}`);
  });
}

/** The grid holds the first part of a long output, and how many tools an answer calls; the rest is fetched here. */
async function wholeCells(grid: GridStore): Promise<readonly WholeCell[]> {
  const cells: WholeCell[] = [];
  for (const cell of grid.all()) {
    const isWhole = cell.outputLength <= cell.output.length && cell.toolCallCount === 0;
    const { output, toolCalls } = isWhole ? { ...cell, toolCalls: [] } : await client.runs.get({ id: cell.runId });
    cells.push({ ...cell, output, toolCalls });
  }
  return cells;
}
