import { useEffect } from 'react';
import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { Pane, PaneGroup, PaneHandle } from '../../components/ui/resizable.tsx';
import { listenForShortcuts } from '../commands.ts';
import { useLayout } from '../layout.ts';
import { ActivityBar } from './activity-bar.tsx';
import { CommandPalette } from './command-palette.tsx';
import { EditorArea } from './editor-area.tsx';
import { GlobalCommands } from './global-commands.tsx';
import { useViews } from './parts.tsx';
import { Reconnecting, WorkspaceProblem } from './reconnecting.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { StatusBar } from './status-bar.tsx';

/** The whole window: activity bar, side list, tabbed editors, status bar. */
export function Workbench() {
  const { view: viewId, sidebar } = useLayout();
  const views = useViews();
  const view = views.find((candidate) => candidate.id === viewId) ?? views[0];
  useEffect(listenForShortcuts, []);

  return (
    <div className="flex h-full flex-col">
      <ErrorBoundary what="Commands and their dialogs" shape="corner">
        <GlobalCommands />
      </ErrorBoundary>
      <ErrorBoundary what="The connection banner" shape="line">
        <Reconnecting />
      </ErrorBoundary>
      <ErrorBoundary what="The warning of the workspace" shape="line">
        <WorkspaceProblem />
      </ErrorBoundary>
      <div className="flex min-h-0 flex-1">
        <ErrorBoundary what="The activity bar" shape="corner">
          <ActivityBar />
        </ErrorBoundary>
        <PaneGroup id={sidebar ? 'workbench' : 'workbench-wide'} className="flex-1">
          {sidebar && view !== undefined && (
            <>
              <Pane id="side" defaultSize={264} minSize={200} maxSize="45%" groupResizeBehavior="preserve-pixel-size">
                <section
                  aria-label={view.title}
                  data-region="side"
                  tabIndex={-1}
                  className="flex h-full flex-col bg-panel outline-none"
                >
                  <ErrorBoundary key={view.id} what="The side bar">
                    <view.Side />
                  </ErrorBoundary>
                </section>
              </Pane>
              <PaneHandle aria-label="Resize side bar" />
            </>
          )}
          <Pane id="main" minSize={320}>
            <EditorArea />
          </Pane>
        </PaneGroup>
      </div>
      <ErrorBoundary what="The status bar" shape="line">
        <StatusBar />
      </ErrorBoundary>
      <ErrorBoundary what="The command palette" shape="corner">
        <CommandPalette />
      </ErrorBoundary>
      <ErrorBoundary what="The list of shortcuts" shape="corner">
        <ShortcutSheet />
      </ErrorBoundary>
    </div>
  );
}
