import { FileX } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ContentProblem, ProblemFix } from '../../../src-core/content/templates/content-problem.ts';
import type { PromptContent } from '../../../src-core/contract/content.ts';
import { AppError } from '../../../src-core/scope/errors.ts';
import { Button } from '../../components/ui/button.tsx';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { Pane, PaneGroup, PaneHandle } from '../../components/ui/resizable.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { whenConnected } from '../../live/api.ts';
import { type DraftHandle, openDraft, openedDraft, useDraft } from '../../live/drafts/draft-store.ts';
import { formatMessages } from '../../live/drafts/edit-content.ts';
import { loadValues, useValues } from '../../live/drafts/input-values.ts';
import { useCommand } from '../../workbench/commands.ts';
import { useCurrentModel, whereOf } from '../../workbench/current-model.ts';
import { openDraftDiff, showHistory } from '../../workbench/navigation/open-history.ts';
import { openIncluded } from '../../workbench/navigation/open-included.ts';
import { titleOf } from '../../workbench/navigation/open-prompt.ts';
import { type EditorLayout, useEditorLayout } from '../../workbench/navigation/prompt-layout.ts';
import { closeTab, describeTab } from '../../workbench/tabs.ts';
import type { EditorProps } from '../../workbench/view.ts';
import { duplicatePrompt } from '../library/organise/prompt-actions.ts';
import { cancelRun, isActive, showLastRun, useShownRun } from '../runs/run-store.ts';
import { ConflictBanner } from './conflict-banner.tsx';
import { useUnfinished } from './draft/use-field.ts';
import { stepDraft } from './draft/version-actions.ts';
import { forgetRefusals, runWhenFinished, saveWhenFinished } from './go-on.ts';
import { MessageList, type MessageListHandle } from './messages/message-list.tsx';
import { useLivePreview } from './preview/live-preview.ts';
import type { PreviewPanelProps } from './preview/preview-panel.tsx';
import { applyFix } from './problems/apply-fix.ts';
import { PromptHeader } from './prompt-header.tsx';
import { fitOf } from './run/context-fit.ts';
import { RunPanel } from './run/run-panel.tsx';
import { sentenceOf } from './run/token-meter.tsx';
import { useTokenCounts } from './run/use-token-counts.ts';
import { SaveDialog } from './save/save-dialog.tsx';
import { SidePanel } from './side-panel.tsx';
import { Welcome } from './welcome.tsx';

const retryDelayMs = 300;

