import { create } from 'zustand';
import type { WorkspaceStatus } from '../../src-core/contract/workspace.ts';
import { client } from './api.ts';
import { follow } from './follow.ts';

const useStore = create<{ readonly status: WorkspaceStatus | null }>(() => ({ status: null }));

/** What the host is doing now; null until it has said so. */
export function useStatus(): WorkspaceStatus | null {
  return useStore((state) => state.status);
}

/** Follows the host's figures; carries on after a lost connection. */
export function followStatus(signal: AbortSignal): Promise<void> {
  return follow(
    () => client.workspace.status(undefined, { signal }),
    (status) => useStore.setState({ status }),
    signal,
  );
}
