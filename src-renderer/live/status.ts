import { create } from 'zustand';
import type { WorkspaceStatus } from '../../src-core/contract/workspace.ts';
import { client } from './api.ts';

const useStore = create<{ readonly status: WorkspaceStatus | null }>(() => ({ status: null }));

/** What the host is doing now; null until it has said so. */
export function useStatus(): WorkspaceStatus | null {
  return useStore((state) => state.status);
}

/** Follows the host's figures; carries on after a lost connection. */
export async function followStatus(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const status of await client.workspace.status(undefined, { signal })) useStore.setState({ status });
    } catch {
      // The banner says that the host is away.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
