import { ArrowLeftRight, FileX } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { changeSize, diffContent } from '../../../../src-core/content/diff/diff-content.ts';
import { summariseChanges } from '../../../../src-core/content/diff/summarise-changes.ts';
import { unifiedDiff } from '../../../../src-core/content/diff/unified-diff.ts';
import type { ContentRef } from '../../../../src-core/contract/content-diff.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { useValues } from '../../../live/drafts/input-values.ts';
import { parsePair, type RefPair } from '../../../workbench/navigation/content-ref.ts';
import { openDiff } from '../../../workbench/navigation/open-history.ts';
import { closeTab, describeTab } from '../../../workbench/tabs.ts';
import type { EditorProps } from '../../../workbench/view.ts';
import { type NamedContent, useContent } from '../versions/use-content.ts';
import { ChangeCount } from './change-count.tsx';
import { ContentDiff } from './content-diff.tsx';
import { CopyPatch } from './copy-patch.tsx';
import { useDiffLayout } from './diff-layout.ts';
import { DiffLayoutSwitches } from './diff-layout-switches.tsx';
import { RefPicker } from './ref-picker.tsx';
import { RenderedDiff } from './rendered-diff.tsx';

/** Compares any two versions or drafts, also of two prompts. */
export function DiffTab({ id, tabKey }: EditorProps) {
  const pair = parsePair(id);
  if (pair === null) {
    return (
      <EmptyState
        icon={FileX}
        title="This comparison cannot be read"
        actions={<Button onClick={() => closeTab(tabKey)}>Close tab</Button>}
      />
    );
  }
  return <Compared key={id} pair={pair} tabKey={tabKey} />;
}

interface ComparedProps {
  readonly pair: RefPair;
  readonly tabKey: string;
}

function Compared({ pair, tabKey }: ComparedProps) {
  const before = useContent(pair.before);
  const after = useContent(pair.after);
  const title = before.data && after.data ? titleFor(before.data, after.data) : null;
  useEffect(() => {
    if (title !== null) describeTab(tabKey, { title });
  }, [tabKey, title]);

  const replace = (next: RefPair) => {
    closeTab(tabKey);
    openDiff(next, title ?? 'Difference');
  };
  const pick = (side: keyof RefPair) => (ref: ContentRef) => replace({ ...pair, [side]: ref });
  const error = before.error ?? after.error;
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2">
        <div className="flex min-w-0 items-center gap-1">
          <RefPicker label="Before" value={before.data} onChange={pick('before')} />
          <Tip label="Swap sides">
            <Button
              variant="ghost"
              size="icon"
              aria-label="Swap sides"
              onClick={() => replace({ before: pair.after, after: pair.before })}
            >
              <ArrowLeftRight />
            </Button>
          </Tip>
          <RefPicker label="After" value={after.data} onChange={pick('after')} />
        </div>
        {before.data && after.data && <Summary before={before.data} after={after.data} />}
      </header>
      {before.data && after.data ? (
        <Differences before={before.data} after={after.data} />
      ) : error !== null ? (
        <EmptyState icon={FileX} title="A side of this comparison is gone">
          <ForeignText text={error.message} />
        </EmptyState>
      ) : (
        <SkeletonList rows={8} />
      )}
    </div>
  );
}

interface SidesProps {
  readonly before: NamedContent;
  readonly after: NamedContent;
}

function Summary({ before, after }: SidesProps) {
  const diff = useMemo(() => diffContent(before.content, after.content), [before.content, after.content]);
  const patch = () => unifiedDiff(before.content, after.content, { before: before.name, after: after.name });
  const summary = summariseChanges(diff);
  return (
    <>
      <p className="flex min-w-40 flex-1 items-center gap-2 text-sm text-muted" role="status">
        <span className="truncate" title={summary}>
          {summary}
        </span>
        <ChangeCount {...changeSize(diff)} />
      </p>
      <DiffLayoutSwitches />
      <CopyPatch patch={patch} />
    </>
  );
}

function Differences({ before, after }: SidesProps) {
  const shows = useDiffLayout((layout) => layout.shows);
  const values = useValues(after.prompt.id);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard
    <section aria-label="Differences" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-4">
      {shows === 'source' ? (
        <ContentDiff before={before.content} after={after.content} />
      ) : (
        <RenderedDiff before={before.content} after={after.content} formValues={values} />
      )}
    </section>
  );
}

function titleFor(before: NamedContent, after: NamedContent): string {
  if (before.prompt.id === after.prompt.id) return `${shortName(after)} ${before.version} → ${after.version}`;
  return `${shortName(before)} ${before.version} → ${shortName(after)} ${after.version}`;
}

/** The name without its folders, which a tab has no room for. */
const shortName = ({ prompt }: NamedContent): string => prompt.name.split('/').at(-1) ?? prompt.name;
