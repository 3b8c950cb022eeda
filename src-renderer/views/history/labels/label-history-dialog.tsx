import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { versionName } from '../../../../src-core/content/version-name.ts';
import type { LabelMove } from '../../../../src-core/contract/labels.ts';
import { formatAgo } from '../../../components/format.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { orpc } from '../../../live/api.ts';
import { versionRef } from '../../../workbench/navigation/content-ref.ts';
import { openDiff } from '../../../workbench/navigation/open-history.ts';
import { LabelBadge } from '../versions/label-badge.tsx';
import { closeLabelDialogs, useLabelDialogs } from '../versions/label-dialogs.ts';

const pageSize = 50;

/** Who moved labels of a prompt when, from where to where, and why. */
export function LabelHistoryDialog() {
  const shown = useLabelDialogs((state) => state.history);
  if (shown === null) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeLabelDialogs()}
      title={shown.name === null ? 'Moves of labels' : `Moves of “${shown.name}”`}
      description="Newest first. Nothing here can be changed."
      className="w-[min(640px,calc(100vw-32px))]"
    >
      <Moves promptId={shown.promptId} name={shown.name ?? undefined} />
    </Dialog>
  );
}

function Moves({ promptId, name }: { readonly promptId: string; readonly name: string | undefined }) {
  const moves = useInfiniteQuery(
    orpc.labels.history.infiniteOptions({
      input: (cursor: string | undefined) => ({ promptId, name, limit: pageSize, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  );
  if (moves.data === undefined) {
    if (moves.error === null) return <SkeletonList />;
    return (
      <p role="alert" className="text-danger">
        <ForeignText text={moves.error.message} />
      </p>
    );
  }
  const shown = moves.data.pages.flatMap((page) => page.items);
  if (shown.length === 0) return <p className="text-muted">No label of this prompt was moved yet.</p>;
  return (
    <>
      <ol className="flex flex-col divide-y">
        {shown.map((move) => (
          <Move key={move.id} move={move} />
        ))}
      </ol>
      {moves.hasNextPage && (
        <Button className="mt-2" disabled={moves.isFetchingNextPage} onClick={() => void moves.fetchNextPage()}>
          Show older moves
        </Button>
      )}
    </>
  );
}

const verbs: Readonly<Record<LabelMove['kind'], string>> = {
  move: 'moved',
  remove: 'removed',
  rollback: 'rolled back',
};

function Move({ move }: { readonly move: LabelMove }) {
  const { name, kind, from, to, author, reason, movedAt } = move;
  return (
    <li className="flex items-start gap-3 py-2">
      <span className="flex w-28 shrink-0">
        <LabelBadge name={name} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5">
          {from === null ? <span>not set</span> : <VersionName version={from} />}
          <ArrowRight aria-label="to" className="size-3 text-faint" />
          <span className="font-medium">{to === null ? 'not set' : <VersionName version={to} />}</span>
          {from !== null && to !== null && (
            <Button
              variant="link"
              className="text-sm"
              onClick={() => {
                closeLabelDialogs();
                const title = `${versionName(from)} → ${versionName(to)}`;
                openDiff({ before: versionRef(from.id), after: versionRef(to.id) }, title);
              }}
            >
              Compare
            </Button>
          )}
        </p>
        {reason !== '' && <p className="text-sm break-words">{reason}</p>}
        <p className="text-xs text-muted">
          {verbs[kind]} by {author},{' '}
          <time dateTime={movedAt} title={new Date(movedAt).toLocaleString()}>
            {formatAgo(movedAt)}
          </time>
        </p>
      </div>
    </li>
  );
}
