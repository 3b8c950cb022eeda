import type { FieldChange } from '../../../../src-core/content/diff/field-changes.ts';
import type { FieldArea } from '../../../../src-core/contract/content-diff.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { cn } from '../../../components/ui/cn.ts';
import { Table, TableCell, TableHead, TableRow } from '../../../components/ui/table.tsx';

const areaNames: Readonly<Record<FieldArea, string>> = {
  syntax: 'Syntax',
  settings: 'Model settings',
  inputs: 'Inputs',
  tools: 'Tools',
  responseSchema: 'Response schema',
  samples: 'Samples',
  extra: 'Extra',
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
                  <Value change={change} side="before" tone="before" />
                </TableCell>
              )}
              <TableCell>
                <Value change={change} side="after" tone={single ? 'plain' : 'after'} />
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

interface ValueProps {
  readonly change: FieldChange;
  readonly side: 'before' | 'after';
  readonly tone: keyof typeof tones;
}

const tones = { before: 'bg-danger-soft', after: 'bg-success-soft', plain: 'bg-active' } as const;

function Value({ change, side, tone }: ValueProps) {
  const value = change[side];
  if (value === undefined || value === null) return <span className="text-faint">not set</span>;
  const text = showValue(change, value);
  return (
    <code
      className={cn(
        'foreign rounded-sm px-1 py-px font-mono text-sm whitespace-pre-wrap break-words select-text',
        text.includes('\n') && 'block py-1',
        tones[tone],
      )}
    >
      {text}
    </code>
  );
}

/** `tone · default` for an input's default; a whole list or schema goes by its name. */
function nameOf({ area, path, kind }: FieldChange): string {
  const inside = path.slice(1).join(' · ') || areaNames[area];
  return kind === 'reordered' ? `Order of ${areaNames[area].toLowerCase()}` : inside;
}

/** A whole input in a line of words; everything else as JSON. */
function showValue({ area, path }: FieldChange, value: Json): string {
  if (path.length !== 2 || typeof value !== 'object' || value === null || Array.isArray(value)) return showJson(value);
  const { name: _name, ...item } = value as { readonly [key: string]: Json };
  if (area === 'samples') return showJson(item.inputs ?? {});
  if (area !== 'inputs') return showJson(item);
  const { type, required, description, default: fallback, ...others } = item;
  const words = [String(type), required === true ? 'required' : 'optional'];
  if (fallback !== undefined) words.push(`default ${showJson(fallback)}`);
  for (const [key, other] of Object.entries(others)) if (other !== undefined) words.push(`${key} ${showJson(other)}`);
  return words.join(', ') + (description ? `\n${String(description)}` : '');
}

function showJson(value: Json): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || '[]';
  return JSON.stringify(value, null, typeof value === 'object' ? 2 : 0);
}
