import { ArrowDown, ArrowUp, GitMerge } from 'lucide-react';
import { useState } from 'react';
import { type ContentMerge, resolveMerge } from '../../../../src-core/content/merge/merge-content.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { commandTip, Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { Pane, PaneGroup, PaneHandle } from '../../../components/ui/resizable.tsx';
import { templateLanguageIds } from '../../../monaco/template/language-ids.ts';
import { useCommand } from '../../../workbench/commands.ts';
import { ContentDiff } from '../diff/content-diff.tsx';
import { ConflictEditor, type MergeOrigins } from './conflict-editor.tsx';
import { ConflictList } from './conflict-list.tsx';
import { type Choices, choicesFor, stepConflict } from './merge-choices.ts';
import { useUnreadTexts } from './merge-store.ts';

export interface MergeViewProps {
  /** Names the merge and its texts. */
  readonly id: string;
  readonly merge: ContentMerge;
  readonly choices: Choices;
  readonly origins: MergeOrigins;
  readonly ours: PromptContent;
  readonly title: string;
  readonly onApply: (choices: Choices, content: PromptContent) => void;
  readonly onAbandon: () => void;
}

/** Conflicts one by one, then the merged prompt; nothing is changed before it is applied. */
export function MergeView({ id, merge, choices: given, origins, ours, title, onApply, onAbandon }: MergeViewProps) {
  const conflicts = merge.kind === 'conflict' ? merge.conflicts : [];
  const choices = choicesFor(conflicts, given);
  const [index, setIndex] = useState(() => stepConflict(conflicts, choices, -1, 1));
  const resolved = Object.keys(choices).length;
  const unread = useUnreadTexts(id);
  const unfinished = conflicts.find((conflict) => Object.hasOwn(unread, conflict.id));
  const outcome: Outcome =
    unfinished === undefined
      ? tryResolve(merge, choices)
      : { problem: `The result for ${unfinished.where} is not valid JSON yet.` };
  const step = (direction: 1 | -1) => setIndex(stepConflict(conflicts, choices, index, direction));
  useCommand('problem.next', () => step(1), conflicts.length > 0);
  useCommand('problem.previous', () => step(-1), conflicts.length > 0);
  const apply = () => 'content' in outcome && onApply(choices, outcome.content);

  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-3 border-b px-4 py-2">
        <GitMerge aria-hidden="true" className="size-4 text-muted" />
        <h2 className="min-w-0 truncate font-semibold">{markedText(title)}</h2>
        <span className="flex-1" />
        {conflicts.length > 0 && (
          <>
            <Progress resolved={resolved} total={conflicts.length} />
            <span className="flex">
              <Tip {...commandTip('problem.previous')}>
                <Button variant="ghost" size="icon" aria-label="Previous conflict" onClick={() => step(-1)}>
                  <ArrowUp />
                </Button>
              </Tip>
              <Tip {...commandTip('problem.next')}>
                <Button variant="ghost" size="icon" aria-label="Next conflict" onClick={() => step(1)}>
                  <ArrowDown />
                </Button>
              </Tip>
            </span>
          </>
        )}
        <Button onClick={onAbandon}>Abandon</Button>
        <Button variant="primary" disabled={!('content' in outcome)} onClick={apply}>
          Apply to draft
        </Button>
      </header>
      {'problem' in outcome && outcome.problem !== null && (
        <p role="alert" className="border-b bg-danger-soft px-4 py-1.5 text-danger">
          {outcome.problem}
        </p>
      )}
      <PaneGroup id={conflicts.length > 0 ? 'merge' : 'merge-clean'} className="flex-1">
        {conflicts.length > 0 && (
          <>
            <Pane
              id="conflicts"
              defaultSize={220}
              minSize={160}
              maxSize="40%"
              groupResizeBehavior="preserve-pixel-size"
            >
              <ConflictList conflicts={conflicts} choices={choices} index={index} onPick={setIndex} />
            </Pane>
            <PaneHandle aria-label="Resize list of conflicts" />
          </>
        )}
        <Pane id="conflict" minSize={320}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
          <section aria-label="Merge" tabIndex={0} className="h-full overflow-y-auto p-4">
            {conflicts[index] !== undefined && (
              <ConflictEditor
                key={conflicts[index].id}
                mergeId={id}
                conflict={conflicts[index]}
                choices={choices}
                origins={origins}
                base={merge.kind === 'conflict' ? merge.base : ours}
                language={templateLanguageIds[ours.syntax]}
              />
            )}
            {'content' in outcome && (
              <div className={cn('flex flex-col gap-3', conflicts.length > 0 && 'mt-6')}>
                <p className="text-muted">
                  {conflicts.length === 0
                    ? 'Both sides changed different things, so nothing is in conflict. This is what the draft becomes:'
                    : 'Everything is decided. This is what the draft becomes:'}
                </p>
                <ContentDiff before={ours} after={outcome.content} />
              </div>
            )}
          </section>
        </Pane>
      </PaneGroup>
    </div>
  );
}

type Outcome = { readonly content: PromptContent } | { readonly problem: string | null };

/** The merged content when every conflict is decided in a way that makes a valid one. */
function tryResolve(merge: ContentMerge, choices: Choices): Outcome {
  const isOpen = merge.kind === 'conflict' && merge.conflicts.some(({ id }) => !Object.hasOwn(choices, id));
  if (isOpen) return { problem: null };
  try {
    return { content: resolveMerge(merge, choices) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function Progress({ resolved, total }: { readonly resolved: number; readonly total: number }) {
  return (
    <span role="status" className="flex items-center gap-2 text-sm text-muted">
      <span aria-hidden="true" className="h-1.5 w-24 overflow-hidden rounded-full bg-active">
        <span className="block h-full bg-accent transition-[width]" style={{ width: `${(100 * resolved) / total}%` }} />
      </span>
      <span className="tabular">
        {resolved} of {total} resolved
      </span>
    </span>
  );
}
