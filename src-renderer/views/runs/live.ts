import type { RunStatus } from '../../../src-core/contract/runs.ts';

/** Whether a run in this status will still change. */
export const isLive = (status: RunStatus): boolean => status === 'queued' || status === 'running';
