import type { Json } from '../../../../src-core/contract/shared.ts';
import type { FieldArea, FieldChange } from '../../../../src-core/versions/field-changes.ts';
import { cn } from '../../../components/cn.ts';
import { Table, TableCell, TableHead, TableRow } from '../../../components/ui/table.tsx';

const areaNames: Readonly<Record<FieldArea, string>> = {
  syntax: 'Syntax',
  settings: 'Model settings',
  inputs: 'Inputs',
  tools: 'Tools',
  responseSchema: 'Response schema',
  samples: 'Samples',
};

export interface FieldTableProps {
  readonly changes: readonly FieldChange[];
  /** Shows only what is set now, for a content that is compared with nothing. */
  readonly single?: boolean;
}

/** Everything that changed outside of the messages, value by value. */
export function FieldTable({ changes, single = false }: FieldTableProps) {
  return (
    <div className="overflow-x-auto rounded-lg border">
      <Table aria-label={single ? 'Settings and inputs' : 'Changed settings and inputs'} className="table-fixed">
        <thead>
          <tr>
            <TableHead className="w-1/4 bg-panel">Setting</TableHead>
            {!single && <TableHead className="bg-panel">Before</TableHead>}
            <TableHead className="bg-panel">{single ? 'Value' : 'After'}</TableHead>
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>*]:border-b-0">
          {changes.map((change) => (
            <TableRow key={JSON.stringify([change.kind, change.path])} className="hover:bg-transparent">
              <TableCell className="break-words">
                <span className="block text-2xs text-muted">{areaNames[change.area]}</span>
                <span className="font-medium">{nameOf(change)}</span>
              </TableCell>
              {!single && (
                <TableCell>
                  <Value value={change.before} tone="before" />
                </TableCell>
              )}
              <TableCell>
                <Value value={change.after} tone={single ? 'plain' : 'after'} />
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

interface ValueProps {
  readonly value: Json | undefined;
  readonly tone: keyof typeof tones;
}

const tones = { before: 'bg-danger-soft', after: 'bg-success-soft', plain: 'bg-active' } as const;

function Value({ value, tone }: ValueProps) {
  if (value === undefined || value === null) return <span className="text-faint">not set</span>;
  return (
    <code
      className={cn('rounded-sm px-1 py-px font-mono text-sm whitespace-pre-wrap break-words select-text', tones[tone])}
    >
      {showJson(value)}
    </code>
  );
}

/** `tone · default` for an input's default; a whole list or schema goes by its name. */
function nameOf({ area, path, kind }: FieldChange): string {
  const inside = path.slice(1).join(' · ') || areaNames[area];
  return kind === 'reordered' ? `Order of ${areaNames[area].toLowerCase()}` : inside;
}

function showJson(value: Json): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || '[]';
  return JSON.stringify(value, null, typeof value === 'object' ? 2 : 0);
}
