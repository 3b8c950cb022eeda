import { create } from 'zustand';
import type { RunStatus } from '../../../src-core/contract/runs.ts';

export interface RunFilters {
  readonly search: string;
  readonly status: RunStatus | 'all';
  /** Model id; empty means every model. */
  readonly model: string;
  /** Prompt id and its name for display; null means every prompt. */
  readonly prompt: { readonly id: string; readonly name: string } | null;
  readonly hideComparisons: boolean;
}

const unfiltered: RunFilters = { search: '', status: 'all', model: '', prompt: null, hideComparisons: false };

/** Which runs the history shows; kept while other views show. */
export const useRunFilters = create<RunFilters>(() => unfiltered);

/** Shows every run again. */
export function clearRunFilters(): void {
  useRunFilters.setState(unfiltered);
}

/** How many filters beside the search are on. */
export function countFilters(filters: RunFilters): number {
  return [filters.status !== 'all', filters.model !== '', filters.prompt !== null, filters.hideComparisons].filter(
    Boolean,
  ).length;
}

/** The filters as the contract takes them. */
export function listInput(filters: RunFilters) {
  return {
    search: filters.search,
    includeComparisons: !filters.hideComparisons,
    ...(filters.status !== 'all' && { status: filters.status }),
    ...(filters.model !== '' && { model: filters.model }),
    ...(filters.prompt !== null && { promptId: filters.prompt.id }),
  };
}
