import { Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { laneCount, layoutGraph } from '../timeline/graph.ts';
import { LongList } from '../timeline/long-list.tsx';
import { StepRow, stepHeight } from './step-row.tsx';
import { compareWithStep, goToStep, useSteps } from './use-steps.ts';

/** The undo tree of a draft: every step that was typed, also those that an undo left behind. */
export function StepsPanel({ handle }: { readonly handle: DraftHandle }) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const { steps, error, more } = useSteps(promptId);
  const graph = useMemo(
    () =>
      layoutGraph(
        (steps ?? []).map(({ step, parent }) => ({
          id: String(step),
          parents: parent === null ? [] : [String(parent)],
        })),
      ),
    [steps],
  );
  const lanes = useMemo(() => laneCount(graph), [graph]);

  if (steps === undefined) {
    return error === null ? (
      <SkeletonList />
    ) : (
      <p role="alert" className="p-4 text-danger">
        <ForeignText text={error.message} />
      </p>
    );
  }
  if (steps.length < 2) {
    return (
      <EmptyState icon={Undo2} title="Nothing typed yet">
        What you type is kept step by step, also over restarts. After an undo you can type something else and still find
        here what you undid.
      </EmptyState>
    );
  }
  return (
    <LongList
      label="Draft steps"
      items={steps}
      keyOf={({ step }) => step}
      rowHeight={stepHeight}
      firstShown={steps.findIndex(({ current }) => current)}
      onNearEnd={more}
    >
      {(step, index) => {
        const row = graph[index];
        if (row === undefined) return null;
        return (
          <StepRow
            step={step}
            graph={{ row, lanes }}
            onGo={() => void goToStep(handle, step.step)}
            onCompare={() => void compareWithStep(handle, step.step)}
          />
        );
      }}
    </LongList>
  );
}
