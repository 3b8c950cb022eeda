import { CircleStop, Columns2, LoaderCircle, Play, RotateCcw, Rows2, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { withMarks } from '../../../../src-core/content/text/odd-characters.ts';
import type { Run } from '../../../../src-core/contract/runs.ts';
import { describeFinish } from '../../../../src-core/runs/finish-reason.ts';
import { formatAgo, formatCost, formatDuration, formatNumber } from '../../../components/format.ts';
import { CopyButton } from '../../../components/overlays/copy-button.tsx';
import { commandTip, Tip } from '../../../components/overlays/tooltip.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { Kbd } from '../../../components/ui/kbd.tsx';
import { runCommand } from '../../../workbench/commands.ts';
import { useEditorLayout } from '../../../workbench/navigation/prompt-layout.ts';
import { Reasoning } from '../../runs/reasoning.tsx';
import { EndBadge, EndNotice, RunNotes } from '../../runs/run-end.tsx';
import { isActive, type ShownRun, useRefusal, useShownRun } from '../../runs/run-store.ts';
import { SchemaCheck } from '../../runs/schema-check.tsx';

export interface RunPanelProps {
  readonly promptId: string;
  /** What to know before running, as that the prompt is too long for the model. */
  readonly warning: string | null;
}

/** The answer as it streams, with its figures. */
export function RunPanel({ promptId, warning }: RunPanelProps) {
  const shown = useShownRun(promptId);
  const refused = useRefusal(promptId);
  return (
    <section aria-label="Output" className="flex h-full flex-col bg-background">
      <Toolbar shown={shown} />
      {warning !== null && (
        <p role="status" className="border-b bg-warning-soft px-3 py-1.5 text-sm text-warning">
          <ForeignText text={warning} />
        </p>
      )}
      {refused !== null && <Failure message={refused} />}
      {shown === null ? (
        refused === null && (
          <EmptyState icon={Play} title="Run it to see the answer">
            Press <Kbd shortcut="Mod+Enter" className="text-foreground" />. The answer streams in here, with the time to
            its first token, its speed and its cost.
          </EmptyState>
        )
      ) : (
        <Output shown={shown} />
      )}
    </section>
  );
}

function Toolbar({ shown }: { readonly shown: ShownRun | null }) {
  const place = useEditorLayout((state) => state.runPlace);
  const active = shown !== null && isActive(shown.status);
  return (
    <header className="flex h-9 shrink-0 items-center gap-1 border-b pr-1.5 pl-3">
      <h3 className="text-sm font-medium">Output</h3>
      {shown !== null && <StatusBadge shown={shown} />}
      {shown?.run != null && (
        <span className="truncate text-xs text-muted">
          <ForeignText text={shown.run.model} />, {formatAgo(shown.run.createdAt)}
        </span>
      )}
      <div className="flex-1" />
      {active && (
        <Tip {...commandTip('run.cancel')}>
          <Button size="sm" onClick={() => runCommand('run.cancel')}>
            <CircleStop /> Cancel
          </Button>
        </Tip>
      )}
      {shown !== null && !active && (
        <Tip {...commandTip('run.start')} label="Run again">
          <Button variant="ghost" size="icon-sm" aria-label="Run again" onClick={() => runCommand('run.start')}>
            <RotateCcw />
          </Button>
        </Tip>
      )}
      {shown !== null && !active && <CopyButton text={shown.output} label="output" />}
      <Tip label={place === 'below' ? 'Show beside' : 'Show below'}>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={place === 'below' ? 'Show output beside' : 'Show output below'}
          onClick={() => runCommand('runPanel.move')}
        >
          {place === 'below' ? <Columns2 /> : <Rows2 />}
        </Button>
      </Tip>
      <Tip {...commandTip('runPanel.toggle')} label="Hide output">
        <Button variant="ghost" size="icon-sm" aria-label="Hide output" onClick={() => runCommand('runPanel.toggle')}>
          <X />
        </Button>
      </Tip>
    </header>
  );
}

function StatusBadge({ shown }: { readonly shown: ShownRun }) {
  switch (shown.status) {
    case 'queued':
      return <Badge>waiting</Badge>;
    case 'running':
      return (
        <Badge tone="accent">
          <LoaderCircle className="animate-spin" /> running
        </Badge>
      );
    case 'succeeded':
      if (describeFinish(shown.run?.finishReason) !== null)
        return <EndBadge reason={shown.run?.finishReason ?? null} />;
      return <Badge tone="success">done</Badge>;
    case 'failed':
      return <Badge tone="danger">failed</Badge>;
    case 'cancelled':
      return <Badge>cancelled</Badge>;
  }
}

function Output({ shown }: { readonly shown: ShownRun }) {
  const scroller = useRef<HTMLElement>(null);
  const followsEnd = useRef(true);
  const { output, reasoning, status, note, run } = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever the text grows
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && followsEnd.current) element.scrollTop = element.scrollHeight;
  }, [output, reasoning]);
  const thinking = isActive(status) && output === '' && reasoning !== '';
  const waiting = isActive(status) && output === '' && !thinking;
  const isEmpty = output === '' && reasoning === '';
  const failure = run?.error != null && run.status === 'failed' && <Failure message={run.error.message} />;
  return (
    <>
      {/* Without any output the reason stands at the top, in place of the answer. */}
      {isEmpty && failure}
      <section
        ref={scroller}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          followsEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard
        tabIndex={0}
        aria-label="Answer"
        aria-busy={isActive(status)}
        className="min-h-0 flex-1 overflow-y-auto p-3"
      >
        {waiting && <Waiting shown={shown} />}
        <Reasoning key={shown.id} text={reasoning} tokens={run?.reasoningTokens ?? null} thinking={thinking} />
        <div
          data-output
          className={cn(
            'foreign font-mono text-sm leading-5.5 break-words whitespace-pre-wrap select-text',
            reasoning !== '' && 'mt-2',
            status === 'running' &&
              !waiting &&
              'after:ml-0.5 after:inline-block after:h-3.5 after:w-1.5 after:translate-y-0.5 after:animate-pulse after:bg-accent',
          )}
        >
          <ForeignText text={output} />
        </div>
        {run?.toolCalls.map((call) => (
          <pre key={call.id} className="mt-2 overflow-x-auto rounded-md bg-panel p-2 font-mono text-xs">
            <ForeignText text={`${call.name}(${call.arguments})`} />
          </pre>
        ))}
        {run !== null && run.output === '' && run.status === 'succeeded' && run.toolCalls.length === 0 && (
          <p className="text-sm text-muted">
            {reasoning === '' ? 'No text came back.' : 'It thought, but gave no answer.'}
          </p>
        )}
        {run !== null && (
          <div className="mt-2 flex flex-col gap-2">
            <SchemaCheck problems={run.schemaProblems} />
            <EndNotice reason={run.finishReason} />
            <RunNotes notes={run.notes} />
          </div>
        )}
        {isActive(status) && !waiting && note !== null && (
          <p className="mt-2 text-sm text-muted">
            <ForeignText text={note} />
          </p>
        )}
      </section>
      {!isEmpty && failure}
      {run !== null && <Figures run={run} />}
    </>
  );
}

