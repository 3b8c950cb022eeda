import { ErrorBoundary } from '../../components/ui/error-boundary.tsx';
import { useTabs } from '../tabs.ts';
import { useEditorFor } from './parts.tsx';
import { Start } from './start.tsx';
import { TabBar } from './tab-bar.tsx';

/** The tab bar and the editor of the active tab. */
export function EditorArea() {
  const tab = useTabs((state) => state.tabs.find((candidate) => candidate.key === state.active));
  const editor = useEditorFor(tab?.kind);
  return (
    <main data-region="editor" tabIndex={-1} className="flex h-full min-w-0 flex-col bg-background outline-none">
      <ErrorBoundary what="The tab bar" shape="line">
        <TabBar />
      </ErrorBoundary>
      <div
        {...(tab && { role: 'tabpanel', id: 'editor-panel', 'aria-label': tab.title })}
        className="min-h-0 min-w-0 flex-1"
      >
        {tab !== undefined && editor !== undefined ? (
          <ErrorBoundary key={tab.key} what={`The tab “${tab.title}”`}>
            <editor.Component id={tab.id} tabKey={tab.key} />
          </ErrorBoundary>
        ) : (
          <ErrorBoundary key="start" what="The start page">
            <Start />
          </ErrorBoundary>
        )}
      </div>
    </main>
  );
}
