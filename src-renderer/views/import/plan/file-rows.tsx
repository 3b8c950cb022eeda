import { ChevronRight, CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReadFileReport } from '../../../../src-core/contract/packs.ts';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { Select } from '../../../fields/select.tsx';
import { counted } from './import-words.ts';
import type { LossKind, PlanRow } from './plan-rows.ts';

interface FormatProps {
  readonly file: ReadFileReport;
  /** Of the row: a row is one stop of Tab. */
  readonly tabIndex: number;
  /** The one that a person chose. */
  readonly format: string | undefined;
  readonly onFormat: (path: string, format: string) => void;
}

const lineClass = 'flex min-w-0 items-center gap-2 px-4';

/** Above the prompts of a file: which file, what it is read as, and the report to fold out. */
export function FileRow(props: FormatProps & Extract<PlanRow, { kind: 'file' }> & { readonly onToggle: () => void }) {
  const { file, notes, isOpen, tabIndex, onToggle } = props;
  const hasWarning = file.problems.length > 0;
  return (
    <div className={cn(lineClass, 'h-8.5 border-b bg-panel text-xs text-muted')}>
      <Fold isOpen={isOpen} tabIndex={tabIndex} onToggle={onToggle} isEmpty={notes === 0}>
        <Path path={file.path} />
      </Fold>
      {file.prompts === 0 && <span className="shrink-0">{withoutPrompts(file)}</span>}
      {notes > 0 && (
        <span className={cn('flex shrink-0 items-center gap-1', hasWarning && 'text-warning')}>
          {hasWarning && <TriangleAlert aria-hidden="true" className="size-3" />}
          {counted(notes, 'note')}
        </span>
      )}
      <FormatChoice {...props} />
    </div>
  );
}

function withoutPrompts({ rows, tests }: ReadFileReport): string {
  const has = [...(rows > 0 ? [counted(rows, 'row')] : []), ...(tests > 0 ? [counted(tests, 'test')] : [])];
  return has.length === 0 ? 'There is no prompt in it.' : `There is no prompt in it, but ${has.join(' and ')}.`;
}

/** What the file is read as; to choose where it may be several things. */
function FormatChoice({ file: { path, format: read, choices }, tabIndex, format, onFormat }: FormatProps) {
  if (choices.length < 2) {
    const title = choices.find(({ id }) => id === read)?.title ?? choices[0]?.title;
    return title === undefined ? null : <span className="shrink-0">{title}</span>;
  }
  return (
    <Select
      quiet
      tabIndex={tabIndex}
      aria-label={`What ${path} is read as`}
      className="max-w-48 shrink-0 text-foreground"
      value={format ?? read}
      onChange={(next) => onFormat(path, next)}
      options={choices.map(({ id, title }) => ({ value: id, label: title }))}
    />
  );
}

interface FoldProps {
  readonly isOpen: boolean;
  readonly isEmpty?: boolean;
  readonly tabIndex: number;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Fold({ isOpen, isEmpty = false, tabIndex, onToggle, children }: FoldProps) {
  return (
    <button
      type="button"
      data-item
      tabIndex={tabIndex}
      aria-expanded={isEmpty ? undefined : isOpen}
      onClick={isEmpty ? undefined : onToggle}
      className="flex h-6 min-w-0 flex-1 items-center gap-1.5 rounded-sm text-left"
    >
      <ChevronRight
        aria-hidden="true"
        className={cn('size-3 shrink-0 transition-transform', isOpen && 'rotate-90', isEmpty && 'invisible')}
      />
      {children}
    </button>
  );
}

/** The end of a long path is what tells files apart. */
function Path({ path }: { readonly path: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span title={path} className="flex min-w-0 font-mono">
      <bdi dir="ltr" className="truncate">
        {markedText(path.slice(0, cut))}
      </bdi>
      <bdi dir="ltr" className="max-w-full min-w-0 truncate text-foreground">
        {markedText(path.slice(cut))}
      </bdi>
    </span>
  );
}

/** Folds the files away that are not imported. */
export function RefusalsRow({
  count,
  isOpen,
  tabIndex,
  onToggle,
}: Extract<PlanRow, { kind: 'refusals' }> & Omit<FoldProps, 'children'>) {
  return (
    <div className={cn(lineClass, 'h-9 border-b bg-danger-soft text-sm text-danger')}>
      <Fold isOpen={isOpen} tabIndex={tabIndex} onToggle={onToggle}>
        {counted(count, 'file is', 'files are')} not imported
      </Fold>
    </div>
  );
}

/** A file that is not imported, and why. */
export function RefusedRow(props: FormatProps) {
  const { path, refusal } = props.file;
  return (
    <div className="flex items-start gap-2 border-b py-2 px-4 text-sm">
      <CircleX role="img" aria-label="Not imported" className="mt-0.5 size-3.5 shrink-0 text-danger" />
      <div data-item tabIndex={props.tabIndex} className="min-w-0 flex-1 rounded-sm">
        <p className="flex min-w-0 gap-2 text-xs text-muted">
          <Path path={path} />
          {refusal?.line !== undefined && <span className="shrink-0">line {refusal.line}</span>}
        </p>
        <p className="break-words text-danger">
          <ForeignText text={refusal?.message ?? ''} />
        </p>
      </div>
      <span className="text-xs text-muted">
        <FormatChoice {...props} />
      </span>
    </div>
  );
}

const kinds: Readonly<Record<LossKind, readonly [name: string, meaning: string]>> = {
  kept: ['Kept', 'in the metadata, without effect'],
  approximated: ['Approximated', 'with what comes closest here'],
  dropped: ['Dropped', 'because it has no place here'],
  refused: ['Refused', 'because it could do harm'],
  unresolved: ['Unresolved', 'because what it names is not there'],
};

export function LossesRow({ of }: { readonly of: LossKind }) {
  const [name, meaning] = kinds[of];
  return (
    <p className="pt-2 pr-4 pb-0.5 pl-9 text-xs text-muted">
      <span className={cn('font-medium', of === 'kept' || of === 'approximated' ? 'text-foreground' : 'text-warning')}>
        {name}
      </span>{' '}
      {meaning}
    </p>
  );
}

/** One thing that has no place of the same shape here. */
export function LossRow({ loss: { what, where, why, line } }: { readonly loss: ReadFileReport['losses'][number] }) {
  return (
    <p className="flex min-w-0 gap-3 py-0.5 pr-4 pl-9 text-sm">
      <span className="w-56 shrink-0 font-mono text-xs break-words text-muted">
        <bdi>{markedText(where === '' ? what : where)}</bdi>
        {line !== undefined && <span className="text-faint"> line {line}</span>}
      </span>
      <span className="min-w-0 flex-1 break-words">
        <ForeignText text={why} />
      </span>
    </p>
  );
}

/** Something that is wrong with a file, which is imported all the same. */
export function ProblemRow({ message }: { readonly message: string }) {
  return (
    <p className="flex min-w-0 gap-2 py-1 pr-4 pl-9 text-sm text-warning">
      <TriangleAlert role="img" aria-label="Problem" className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        <ForeignText text={message} />
      </span>
    </p>
  );
}