function Waiting({ shown }: { readonly shown: ShownRun }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 200);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="tabular text-muted">
      <ForeignText
        text={shown.note ?? (shown.status === 'queued' ? 'Waiting for its turn' : 'Waiting for the first token')}
      />
      … {((Date.now() - shown.startedAt) / 1_000).toFixed(1)} s
    </p>
  );
}

/** Why there is no answer, as the host or the endpoint said it. */
function Failure({ message }: { readonly message: string }) {
  return (
    <div role="alert" className="m-3 rounded-md bg-danger-soft px-3 py-2 text-danger select-text">
      <ForeignText text={message} />
    </div>
  );
}

function Figures({ run }: { readonly run: Run }) {
  const figures: readonly (readonly [string, string, string | null])[] = [
    [
      'TTFT',
      'Time from when the model took the run up to its first token',
      run.ttftMs === null ? null : formatDuration(run.ttftMs),
    ],
    [
      'Total',
      'Time from when the model took the run up to its end',
      run.latencyMs === null ? null : formatDuration(run.latencyMs),
    ],
    [
      'Speed',
      'Tokens per second after the first',
      run.tokensPerSecond === null ? null : `${formatNumber(run.tokensPerSecond)} tok/s`,
    ],
    ['Tokens', 'Tokens of the prompt and of the answer', tokensOf(run)],
    ['Cost', 'US dollars, by the price of the model', run.cost === null ? null : formatCost(run.cost)],
  ];
  return (
    <footer className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-0.5 border-t px-3 py-1.5 text-xs">
      {figures.map(([name, hint, value]) =>
        value === null ? null : (
          <span key={name} title={hint} className="whitespace-nowrap text-muted">
            {name} <span className="tabular font-medium text-foreground">{value}</span>
          </span>
        ),
      )}
      {run.attempts.length > 0 && (
        <span
          className="text-warning"
          title={withMarks(run.attempts.map(({ model, error }) => `${model}: ${error.message}`).join('\n'))}
        >
          after {run.attempts.length === 1 ? '1 failed attempt' : `${run.attempts.length} failed attempts`}
        </span>
      )}
    </footer>
  );
}

const tokensOf = ({ inputTokens, cachedTokens, outputTokens }: Run): string | null => {
  if (inputTokens === null && outputTokens === null) return null;
  const cached = cachedTokens === null || cachedTokens === 0 ? '' : ` (${formatNumber(cachedTokens)} cached)`;
  const count = (tokens: number | null) => (tokens === null ? '?' : formatNumber(tokens));
  return `${count(inputTokens)} in${cached}, ${count(outputTokens)} out`;
};
