import { Info, TriangleAlert } from 'lucide-react';
import { withMarks } from '../../../src-core/content/text/odd-characters.ts';
import type { Run } from '../../../src-core/contract/runs.ts';
import { describeFinish } from '../../../src-core/runs/finish-reason.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { ForeignText } from '../../components/ui/foreign-text.tsx';

/** How an answer ended that is not simply complete, in a word or two. */
export function EndBadge({ reason }: { readonly reason: string | null }) {
  const end = describeFinish(reason);
  if (end === null) return null;
  return (
    <Badge tone="warning" title={withMarks(end.sentence)} className="max-w-48">
      <span className="truncate">
        <ForeignText text={end.label} />
      </span>
    </Badge>
  );
}

/** The same in a line of figures, where there is no room for a badge. */
export function EndWords({ reason }: { readonly reason: string | null }) {
  const end = describeFinish(reason);
  if (end === null) return null;
  return (
    <span title={withMarks(end.sentence)} className="max-w-32 shrink-0 truncate font-medium text-warning">
      · <ForeignText text={end.label} />
    </span>
  );
}

/** The same as a sentence, behind the answer. */
export function EndNotice({ reason }: { readonly reason: string | null }) {
  const end = describeFinish(reason);
  if (end === null) return null;
  return (
    <p className="flex gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        <ForeignText text={end.sentence} />
        {end.kind !== 'other' && <span className="whitespace-nowrap"> ({reason})</span>}
      </span>
    </p>
  );
}

/** Notes about how the model was called. */
export function RunNotes({ notes }: { readonly notes: Run['notes'] }) {
  if (notes.length === 0) return null;
  return (
    <ul aria-label="Notes on the run" className="flex flex-col gap-1 text-sm text-muted">
      {notes.map((note) => (
        <li key={note} className="flex gap-2">
          <Info aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 break-words">
            <ForeignText text={note} />
          </span>
        </li>
      ))}
    </ul>
  );
}
