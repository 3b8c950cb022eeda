import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Database, LoaderCircle, MemoryStick, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../components/format.ts';
import { Popover } from '../../components/overlays/popover.tsx';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { orpc, useConnection } from '../../live/api.ts';
import { useStatus } from '../../live/status.ts';
import { runCommand } from '../commands.ts';
import { useCurrentModel } from '../current-model.ts';

const itemClass = 'flex h-5 items-center gap-1.5 rounded-sm px-1.5 whitespace-nowrap [&_svg]:size-3';

/** The line at the bottom: where data and models are, what runs, what it costs. */
export function StatusBar() {
  const connection = useConnection((state) => state.state.kind);
  const info = useQuery(orpc.workspace.info.queryOptions()).data;
  const status = useStatus();
  const llm = useCurrentModel((state) => state.where);
  const running = status === null ? 0 : status.runningRuns + status.queuedRuns;
  return (
    <section
      aria-label="Status"
      data-region="status"
      className="flex h-6 shrink-0 items-center gap-1 border-t bg-panel px-1.5 text-2xs text-muted"
    >
      <Tip label={info ? `Everything is kept in ${info.databaseFile}` : 'Where your work is kept'} side="top">
        <button type="button" className={`${itemClass} hover:bg-hover`} onClick={() => runCommand('go.settings')}>
          <Database /> db: local
        </button>
      </Tip>
      <Tip label={llmHints[llm]} side="top">
        <button type="button" className={`${itemClass} hover:bg-hover`} onClick={() => runCommand('go.models')}>
          llm: {llm}
        </button>
      </Tip>
      {info !== undefined && info.warnings.length > 0 && <Warnings warnings={info.warnings} />}
      <div className="flex-1" />
      <div role="status" className="flex items-center gap-1">
        {running > 0 && (
          <Tip label="Show running jobs" side="top">
            <button
              type="button"
              className={`${itemClass} text-accent-text hover:bg-hover`}
              onClick={() => runCommand('go.runs')}
            >
              <LoaderCircle className="animate-spin" />
              {running === 1 ? '1 run' : `${running} runs`}
              {status !== null && status.queuedRuns > 0 && ` (${status.queuedRuns} waiting)`}
            </button>
          </Tip>
        )}
      </div>
      {status !== null && (
        <Tip
          side="top"
          label={`Host ${formatBytes(status.hostMemoryBytes)}, ${status.loadedModels === 1 ? '1 loaded model' : `${status.loadedModels} loaded models`} ${formatBytes(status.enginesMemoryBytes)}`}
        >
          <button
            type="button"
            className={`${itemClass} tabular hover:bg-hover`}
            onClick={() => runCommand('go.models')}
          >
            <MemoryStick /> {formatBytes(status.hostMemoryBytes + status.enginesMemoryBytes)}
          </button>
        </Tip>
      )}
      <ConnectionItem open={connection === 'open'} />
    </section>
  );
}

const llmHints = {
  local: 'The chosen model runs on this machine',
  remote: 'The chosen model runs at an endpoint that you configured',
} as const;

function ConnectionItem({ open }: { readonly open: boolean }): ReactNode {
  if (open) {
    return (
      <span className={itemClass}>
        <span aria-hidden="true" className="size-1.5 rounded-full bg-success" /> Connected
      </span>
    );
  }
  return (
    <span className={`${itemClass} text-warning`}>
      <Unplug /> Reconnecting…
    </span>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  return (
    <Popover
      side="top"
      className="w-96"
      aria-label="Warnings"
      trigger={
        <button type="button" className={`${itemClass} text-warning hover:bg-hover`}>
          <CircleAlert /> {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
        </button>
      }
    >
      <ul className="flex flex-col gap-2">
        {warnings.map((warning) => (
          <li key={warning} className="text-sm">
            {warning}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
