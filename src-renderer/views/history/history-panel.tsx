import { Segments } from '../../fields/segments.tsx';
import type { DraftHandle } from '../../live/drafts/draft-store.ts';
import { useHistoryPart } from '../../workbench/navigation/history-part.ts';
import { StepsPanel } from './steps/steps-panel.tsx';
import { VersionsPanel } from './timeline/versions-panel.tsx';

/** The history of a prompt: its versions, or the steps of its draft. */
export function HistoryPanel({ handle }: { readonly handle: DraftHandle }) {
  const part = useHistoryPart((state) => state.part);
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 px-2 pt-2">
        <Segments
          label="History of"
          value={part}
          onChange={(next) => useHistoryPart.setState({ part: next })}
          options={[
            { value: 'versions', label: 'Versions' },
            { value: 'steps', label: 'Draft steps' },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1">
        {part === 'versions' ? <VersionsPanel handle={handle} /> : <Steps handle={handle} />}
      </div>
    </div>
  );
}

function Steps({ handle }: { readonly handle: DraftHandle }) {
  return (
    <div className="flex h-full flex-col pt-2">
      <StepsPanel handle={handle} />
    </div>
  );
}
