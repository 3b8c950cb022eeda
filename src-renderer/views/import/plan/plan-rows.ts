import type { PlannedItem, ReadFileReport } from '../../../../src-core/contract/packs.ts';

type Loss = ReadFileReport['losses'][number];
export type LossKind = Loss['kind'];

export interface Plan {
  readonly files: readonly ReadFileReport[];
  readonly items: readonly PlannedItem[];
}

/** A line of the list that shows a plan. */
export type PlanRow =
  /** Above the files that are not imported, when they are many. */
  | { readonly kind: 'refusals'; readonly count: number; readonly isOpen: boolean }
  | { readonly kind: 'refused'; readonly file: ReadFileReport }
  | { readonly kind: 'file'; readonly file: ReadFileReport; readonly notes: number; readonly isOpen: boolean }
  | { readonly kind: 'problem'; readonly path: string; readonly index: number; readonly message: string }
  | { readonly kind: 'losses'; readonly path: string; readonly of: LossKind }
  | { readonly kind: 'loss'; readonly path: string; readonly index: number; readonly loss: Loss }
  | { readonly kind: 'item'; readonly item: PlannedItem };

export interface ShownParts {
  /** Paths of the files whose report is open. */
  readonly open: ReadonlySet<string>;
  /** Null opens them when they are few, or when there is nothing else. */
  readonly showsRefusals: boolean | null;
  readonly state: PlannedItem['state'] | 'all';
}

/** What needs a person first. */
export const lossOrder: readonly LossKind[] = ['refused', 'unresolved', 'dropped', 'approximated', 'kept'];
/** This many refusals stand in the list without being asked for. */
const fewRefusals = 3;

/** Names a row over changes of the plan. */
export function keyOfRow(row: PlanRow): string {
  switch (row.kind) {
    case 'refusals':
      return 'refusals';
    case 'refused':
    case 'file':
      return `${row.kind} ${row.file.path}`;
    case 'losses':
      return `losses ${row.of} ${row.path}`;
    case 'problem':
    case 'loss':
      return `${row.kind} ${row.index} ${row.path}`;
    case 'item':
      return `item ${row.item.key}`;
  }
}

/** What could not be imported first, then each file with its report and its prompts. */
export function planRows({ files, items }: Plan, { open, showsRefusals, state }: ShownParts): readonly PlanRow[] {
  const byPath = Map.groupBy(items, ({ path }) => path);
  const refused = state === 'all' ? files.filter(({ refusal }) => refusal !== null) : [];
  const isOpen = showsRefusals ?? (refused.length <= fewRefusals || items.length === 0);
  const rows: PlanRow[] = [];
  if (refused.length > fewRefusals) rows.push({ kind: 'refusals', count: refused.length, isOpen });
  if (isOpen) rows.push(...refused.map((file): PlanRow => ({ kind: 'refused', file })));
  for (const file of files) {
    if (file.refusal !== null) continue;
    const own = (byPath.get(file.path) ?? []).filter((item) => state === 'all' || item.state === state);
    if (own.length === 0 && state !== 'all') continue;
    const isReportOpen = open.has(file.path);
    rows.push({ kind: 'file', file, notes: file.losses.length + file.problems.length, isOpen: isReportOpen });
    if (isReportOpen) rows.push(...reportRows(file));
    for (const item of own) rows.push({ kind: 'item', item });
  }
  return rows;
}

function reportRows({ path, problems, losses }: ReadFileReport): readonly PlanRow[] {
  const byKind = Map.groupBy(
    losses.map((loss, index) => ({ loss, index })),
    ({ loss }) => loss.kind,
  );
  return [
    ...problems.map(({ message, line }, index): PlanRow => {
      return { kind: 'problem', path, index, message: line === undefined ? message : `Line ${line}: ${message}` };
    }),
    ...lossOrder.flatMap((of): readonly PlanRow[] => {
      const those = byKind.get(of) ?? [];
      if (those.length === 0) return [];
      const heading: PlanRow = { kind: 'losses', path, of };
      return [heading, ...those.map(({ loss, index }): PlanRow => ({ kind: 'loss', path, index, loss }))];
    }),
  ];
}
