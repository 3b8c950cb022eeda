import { CircleAlert, FileUp, TriangleAlert } from 'lucide-react';
import { useRef } from 'react';
import type { ParsedRows, RowProblem } from '../../../../src-core/comparisons/parse-rows.ts';
import { ownValue } from '../../../../src-core/contract/json.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { formatNumber } from '../../../components/format.ts';
import { readTextFile } from '../../../components/overlays/read-text-file.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { Select } from '../../../fields/select.tsx';
import { Switch } from '../../../fields/switch.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import type { ComparisonDraft } from './drafts.ts';

const previewed = 20;
const problemsShown = 8;
const formatNames = { json: 'JSON', jsonl: 'JSON Lines', csv: 'CSV', yaml: 'YAML' } as const;

type TextDraft = Pick<ComparisonDraft, 'text' | 'format' | 'skipBroken'>;

interface PastedRowsProps {
  readonly draft: TextDraft;
  readonly parsed: ParsedRows | null;
  readonly onChange: (changes: Partial<TextDraft>) => void;
}

/** Input rows from a text, with what was understood and what was not. */
export function PastedRows({ draft, parsed, onChange }: PastedRowsProps) {
  const picker = useRef<HTMLInputElement>(null);
  const problems = parsed === null ? [] : [...parsed.problems, ...parsed.rows.flatMap((row) => row.problems)];
  const open = async (file: File | undefined) => {
    const text = file && (await readTextFile(file));
    if (text !== null && text !== undefined) onChange({ text, format: 'auto' });
  };
  const skippable = problems.some(({ severity, row }) => severity === 'error' && row !== null);
  return (
    <div className="flex flex-col gap-3">
      <Textarea
        data-takes-files
        aria-label="Rows as JSON, JSON Lines or CSV"
        rows={7}
        wrap="off"
        className="max-h-80 font-mono text-sm"
        placeholder={'name,tone\nAda,formal\nLinus,friendly'}
        value={draft.text}
        onChange={(event) => onChange({ text: event.target.value })}
        onDrop={(event) => {
          const [file] = event.dataTransfer.files;
          if (file !== undefined) event.preventDefault();
          void open(file);
        }}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Select
          aria-label="Format of the rows"
          className="w-48"
          value={draft.format}
          onChange={(format) => onChange({ format })}
          options={[
            {
              value: 'auto',
              label:
                parsed && draft.text.trim() !== ''
                  ? `Recognised: ${formatNames[parsed.format]}`
                  : 'Recognise the format',
            },
            { value: 'json', label: 'JSON', hint: 'An array of objects' },
            { value: 'jsonl', label: 'JSON Lines', hint: 'One object per line' },
            { value: 'csv', label: 'CSV', hint: 'The first line names the inputs' },
            { value: 'yaml', label: 'YAML', hint: 'A list of mappings' },
          ]}
        />
        <Button onClick={() => picker.current?.click()}>
          <FileUp /> Open a file…
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".json,.jsonl,.ndjson,.csv,.tsv,.txt,.yaml,.yml"
          className="hidden"
          aria-label="File with rows"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            void open(file);
          }}
        />
        {(skippable || draft.skipBroken) && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control
          <label className="flex items-center gap-2">
            <Switch checked={draft.skipBroken} onCheckedChange={(skipBroken) => onChange({ skipBroken })} />
            Leave out rows with a problem
          </label>
        )}
      </div>
      {problems.length > 0 && <Problems problems={problems} />}
      {parsed !== null && parsed.rows.length > 0 && <Preview parsed={parsed} />}
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly RowProblem[] }) {
  const more = problems.length - problemsShown;
  return (
    <ul aria-label="Problems in the rows" className="flex flex-col gap-1 text-sm">
      {problems.slice(0, problemsShown).map((problem) => (
        <li
          key={problem.message}
          className={cn('flex items-start gap-2', problem.severity === 'error' ? 'text-danger' : 'text-warning')}
        >
          {problem.severity === 'error' ? (
            <CircleAlert role="img" aria-label="Error" className="mt-0.5 size-3.5 shrink-0" />
          ) : (
            <TriangleAlert role="img" aria-label="Warning" className="mt-0.5 size-3.5 shrink-0" />
          )}
          <span className="min-w-0 break-words">{markedText(problem.message)}</span>
        </li>
      ))}
      {more > 0 && <li className="pl-5.5 text-muted">and {formatNumber(more)} more</li>}
    </ul>
  );
}

function Preview({ parsed }: { readonly parsed: ParsedRows }) {
  const shown = parsed.rows.slice(0, previewed);
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label="Preview of the rows" className="max-h-64 overflow-auto rounded-md border">
        <table className="w-full border-separate border-spacing-0 text-left text-sm">
          <thead>
            <tr>
              <th scope="col" className="sticky top-0 h-7 border-b bg-panel px-2 text-xs font-medium text-muted">
                #
              </th>
              {parsed.columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className="sticky top-0 h-7 border-b bg-panel px-2 text-xs font-medium text-muted"
                >
                  {markedText(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ number, values, problems }) => (
              <tr key={number}>
                <td className="tabular border-b px-2 py-1 align-top text-xs text-muted">{number}</td>
                {parsed.columns.map((column) => {
                  const problem = problems.find((one) => one.column === column);
                  return (
                    <td
                      key={column}
                      title={problem?.message}
                      className={cn(
                        'max-w-80 truncate border-b px-2 py-1 align-top',
                        problem && 'bg-danger-soft text-danger',
                      )}
                    >
                      <Value value={ownValue(values, column)} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="tabular pt-1 text-xs text-muted">
        {parsed.rows.length === 1 ? '1 row' : `${formatNumber(parsed.rows.length)} rows`}
        {parsed.rows.length > previewed && `, the first ${previewed} are shown`}
      </p>
    </div>
  );
}

/** Numbers, booleans and objects look different from text, so that one sees what was understood. */
function Value({ value }: { readonly value: Json | undefined }) {
  if (value === undefined) return <span className="text-faint">–</span>;
  if (typeof value === 'string') return <bdi>{markedText(value.slice(0, 300))}</bdi>;
  return <code className="font-mono text-accent-text">{markedText(JSON.stringify(value).slice(0, 300))}</code>;
}
