import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { FileInput, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { ImportRecord } from '../../../../src-core/contract/packs.ts';
import { formatAgo } from '../../../components/format.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText, markedText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { orpc } from '../../../live/api.ts';
import { runCommand } from '../../../workbench/commands.ts';
import { LongList } from '../../history/timeline/long-list.tsx';
import { counted } from '../plan/import-words.ts';
import { undoImport } from '../plan/run-import.ts';

const rowHeight = 52;

/** All imports, newest first, each to be taken back. */
export function ImportListDialog({ onClose }: { readonly onClose: () => void }) {
  const imports = useInfiniteQuery(
    orpc.packs.imports.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 100, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  );
  const items = imports.data?.pages.flatMap((page) => page.items);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Imports"
      description="Taking one back moves its new prompts to the trash and gives changed ones their text of before."
      isFilled
      className="w-[min(720px,calc(100vw-32px))]"
    >
      {items === undefined ? (
        imports.error === null ? (
          <SkeletonList rows={3} />
        ) : (
          <p role="alert" className="px-4 pb-4 text-danger">
            <ForeignText text={imports.error.message} />
          </p>
        )
      ) : items.length === 0 ? (
        <EmptyState
          icon={FileInput}
          title="Nothing was imported yet"
          className="h-auto py-8"
          actions={
            <Button variant="primary" data-initial-focus onClick={() => runCommand('import.open')}>
              <FileInput /> Import prompts…
            </Button>
          }
        >
          Files of other tools become prompts here.
        </EmptyState>
      ) : (
        <div
          className="flex min-h-0 flex-col border-t pt-1.5"
          style={{ height: Math.min(items.length, 10) * rowHeight + 16 }}
        >
          <LongList
            label="Imports"
            items={items}
            keyOf={({ id }) => id}
            rowHeight={rowHeight}
            onNearEnd={() => {
              if (imports.hasNextPage && !imports.isFetchingNextPage) void imports.fetchNextPage();
            }}
          >
            {(record) => <ImportRow record={record} />}
          </LongList>
        </div>
      )}
    </Dialog>
  );
}

function ImportRow({ record }: { readonly record: ImportRecord }) {
  const { id, at, author, source, formats, prompts, undoneAt } = record;
  const known = useQuery(orpc.packs.formats.queryOptions()).data ?? [];
  const [isBusy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    await undoImport(id);
    setBusy(false);
  };
  const titles = new Set(formats.map((format) => known.find((each) => each.id === format)?.title ?? format));
  return (
    <div className="flex items-center gap-3 rounded-md px-2.5 hover:bg-hover" style={{ height: rowHeight }}>
      <div className="min-w-0 flex-1">
        <p title={source} className="truncate font-medium">
          <bdi dir="ltr">{markedText(source)}</bdi>
        </p>
        <p className="truncate text-xs text-muted">
          {[counted(prompts, 'prompt'), ...titles, formatAgo(at)].join(' · ')}
          {author !== '' && (
            <>
              {' · '}
              <bdi>{markedText(author)}</bdi>
            </>
          )}
        </p>
      </div>
      {undoneAt === null ? (
        <Button
          data-item
          size="sm"
          aria-label={`Undo the import of ${source}`}
          disabled={isBusy}
          onClick={() => void undo()}
        >
          <Undo2 /> Undo
        </Button>
      ) : (
        <span title={new Date(undoneAt).toLocaleString()} className="text-xs text-muted">
          Taken back {formatAgo(undoneAt)}
        </span>
      )}
    </div>
  );
}
