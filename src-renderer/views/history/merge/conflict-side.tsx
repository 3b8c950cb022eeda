import type { ReactNode } from 'react';
import { type DiffSpan, diffWords } from '../../../../src-core/versions/word-diff.ts';
import { cn } from '../../../components/cn.ts';
import { Button } from '../../../components/ui/button.tsx';

export interface ConflictSideProps {
  /** As in "Ours". */
  readonly title: string;
  /** Where it comes from, as in "draft" or "v14". */
  readonly origin: string;
  readonly text: string;
  /** What both sides started from; what differs from it is marked. Null for the base itself. */
  readonly base: string | null;
  /** What one click does, as in "Take ours". */
  readonly action: string;
  readonly chosen: boolean;
  readonly onTake: () => void;
}

/** What one side has at the place of a conflict, and the button that takes it. */
export function ConflictSide({ title, origin, text, base, action, chosen, onTake }: ConflictSideProps) {
  return (
    <section
      aria-label={`${title}, ${origin}`}
      className={cn('flex min-w-0 flex-col overflow-clip rounded-lg border', chosen && 'border-accent')}
    >
      <header className={cn('flex h-9 items-center gap-2 border-b bg-panel pr-1.5 pl-3', chosen && 'bg-accent-soft')}>
        <h3 className="font-medium">{title}</h3>
        <span className="min-w-0 flex-1 truncate text-xs text-muted">{origin}</span>
        <Button size="sm" aria-pressed={chosen} variant={chosen ? 'primary' : 'secondary'} onClick={onTake}>
          {action}
        </Button>
      </header>
      <pre className="min-h-16 flex-1 px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap select-text">
        {text === '' ? (
          <em className="text-muted">Nothing here</em>
        ) : base === null ? (
          text
        ) : (
          <Marked {...{ base, text }} />
        )}
      </pre>
    </section>
  );
}

function Marked({ base, text }: { readonly base: string; readonly text: string }): ReactNode {
  return diffWords(base, text)
    .filter(({ kind }) => kind !== 'removed')
    .map((span, index) => <Span key={keyOf(span, index)} span={span} />);
}

const keyOf = ({ kind }: DiffSpan, index: number): string => `${kind} ${index}`;

function Span({ span }: { readonly span: DiffSpan }) {
  return span.kind === 'added' ? <mark className="bg-success-soft text-success">{span.text}</mark> : span.text;
}
