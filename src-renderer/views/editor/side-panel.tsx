import { CircleAlert } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { ContentProblem } from '../../../src-core/content/templates/content-problem.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../components/ui/tabs.tsx';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import { type SideTab, useEditorLayout } from '../../workbench/navigation/prompt-layout.ts';
import { HistoryPanel } from '../history/history-panel.tsx';
import { useUnfinished } from './draft/use-field.ts';
import { InputsPanel } from './inputs/inputs-panel.tsx';
import { type PreviewStore, usePreview } from './preview/live-preview.ts';
import { PreviewPanel, type PreviewPanelProps } from './preview/preview-panel.tsx';
import { RunsPanel } from './run/runs-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';

export interface SidePanelProps extends Pick<PreviewPanelProps, 'onGo' | 'onFix' | 'onJump' | 'tokens'> {
  readonly handle: DraftHandle;
  readonly preview: PreviewStore;
}

/** What stands beside the messages: inputs, preview, model settings, history. */
export const SidePanel = memo(({ handle, preview, tokens, onGo, onFix, onJump }: SidePanelProps) => {
  const tab = useEditorLayout((state) => state.sideTab);
  const inputs = useDraft(handle, (state) => state.content.inputs.length);
  const problems = usePreview(preview, (state) => state.problems);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  const unfinished = useUnfinished(handle);
  const wrongInputs = unfinished.filter(({ place }) => place === 'inputs').length;
  const wrongSettings = unfinished.filter(({ place }) => place === 'settings').length;
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => useEditorLayout.setState({ sideTab: next as SideTab })}
      className="flex h-full flex-col bg-background"
    >
      <TabsList aria-label="Panels" className="@container/tabs gap-x-0.5 @sm/tabs:gap-x-1">
        <Trigger value="inputs">
          Inputs {inputs > 0 && <Badge tone={problems.some(isWrongInput) ? 'danger' : 'neutral'}>{inputs}</Badge>}
          <Unfinished count={wrongInputs} />
        </Trigger>
        <Trigger value="preview">
          Preview
          {errors > 0 && (
            <Badge tone="danger" aria-label={`${errors} errors`}>
              {errors}
            </Badge>
          )}
          {errors === 0 && warnings > 0 && (
            <Badge tone="warning" aria-label={`${warnings} warnings`}>
              {warnings}
            </Badge>
          )}
        </Trigger>
        <Trigger value="settings">
          Model <Unfinished count={wrongSettings} />
        </Trigger>
        <Trigger value="history">History</Trigger>
        <Trigger value="runs">Runs</Trigger>
      </TabsList>
      <Panel value="inputs" what="The inputs">
        <InputsPanel handle={handle} problems={problems} onFix={onFix} onGo={onGo} />
      </Panel>
      <Panel value="preview" what="The preview">
        <PreviewPanel handle={handle} preview={preview} tokens={tokens} onGo={onGo} onFix={onFix} onJump={onJump} />
      </Panel>
      <Panel value="settings" what="The model settings">
        <SettingsPanel handle={handle} />
      </Panel>
      <Panel value="history" what="The history">
        <HistoryPanel handle={handle} />
      </Panel>
      <Panel value="runs" what="The list of runs">
        <RunsPanel handle={handle} />
      </Panel>
    </Tabs>
  );
});

/** An invalid value or declaration; a missing value is not an error here. */
const isWrongInput = ({ code }: ContentProblem): boolean => code.startsWith('input_') && code !== 'input_missing';

/** Fields whose text is kept but not valid yet. */
function Unfinished({ count }: { readonly count: number }) {
  if (count === 0) return null;
  const label = count === 1 ? '1 field is not valid yet' : `${count} fields are not valid yet`;
  return (
    <Badge tone="danger" aria-label={label} title={label}>
      <CircleAlert aria-hidden="true" /> {count}
    </Badge>
  );
}

interface PanelProps {
  readonly value: SideTab;
  readonly what: string;
  readonly children: ReactNode;
}

function Panel({ value, what, children }: PanelProps) {
  return (
    <TabsContent value={value}>
      <ErrorBoundary what={what}>{children}</ErrorBoundary>
    </TabsContent>
  );
}

function Trigger({ value, children }: { readonly value: SideTab; readonly children: ReactNode }) {
  return (
    <TabsTrigger
      value={value}
      className="gap-1 px-1 after:inset-x-1! @sm/tabs:gap-1.5 @sm/tabs:px-2 @sm/tabs:after:inset-x-2!"
    >
      {children}
    </TabsTrigger>
  );
}