/** The editor of one prompt. */
export function PromptEditor({ id, tabKey }: EditorProps) {
  const [handle, setHandle] = useState<DraftHandle | null>(() => openedDraft(id) ?? null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempts, setAttempts] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is a reason to try again
  useEffect(() => {
    let current = true;
    setFailure(null);
    openDraft(id)
      .then(async (opened) => {
        await loadValues(id, opened.store.getState().prompt.draft.content.samples);
        if (current) setHandle(opened);
      })
      .catch(async (error: unknown) => {
        // Tries again when the host is back; the skeleton and the banner show until then.
        if (!(error instanceof AppError && error.code === 'unavailable')) return current && setFailure(error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
        await whenConnected();
        if (current) setAttempts((count) => count + 1);
      });
    return () => {
      current = false;
    };
  }, [id, attempts]);

  if (failure !== null) {
    const isGone = failure instanceof AppError && failure.code === 'not_found';
    return (
      <EmptyState
        icon={FileX}
        title={isGone ? 'This prompt no longer exists' : 'The prompt could not be read'}
        actions={
          isGone ? (
            <Button onClick={() => closeTab(tabKey)}>Close tab</Button>
          ) : (
            <Button onClick={() => setAttempts((count) => count + 1)}>Try again</Button>
          )
        }
      >
        {failure instanceof Error && failure.message}
      </EmptyState>
    );
  }
  if (handle === null) return <SkeletonList rows={8} />;
  return <Opened key={id} handle={handle} tabKey={tabKey} />;
}

interface OpenedProps {
  readonly handle: DraftHandle;
  readonly tabKey: string;
}

function Opened({ handle, tabKey }: OpenedProps) {
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const isSystem = useDraft(handle, (state) => state.prompt.source === 'system');
  const model = useDraft(handle, (state) => state.content.settings.model);
  const maxTokens = useDraft(handle, (state) => state.content.settings.maxTokens);
  const preview = useLivePreview(handle);
  const tokens = useTokenCounts(handle, preview, model);
  const layout = useEditorLayout();
  const messages = useRef<MessageListHandle>(null);

  useEffect(() => useCurrentModel.setState({ where: whereOf(model ?? 'starter') }), [model]);
  useEffect(() => {
    void showLastRun(promptId).catch(() => {});
    // Saves when the tab is left.
    return () => void handle.flush().catch(() => {});
  }, [handle, promptId]);

  const go = useCallback(({ messageIndex, part, template, start, input }: ContentProblem) => {
    if (template !== null) void openIncluded(template);
    else if (messageIndex !== null && start !== null) messages.current?.reveal(messageIndex, start, part);
    else if (messageIndex !== null && input === null)
      messages.current?.reveal(messageIndex, { line: 1, column: 1 }, part);
    else if (input !== null) showInput(input);
  }, []);
  const fix = useCallback((remedy: ProblemFix) => applyFix(handle, remedy), [handle]);
  const jump: PreviewPanelProps['onJump'] = useCallback((index, place) => messages.current?.reveal(index, place), []);

  const editing = (
    <div className="h-full overflow-y-auto" data-messages>
      <ErrorBoundary what="The list of messages">
        <MessageList ref={messages} handle={handle} preview={preview} />
      </ErrorBoundary>
    </div>
  );
  const side = <SidePanel handle={handle} preview={preview} tokens={tokens} onGo={go} onFix={fix} onJump={jump} />;
  const warning = tokens && sentenceOf(fitOf(tokens.total, tokens.context, maxTokens), tokens.exact);
  const output = (
    <ErrorBoundary what="The output">
      <RunPanel promptId={promptId} warning={warning} />
    </ErrorBoundary>
  );
  return (
    <div className="flex h-full flex-col">
      <Following handle={handle} tabKey={tabKey} />
      {isSystem && <Welcome />}
      <ErrorBoundary what="The header of the prompt" shape="line">
        <PromptHeader handle={handle} />
      </ErrorBoundary>
      <ErrorBoundary what="The question about both drafts" shape="line">
        <ConflictBanner handle={handle} />
      </ErrorBoundary>
      <ErrorBoundary what="The dialog that saves" shape="corner">
        <SaveDialog handle={handle} />
      </ErrorBoundary>
      <Arrangement layout={layout} editing={editing} side={side} output={output} />
    </div>
  );
}

/** Updates the tab and the commands; a component of its own, so that a save renders nothing else. */
function Following({ handle, tabKey }: OpenedProps) {
  const title = useDraft(handle, ({ prompt }) => titleOf(prompt));
  const isSaved = useDraft(handle, (state) => state.save.kind === 'saved' && state.conflict === null);
  const isChanged = useDraft(handle, ({ prompt: { draft } }) => {
    return draft.baseVersion !== null && draft.baseVersion.hash !== draft.hash;
  });
  const isFinished = useUnfinished(handle).length === 0;
  const dirty = !isSaved || !isFinished || isChanged;
  useEffect(() => describeTab(tabKey, { title, dirty }), [tabKey, title, dirty]);
  useEffect(() => {
    if (isFinished) forgetRefusals(handle);
  }, [handle, isFinished]);
  usePromptCommands(handle);
  return null;
}

/** Shows the field of an input and puts the cursor there. */
function showInput(name: string): void {
  useEditorLayout.setState({ side: true, sideTab: 'inputs' });
  // The panel is there after the next render.
  requestAnimationFrame(() => {
    const row = document.querySelector(`[data-input-row="${CSS.escape(name)}"]`);
    row?.querySelector<HTMLElement>('[data-json], textarea, input, [role="combobox"]')?.focus();
  });
}

interface ArrangementProps {
  readonly layout: EditorLayout;
  readonly editing: ReactNode;
  readonly side: ReactNode;
  readonly output: ReactNode;
}

/** Messages on the left, panels on the right; the output under the panels, or below everything. */
function Arrangement({ layout, editing, side, output }: ArrangementProps) {
  const beside = layout.runPanel && layout.runPlace === 'beside';
  const below = layout.runPanel && layout.runPlace === 'below';
  const hasColumn = layout.side || beside;
  return (
    <PaneGroup id={`prompt-rows-${below}`} orientation="vertical" className="flex-1">
      <Pane id="top" minSize={120}>
        <PaneGroup id={`prompt-columns-${hasColumn}`} className="h-full">
          <Pane id="messages" defaultSize="58%" minSize={280}>
            {editing}
          </Pane>
          {hasColumn && (
            <>
              <PaneHandle aria-label="Resize panels" />
              <Pane id="column" minSize={260}>
                <PaneGroup id={`prompt-column-${layout.side}-${beside}`} orientation="vertical" className="h-full">
                  {layout.side && (
                    <Pane id="side-panel" minSize={120}>
                      {side}
                    </Pane>
                  )}
                  {layout.side && beside && <PaneHandle aria-label="Resize output" />}
                  {beside && (
                    <Pane id="output" defaultSize={layout.side ? '42%' : '100%'} minSize={96}>
                      {output}
                    </Pane>
                  )}
                </PaneGroup>
              </Pane>
            </>
          )}
        </PaneGroup>
      </Pane>
      {below && (
        <>
          <PaneHandle aria-label="Resize output" />
          <Pane id="output" defaultSize="36%" minSize={96}>
            {output}
          </Pane>
        </>
      )}
    </PaneGroup>
  );
}

function usePromptCommands(handle: DraftHandle): void {
  const { id } = handle.store.getState().prompt;
  const shown = useShownRun(id);
  const values = useValues(id);
  const canUndo = useDraft(handle, (state) => state.prompt.draft.canUndo);
  const canRedo = useDraft(handle, (state) => state.prompt.draft.canRedo);
  const hasBase = useDraft(handle, (state) => state.prompt.draft.baseVersion !== null);
  const active = shown !== null && isActive(shown.status);
  const toggle = (key: 'side' | 'runPanel') => useEditorLayout.setState((layout) => ({ [key]: !layout[key] }));

  useCommand(
    'run.start',
    () => void runWhenFinished(handle, () => ({ promptId: id, inputs: values, ...whatToRun(handle) })),
  );
  useCommand('run.cancel', () => void cancelRun(id), active);
  useCommand('message.format', () => handle.edit(formatMessages));
  useCommand('prompt.saveVersion', () => void saveWhenFinished(handle));
  useCommand('prompt.duplicate', () => void duplicatePrompt(id));
  useCommand('draft.compare', () => void openDraftDiff(handle), hasBase);
  useCommand('history.show', () => showHistory('versions'));
  useCommand('draft.steps', () => showHistory('steps'));
  useCommand('draft.undo', () => void stepDraft(handle, 'undoDraft'), canUndo);
  useCommand('draft.redo', () => void stepDraft(handle, 'redoDraft'), canRedo);
  useCommand('draft.discard', () => void stepDraft(handle, 'discardDraft'));
  useCommand('preview.toggle', () => {
    const { side, sideTab } = useEditorLayout.getState();
    if (side && sideTab === 'preview') useEditorLayout.setState({ side: false });
    else useEditorLayout.setState({ side: true, sideTab: 'preview' });
  });
  useCommand('runPanel.toggle', () => toggle('runPanel'));
  useCommand('runPanel.move', () =>
    useEditorLayout.setState(({ runPlace }) => ({
      runPanel: true,
      runPlace: runPlace === 'below' ? 'beside' : 'below',
    })),
  );
}

/** The version when the draft equals it, so that the run is filed under it; otherwise the shown content. */
function whatToRun(handle: DraftHandle): { readonly versionId: string } | { readonly content: PromptContent } {
  const { prompt, content, save } = handle.store.getState();
  const { baseVersion, hash } = prompt.draft;
  return save.kind === 'saved' && baseVersion?.hash === hash ? { versionId: baseVersion.id } : { content };
}
