import { useEffect, useState } from 'react';
import { ConfirmHost } from './components/overlays/confirm.tsx';
import { forgetAwayToasts, Toaster } from './components/overlays/toast.tsx';
import { TooltipProvider } from './components/overlays/tooltip.tsx';
import { ErrorBoundary } from './components/ui/error-boundary.tsx';
import { orpc, queryClient, useConnection } from './live/api.ts';
import { followChanges } from './live/changes.ts';
import { currentSettings } from './live/settings.ts';
import { followStatus } from './live/status.ts';
import { takeWindowSlot } from './live/window-slot.ts';
import { deliverLeftStates, layoutsKey, leaveStates, loadState, saveStates } from './live/window-state.ts';
import { promptStateKeys, startPrompts } from './views/editor/lifecycle.ts';
import { parts } from './views/parts.ts';
import { PartsProvider } from './workbench/frame/parts.tsx';
import { Workbench } from './workbench/frame/workbench.tsx';
import { layoutKey, restoreLayout } from './workbench/layout.ts';
import { followThemeSetting } from './workbench/settings-store.ts';
import { restoreTabs, tabsKey } from './workbench/tabs.ts';

/** The whole window; it shows once the host has answered. */
export function App() {
  const ready = useReady();
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    void followChanges(stop.signal);
    void followStatus(stop.signal);
    const stopFollowing = useConnection.subscribe(({ state }, before) => {
      if (state.kind !== 'open' || before.state.kind === 'open') return;
      forgetAwayToasts();
      saveStates();
    });
    window.addEventListener('pagehide', leaveStates);
    return () => {
      stop.abort();
      stopFollowing();
      window.removeEventListener('pagehide', leaveStates);
    };
  }, [ready]);

  return (
    <TooltipProvider>
      <ErrorBoundary what="The window">
        {ready ? (
          <PartsProvider parts={parts}>
            <Workbench />
          </PartsProvider>
        ) : (
          <Starting />
        )}
      </ErrorBoundary>
      <ErrorBoundary what="The question" shape="corner">
        <ConfirmHost />
      </ErrorBoundary>
      <ErrorBoundary what="The messages" shape="corner">
        <Toaster />
      </ErrorBoundary>
    </TooltipProvider>
  );
}

/** Whether preferences and the window's last state have been read. */
function useReady(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    begin().then(() => setReady(true));
  }, []);
  return ready;
}

let beginning: Promise<void> | undefined;

/** Once per page, also when React mounts the application twice in development. */
function begin(): Promise<void> {
  beginning ??= takeWindowSlot().then(async () => {
    await readUntilAnswered();
    followThemeSetting();
    restoreLayout();
    restoreTabs();
    return startPrompts(!currentSettings().welcomeSeen);
  });
  return beginning;
}

async function readUntilAnswered(): Promise<void> {
  for (;;) {
    try {
      await deliverLeftStates();
      await Promise.all([
        queryClient.fetchQuery(orpc.settings.get.queryOptions()),
        ...[layoutsKey, layoutKey, tabsKey, ...promptStateKeys].map(loadState),
      ]);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Fades in late, so that it shows only while the host is slow to start. */
function Starting() {
  return (
    <div
      role="status"
      className="flex h-full animate-[fade-in_400ms_600ms_both] items-center justify-center text-muted"
    >
      Waiting for the PromptDev host…
    </div>
  );
}
