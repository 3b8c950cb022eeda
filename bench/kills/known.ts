import type { Acknowledged, Report } from './child.ts';

/** What the sessions have said so far. */
export interface Known {
  /** Acknowledged writes, oldest first; `since` is the commit counter of the workspace before each. */
  readonly done: { readonly since: number; readonly what: Acknowledged }[];
  /** What failed where nothing may. */
  readonly failures: string[];
  /** Tokens of starts of comparisons that were sent. */
  readonly begun: string[];
  /** Tokens of comparisons by id. */
  readonly comparisons: Map<string, string>;
  readonly removing: Set<string>;
  readonly removed: Set<string>;
  readonly cancelled: Set<string>;
  readonly runs: Set<string>;
  /** By id of the prompt: the last acknowledged draft. */
  readonly drafts: Map<string, { readonly revision: number; readonly token: string }>;
  /** Hashes of versions by id. */
  readonly versions: Map<string, string>;
  conflicts: number;
}

export function nothingKnown(): Known {
  return {
    done: [],
    failures: [],
    begun: [],
    comparisons: new Map(),
    removing: new Set(),
    removed: new Set(),
    cancelled: new Set(),
    runs: new Set(),
    drafts: new Map(),
    versions: new Map(),
    conflicts: 0,
  };
}

export function hear(known: Known, report: Report): void {
  if (report.kind === 'conflict') known.conflicts += 1;
  if (report.kind === 'failed') known.failures.push(`${report.what} failed: ${report.message}`);
  if (report.kind === 'removing') known.removing.add(report.id);
  if (report.kind === 'begun' && report.what === 'compare') known.begun.push(report.token);
  if (report.kind !== 'done') return;
  known.done.push(report);
  take(known, report.what);
}

function take(known: Known, what: Acknowledged): void {
  switch (what.kind) {
    case 'draft':
      if ((known.drafts.get(what.promptId)?.revision ?? -1) < what.revision) known.drafts.set(what.promptId, what);
      return;
    case 'version':
      known.versions.set(what.id, what.hash);
      return;
    case 'compare':
      known.comparisons.set(what.id, what.token);
      return;
    case 'cancel':
      known.cancelled.add(what.id);
      return;
    case 'remove':
      known.removed.add(what.id);
      return;
    case 'run':
      known.runs.add(what.id);
      return;
    default:
      return;
  }
}
