import type { ReactNode } from 'react';
import { type DiffSpan, diffWords } from '../../../../src-core/content/diff/word-diff.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import type { ConflictContext } from './merge-choices.ts';

export interface ConflictSideProps {
  /** As in "Ours". */
  readonly title: string;
  /** Where it comes from, as in "draft" or "v14". */
  readonly origin: string;
  readonly text: string;
  /** What both sides started from; what differs from it is marked. Null for the base itself. */
  readonly base: string | null;
  /** The lines around it; null where there are none. */
  readonly context: ConflictContext | null;
  /** What one click does, as in "Take ours". */
  readonly action: string;
  readonly chosen: boolean;
  readonly onTake: () => void;
  /** Stands below the text. */
  readonly children?: ReactNode;
}

/** What one side has at the place of a conflict, and the button that takes it. */
export function ConflictSide({
  title,
  origin,
  text,
  base,
  context,
  action,
  chosen,
  onTake,
  children,
}: ConflictSideProps) {
  return (
    <section
      aria-label={`${title}, ${origin}`}
      className={cn('flex min-w-0 flex-col overflow-clip rounded-lg border', chosen && 'border-accent')}
    >
      <header className={cn('flex h-9 items-center gap-2 border-b bg-panel pr-1.5 pl-3', chosen && 'bg-accent-soft')}>
        <h3 className="font-medium">{title}</h3>
        <span className="min-w-0 flex-1 truncate text-xs text-muted">{markedText(origin)}</span>
        <Button size="sm" aria-pressed={chosen} variant={chosen ? 'primary' : 'secondary'} onClick={onTake}>
          {action}
        </Button>
      </header>
      <pre className="foreign min-h-16 flex-1 px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap select-text">
        <Around lines={context?.before ?? []} />
        {text === '' ? (
          <em className="block text-muted">{context === null ? 'Nothing here' : '(nothing)'}</em>
        ) : (
          <span className="foreign block">{base === null ? markedText(text) : <Marked base={base} text={text} />}</span>
        )}
        <Around lines={context?.after ?? []} />
      </pre>
      {children}
    </section>
  );
}

/** Unchanged lines around the conflict. */
function Around({ lines }: { readonly lines: readonly string[] }) {
  return lines.length === 0 ? null : <span className="foreign block text-faint">{markedText(lines.join('\n'))}</span>;
}

function Marked({ base, text }: { readonly base: string; readonly text: string }): ReactNode {
  return diffWords(base, text)
    .filter(({ kind }) => kind !== 'removed')
    .map((span, index) => <Span key={keyOf(span, index)} span={span} />);
}

const keyOf = ({ kind }: DiffSpan, index: number): string => `${kind} ${index}`;

function Span({ span }: { readonly span: DiffSpan }) {
  return span.kind === 'added' ? (
    <mark className="bg-success-soft text-success">{markedText(span.text)}</mark>
  ) : (
    markedText(span.text)
  );
}
