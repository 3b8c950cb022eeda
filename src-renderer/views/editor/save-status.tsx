import { CircleAlert, CloudOff, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatAgo } from '../../components/format.ts';
import { markedText } from '../../components/ui/foreign-text.tsx';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';

/** Whether what was typed is stored, in a few words. */
export function SaveStatus({ handle }: { readonly handle: DraftHandle }) {
  const save = useDraft(handle, (state) => state.save);
  const inConflict = useDraft(handle, (state) => state.conflict !== null);
  const savedAt = useDraft(handle, (state) => state.prompt.draft.updatedAt);
  return (
    <span
      role="status"
      data-save={inConflict ? 'conflict' : save.kind}
      className="mr-1 flex items-center gap-1.5 text-xs whitespace-nowrap text-muted"
    >
      {inConflict ? (
        <Warning>Waiting for your decision</Warning>
      ) : save.kind === 'saved' ? (
        <SavedAgo at={savedAt} />
      ) : save.kind === 'saving' ? (
        <>
          <LoaderCircle aria-hidden="true" className="size-3 animate-spin" /> Saving…
        </>
      ) : save.kind === 'waiting' ? (
        <>
          <CloudOff aria-hidden="true" className="size-3 text-warning" /> Kept here until the host is back
        </>
      ) : (
        <Warning>{save.message}</Warning>
      )}
    </span>
  );
}

function Warning({ children }: { readonly children: string }) {
  return (
    <span className="flex max-w-80 items-center gap-1.5 text-danger" title={children}>
      <CircleAlert aria-hidden="true" className="size-3 shrink-0" />
      <span className="truncate">{markedText(children)}</span>
    </span>
  );
}

function SavedAgo({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return <span title={new Date(at).toLocaleString()}>Saved {formatAgo(at, Math.max(now, Date.parse(at)))}</span>;
}
