import { ChevronRight, HardDrive, Play, Square, Trash2 } from 'lucide-react';
import type { LocalModel } from '../../../../src-core/contract/models.ts';
import { formatBytes, formatNumber } from '../../../components/format.ts';
import { CopyButton } from '../../../components/overlays/copy-button.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EditorPage, Fact, Facts, Section } from '../../../components/ui/editor-parts.tsx';
import { desktop } from '../../../workbench/desktop.ts';
import { formatParameters, stateLabel } from '../state/describe-model.ts';
import { loadModel, removeModel, unloadModel } from '../state/model-actions.ts';
import { StateDot } from '../state/state-dot.tsx';
import { LocalSettings } from './local-settings.tsx';
import { LocalFailure } from './local-state.tsx';
import { MemoryBar } from './memory-bar.tsx';

/** Everything about one GGUF model. */
export function LocalModelPage({ model }: { readonly model: LocalModel }) {
  return (
    <EditorPage
      icon={<HardDrive />}
      title={model.title || model.id}
      subtitle={
        <>
          <code className="font-mono text-sm">{model.id}</code>
          <span className="flex items-center gap-1.5">
            <StateDot model={model} /> {stateLabel(model)}
          </span>
          {model.builtIn && <Badge>built-in</Badge>}
        </>
      }
      actions={<Actions model={model} />}
    >
      <LocalFailure model={model} />
      <Section title="Memory">
        <MemoryBar model={model} />
        {model.state.kind === 'ready' && <LoadedFacts state={model.state} />}
      </Section>
      <LocalSettings model={model} />
      <Section title="File">
        <Facts>
          <Fact label="Architecture">{model.architecture}</Fact>
          <Fact label="Parameters">{formatParameters(model.parameters)}</Fact>
          <Fact label="Quantisation">{model.quantisation}</Fact>
          <Fact label="Trained context">{formatNumber(model.contextLength)} tokens</Fact>
          <Fact label="Size">{formatBytes(model.sizeBytes)}</Fact>
          <Fact label="Licence">{model.license ?? 'not stated in the file'}</Fact>
          <Fact label="Path" wide>
            <Copyable text={model.path} label="path" />
            {desktop.revealPath !== null && (
              <Button variant="link" onClick={() => desktop.revealPath?.(model.path)}>
                Show in folder
              </Button>
            )}
          </Fact>
          <Fact label="SHA-256" wide>
            <Copyable text={model.sha256} label="SHA-256" />
          </Fact>
        </Facts>
      </Section>
      <ChatTemplate template={model.chatTemplate} />
    </EditorPage>
  );
}

function Actions({ model }: { readonly model: LocalModel }) {
  const { kind } = model.state;
  const loaded = kind === 'ready' || kind === 'loading';
  return (
    <>
      {!model.builtIn && (
        <Tip label="Remove model">
          <Button variant="ghost" size="icon" aria-label="Remove model" onClick={() => removeModel(model)}>
            <Trash2 />
          </Button>
        </Tip>
      )}
      {loaded ? (
        <Button onClick={() => unloadModel(model.id)} disabled={kind === 'ready' && model.state.activeRuns > 0}>
          <Square /> Unload
        </Button>
      ) : (
        <Button
          variant="primary"
          onClick={() => loadModel(model.id)}
          disabled={!model.present || kind === 'quarantined'}
        >
          <Play /> Load
        </Button>
      )}
    </>
  );
}

function LoadedFacts({ state }: { readonly state: Extract<LocalModel['state'], { kind: 'ready' }> }) {
  return (
    <Facts>
      <Fact label="In use">{formatBytes(state.memoryBytes)}</Fact>
      <Fact label="Context">{formatNumber(state.contextSize)} tokens</Fact>
      <Fact label="Runs on">{state.gpu}</Fact>
      <Fact label="Threads">{state.threads}</Fact>
      <Fact label="Measured speed">
        {state.tokensPerSecond === null ? 'not measured' : `${formatNumber(state.tokensPerSecond)} tokens/s`}
      </Fact>
      <Fact label="Runs now">{state.activeRuns}</Fact>
    </Facts>
  );
}

function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 pt-0.5 font-mono text-sm break-all">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

function ChatTemplate({ template }: { readonly template: string | null }) {
  if (template === null) {
    return (
      <Section title="Chat template">
        <p className="text-sm text-muted">
          The file has none, so messages are joined in a plain format. Base models without one often ramble.
        </p>
      </Section>
    );
  }
  return (
    <details className="group">
      <summary className="flex cursor-default items-center gap-1 border-b pb-1.5 font-semibold select-none">
        <ChevronRight aria-hidden="true" className="size-3.5 text-muted transition-transform group-open:rotate-90" />
        Chat template
        <span className="ml-auto text-sm font-normal text-muted">{formatNumber(template.length)} characters</span>
      </summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Chat template"
        className="mt-3 max-h-96 overflow-auto rounded-md bg-panel p-3 font-mono text-xs whitespace-pre-wrap"
      >
        {template}
      </section>
    </details>
  );
}
