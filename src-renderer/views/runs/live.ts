import type { RunStatus } from '../../../src-core/contract/runs.ts';

/** Whether a run in this status will still change. */
export function isLive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running';
}
