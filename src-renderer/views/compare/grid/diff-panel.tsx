import { useQueries } from '@tanstack/react-query';
import { ArrowLeftRight, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { columnLabel } from '../../../../src-core/comparisons/export-cells.ts';
import { type DiffSpan, diffWords } from '../../../../src-core/content/diff/word-diff.ts';
import type { Comparison } from '../../../../src-core/contract/comparisons.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { orpc } from '../../../live/api.ts';
import { type Position, placeAt, sizeOf } from './geometry.ts';
import type { GridStore } from './grid-store.ts';

interface DiffPanelProps {
  readonly comparison: Comparison;
  readonly grid: GridStore;
  readonly marks: readonly [Position, Position];
  readonly onClose: () => void;
}

/** The word-level difference of two outputs, inline or side by side. */
export function DiffPanel({ comparison, grid, marks, onClose }: DiffPanelProps) {
  const [swapped, setSwapped] = useState(false);
  const [beside, setBeside] = useState(false);
  const sides = (swapped ? [marks[1], marks[0]] : marks).map((mark) => placeAt(mark, sizeOf(comparison)));
  const outputs = useQueries({
    queries: sides.map((place) => {
      const id = grid.cellAt(place)?.runId ?? '';
      return { ...orpc.runs.get.queryOptions({ input: { id } }), enabled: id !== '' };
    }),
  }).map((query) => query.data?.output);
  const [before, after] = outputs;
  const spans = useMemo(
    () => (before === undefined || after === undefined ? null : diffWords(before, after)),
    [before, after],
  );
  const labels = sides.map(({ prompt, model, row }) => `${columnLabel(comparison, prompt, model)}, row ${row + 1}`);
  return (
    <aside aria-label="Difference" className="flex h-full min-w-0 flex-col">
      <header className="flex shrink-0 items-center gap-1 border-b py-2 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold">Difference</h2>
        <Button size="sm" variant="ghost" onClick={() => setBeside(!beside)}>
          {beside ? 'Inline' : 'Side by side'}
        </Button>
        <Tip label="Swap sides">
          <Button variant="ghost" size="icon-sm" aria-label="Swap sides" onClick={() => setSwapped(!swapped)}>
            <ArrowLeftRight />
          </Button>
        </Tip>
        <Tip label="Close" shortcut="Escape">
          <Button variant="ghost" size="icon-sm" aria-label="Close difference" onClick={onClose}>
            <X />
          </Button>
        </Tip>
      </header>
      {spans === null ? (
        <SkeletonList />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto p-4">
          {spans.every(({ kind }) => kind === 'same') && (
            <p className="pb-3 text-sm text-muted">The two outputs are equal.</p>
          )}
          <div className={beside ? 'grid grid-cols-2 gap-4' : 'flex flex-col gap-3'}>
            {beside ? (
              <>
                <Side label={labels[0] ?? ''} sign="−" spans={spans.filter(({ kind }) => kind !== 'added')} />
                <Side label={labels[1] ?? ''} sign="+" spans={spans.filter(({ kind }) => kind !== 'removed')} />
              </>
            ) : (
              <>
                <p className="text-xs">
                  <del className="bg-danger-soft px-1 text-danger">{markedText(labels[0] ?? '')}</del> →{' '}
                  <ins className="bg-success-soft px-1 text-success no-underline">{markedText(labels[1] ?? '')}</ins>
                </p>
                <Spans spans={spans} />
              </>
            )}
          </div>
        </div>
      )}
    </aside>
  );
}

interface SideProps {
  readonly label: string;
  readonly sign: string;
  readonly spans: readonly DiffSpan[];
}

function Side({ label, sign, spans }: SideProps) {
  return (
    <section aria-label={label} className="min-w-0">
      <h3 className="pb-2 text-xs font-medium text-muted">
        {sign} <ForeignText text={label} />
      </h3>
      <Spans spans={spans} />
    </section>
  );
}

function Spans({ spans }: { readonly spans: readonly DiffSpan[] }) {
  return (
    <div className="foreign font-mono text-sm leading-5 break-words whitespace-pre-wrap">
      {spans.map(({ kind, text }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the spans of a diff have no other identity
        if (kind === 'added') {
          return (
            <ins key={index} className="rounded-xs bg-success-soft text-success no-underline">
              <ForeignText text={text} />
            </ins>
          );
        }
        if (kind === 'removed') {
          return (
            <del key={index} className="rounded-xs bg-danger-soft text-danger">
              <ForeignText text={text} />
            </del>
          );
        }
        return <span key={index}>{markedText(text)}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: as above
      })}
    </div>
  );
}
