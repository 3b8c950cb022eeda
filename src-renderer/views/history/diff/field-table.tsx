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

/** Everything that changed outside of the messages, value by value. */
export function FieldTable({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <div className="overflow-x-auto rounded-lg border">
      <Table aria-label="Changed settings and inputs" className="table-fixed">
        <thead>
          <tr>
            <TableHead className="w-1/4 bg-panel">Setting</TableHead>
            <TableHead className="bg-panel">Before</TableHead>
            <TableHead className="bg-panel">After</TableHead>
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>*]:border-b-0">
          {changes.map((change) => (
            <TableRow key={JSON.stringify([change.kind, change.path])} className="hover:bg-transparent">
              <TableCell className="break-words">
                <span className="block text-2xs text-muted">{areaNames[change.area]}</span>
                <span className="font-medium">{nameOf(change)}</span>
              </TableCell>
              <TableCell>
                <Value value={change.before} tone="before" />
              </TableCell>
              <TableCell>
                <Value value={change.after} tone="after" />
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
  readonly tone: 'before' | 'after';
}

function Value({ value, tone }: ValueProps) {
  if (value === undefined || value === null) return <span className="text-faint">not set</span>;
  return (
    <code
      className={cn(
        'rounded-sm px-1 py-px font-mono text-sm whitespace-pre-wrap break-words select-text',
        tone === 'before' ? 'bg-danger-soft' : 'bg-success-soft',
      )}
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
