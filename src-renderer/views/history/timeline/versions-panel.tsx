import { useQuery } from '@tanstack/react-query';
import { History, PencilLine, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { versionName } from '../../../../src-core/content/version-name.ts';
import { commandTip, Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { orpc } from '../../../live/api.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { runCommand } from '../../../workbench/commands.ts';
import { openDraftDiff, openVersion } from '../../../workbench/navigation/open-history.ts';
import { LabelsBar } from '../labels/labels-bar.tsx';
import { useMarkedVersion } from '../versions/marked-version.ts';
import { useDraftChanges } from '../versions/use-draft-changes.ts';
import { type TimelineFilter, useTimeline } from '../versions/use-timeline.ts';
import { versionMenu } from '../versions/version-menu.ts';
import { laneCount, layoutGraph } from './graph.ts';
import { LongList } from './long-list.tsx';
import { TimelineFilterBar } from './timeline-filter-bar.tsx';
import { rowHeight, VersionRow } from './version-row.tsx';

const everything: TimelineFilter = { text: '', author: null, label: null };

/** The history of a prompt: its labels, its draft, and every version as a graph. */
export function VersionsPanel({ handle }: { readonly handle: DraftHandle }) {
  const prompt = useDraft(handle, (state) => state.prompt);
  const [filter, setFilter] = useState(everything);
  const shown = useDeferredValue(filter);
  const { versions, error, more } = useTimeline(prompt.id, shown);
  const isFiltered = shown.text.trim() !== '' || shown.author !== null || shown.label !== null;
  const authors = useQuery(orpc.versions.authors.queryOptions({ input: { promptId: prompt.id } })).data ?? [];
  const labels = useQuery(orpc.labels.list.queryOptions({ input: { promptId: prompt.id } })).data ?? [];

  if (error !== null && versions === undefined) {
    return (
      <p role="alert" className="p-4 text-danger">
        <ForeignText text={error.message} />
      </p>
    );
  }
  if (versions === undefined) return <SkeletonList />;
  if (versions.length === 0 && !isFiltered) return <NoVersions />;
  return (
    <div className="flex h-full flex-col">
      <LabelsBar promptId={prompt.id} promptName={prompt.name} />
      <TimelineFilterBar
        filter={filter}
        onChange={setFilter}
        authors={authors}
        labels={labels.map(({ name }) => name)}
      />
      {!isFiltered && <DraftRow handle={handle} />}
      {versions.length === 0 ? (
        <EmptyState
          icon={SearchX}
          title="No version matches"
          actions={<Button onClick={() => setFilter(everything)}>Show all</Button>}
        />
      ) : (
        <Rows handle={handle} versions={versions} isFiltered={isFiltered} onNearEnd={more} />
      )}
    </div>
  );
}

function NoVersions() {
  return (
    <EmptyState
      icon={History}
      title="No version yet"
      actions={
        <Tip {...commandTip('prompt.saveVersion')}>
          <Button variant="primary" onClick={() => runCommand('prompt.saveVersion')}>
            Save version
          </Button>
        </Tip>
      }
    >
      The draft is saved as you type. Save a version when it is worth coming back to: it never changes, can be compared,
      restored and given a label such as “production”.
    </EmptyState>
  );
}

function DraftRow({ handle }: { readonly handle: DraftHandle }) {
  const base = useDraft(handle, (state) => state.prompt.draft.baseVersion);
  const { count } = useDraftChanges(handle);
  if (base === null || count === 0) return null;
  return (
    <div className="mx-2 mb-1 flex h-9 shrink-0 items-center gap-2 rounded-md border border-dashed border-border-strong pr-1 pl-2.5">
      <PencilLine aria-hidden="true" className="size-3.5 text-accent-text" />
      <span className="min-w-0 flex-1 truncate">
        Draft, {count} {count === 1 ? 'change' : 'changes'} since {versionName(base)}
      </span>
      <Button variant="ghost" size="sm" onClick={() => void openDraftDiff(handle)}>
        Compare
      </Button>
      <Button variant="ghost" size="sm" onClick={() => runCommand('draft.discard')}>
        Discard
      </Button>
    </div>
  );
}

interface RowsProps {
  readonly handle: DraftHandle;
  readonly versions: NonNullable<ReturnType<typeof useTimeline>['versions']>;
  readonly isFiltered: boolean;
  readonly onNearEnd: () => void;
}

function Rows({ handle, versions, isFiltered, onNearEnd }: RowsProps) {
  const { id: promptId, name: promptName } = useDraft(handle, (state) => state.prompt);
  const baseId = useDraft(handle, (state) => state.prompt.draft.baseVersion?.id ?? null);
  const marked = useMarkedVersion((state) => state.marked);
  const graph = useMemo(() => (isFiltered ? null : layoutGraph(versions)), [versions, isFiltered]);
  const lanes = useMemo(() => laneCount(graph ?? []), [graph]);
  return (
    <LongList label="Versions" items={versions} keyOf={({ id }) => id} rowHeight={rowHeight} onNearEnd={onNearEnd}>
      {(version, index) => {
        const row = graph?.[index];
        return (
          <VersionRow
            version={version}
            graph={row === undefined ? null : { row, lanes }}
            isBase={version.id === baseId}
            entries={versionMenu({ promptId, promptName, version, baseId, marked })}
            onOpen={() => openVersion(promptName, version)}
          />
        );
      }}
    </LongList>
  );
}
