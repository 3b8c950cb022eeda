import { ThumbsDown, ThumbsUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { originName } from '../../../src-core/content/version-name.ts';
import { documentOfParts } from '../../../src-core/contract/message-texts.ts';
import type { Run } from '../../../src-core/contract/runs.ts';
import type { Json } from '../../../src-core/contract/shared.ts';
import { CopyButton } from '../../components/overlays/copy-button.tsx';
import { Tip } from '../../components/overlays/tooltip.tsx';
import { Button } from '../../components/ui/button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { ForeignText, markedText } from '../../components/ui/foreign-text.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../components/ui/tabs.tsx';
import { PartsView } from '../messages/parts-view.tsx';
import { isLive } from './live.ts';
import { Reasoning } from './reasoning.tsx';
import { scoreRun } from './run-actions.ts';
import { EndNotice, RunNotes } from './run-end.tsx';
import { RunFigures } from './run-figures.tsx';
import { SchemaCheck } from './schema-check.tsx';
import type { LiveRun } from './use-run.ts';

/** Everything about one run: figures, output, what was sent, and with what. */
export function RunDetail({ live: { run, note } }: { readonly live: LiveRun }) {
  return (
    <Tabs defaultValue="output" className="flex min-h-0 flex-1 flex-col">
      <div className="px-4 py-3">
        <RunFigures run={run} />
      </div>
      <div className="flex shrink-0 items-center justify-between border-y pr-2">
        <TabsList aria-label="Parts of the run" className="border-b-0">
          <TabsTrigger value="output">Output</TabsTrigger>
          <TabsTrigger value="messages">Messages</TabsTrigger>
          <TabsTrigger value="inputs">Inputs</TabsTrigger>
          <TabsTrigger value="model">Model</TabsTrigger>
        </TabsList>
        <div className="flex items-center gap-1">
          {!isLive(run.status) && <CopyButton text={JSON.stringify(run, null, 2)} label="run as JSON" />}
          <Score run={run} />
        </div>
      </div>
      <TabsContent value="output" className="overflow-y-auto p-4">
        <Output run={run} note={note} />
      </TabsContent>
      <TabsContent value="messages" className="flex flex-col gap-4 overflow-y-auto p-4">
        {run.content.responseSchema !== null && (
          <TextBlock label="response schema" text={textOf(run.content.responseSchema)} />
        )}
        {run.content.tools.map((tool) => (
          <TextBlock key={tool.name} label={`tool ${tool.name}`} text={textOf(tool)} />
        ))}
        {run.messages.length === 0 && <p className="text-muted">Nothing was sent: the prompt could not be rendered.</p>}
        {run.messages.map((message, index) => (
          <TextBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a run never change
            key={index}
            label={message.role}
            text={documentOfParts(message.content)}
            roleColour={message.role}
          >
            {typeof message.content !== 'string' && <PartsView parts={message.content} />}
          </TextBlock>
        ))}
      </TabsContent>
      <TabsContent value="inputs" className="flex flex-col gap-4 overflow-y-auto p-4">
        {Object.keys(run.inputs).length === 0 && <p className="text-muted">This prompt took no inputs.</p>}
        {Object.entries(run.inputs).map(([name, value]) => (
          <TextBlock key={name} label={name} text={textOf(value)} />
        ))}
      </TabsContent>
      <TabsContent value="model" className="overflow-y-auto p-4">
        <Identity run={run} />
      </TabsContent>
    </Tabs>
  );
}

function Output({ run, note }: { readonly run: Run; readonly note: string | null }) {
  const live = isLive(run.status);
  return (
    <div className="flex flex-col gap-3">
      {run.error !== null && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 break-words text-danger">
          <ForeignText text={run.error.message} />
        </p>
      )}
      {run.attempts.length > 0 && (
        <ul className="flex flex-col gap-1 text-sm text-muted" aria-label="Models that failed before">
          {run.attempts.map(({ model, error }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the attempts of a run never change
            <li key={index}>
              <code className="font-mono">{markedText(model)}</code> failed before: <ForeignText text={error.message} />
            </li>
          ))}
        </ul>
      )}
      <Reasoning text={run.reasoning} tokens={run.reasoningTokens} thinking={live && run.output === ''} />
      <div className="flex items-start gap-2">
        <div
          aria-busy={live}
          className="foreign min-w-0 flex-1 font-mono text-sm leading-5 break-words whitespace-pre-wrap"
        >
          <ForeignText text={run.output} />
          {live && <Caret />}
          {!live && run.output === '' && run.toolCalls.length === 0 && (
            <span className="text-muted">
              {run.reasoning === '' ? 'No text came back.' : 'It thought, but gave no answer.'}
            </span>
          )}
        </div>
        {run.output !== '' && <CopyButton text={run.output} label="output" />}
      </div>
      {note !== null && (
        <p className="text-sm text-muted">
          <ForeignText text={note} />
        </p>
      )}
      {run.toolCalls.map((call) => (
        <TextBlock key={call.id} label={`calls ${call.name}`} text={call.arguments} />
      ))}
      <SchemaCheck problems={run.schemaProblems} />
      <EndNotice reason={run.finishReason} />
      <RunNotes notes={run.notes} />
    </div>
  );
}

const Caret = () => (
  <span aria-hidden="true" className="ml-0.5 inline-block h-3.5 w-1.5 animate-pulse bg-accent align-text-bottom" />
);

const roleColours: Readonly<Record<string, string>> = {
  system: 'text-role-system',
  developer: 'text-role-system',
  user: 'text-role-user',
  assistant: 'text-role-assistant',
  tool: 'text-role-tool',
};

interface TextBlockProps {
  readonly label: string;
  /** What is copied, and what shows without children. */
  readonly text: string;
  readonly roleColour?: string;
  readonly children?: ReactNode;
}

function TextBlock({ label, text, roleColour, children = false }: TextBlockProps) {
  return (
    <section aria-label={label}>
      <div className="flex items-center gap-1">
        <h3 className={cn('text-xs font-semibold text-muted', roleColour !== undefined && roleColours[roleColour])}>
          <ForeignText text={label} />
        </h3>
        <CopyButton text={text} label={label} />
      </div>
      {children === false ? (
        <div className="foreign font-mono text-sm leading-5 break-words whitespace-pre-wrap">
          <ForeignText text={text} />
        </div>
      ) : (
        <div className="pt-1">{children}</div>
      )}
    </section>
  );
}

function Identity({ run }: { readonly run: Run }) {
  return (
    <div className="flex flex-col gap-5">
      <FactTable title="Model that answered" facts={{ 'model id': run.model, ...run.modelIdentity }} />
      <FactTable title="Sampling" facts={run.sampling} empty="The model's own defaults." />
      <FactTable
        title="Prompt"
        facts={{
          prompt: run.promptName ?? 'loose content',
          version: originName(run) ?? 'draft',
          'content SHA-256': run.contentHash,
          'run id': run.id,
          started: new Date(run.createdAt).toLocaleString(),
          ...(run.finishReason !== null && { 'finish reason': run.finishReason }),
          ...(run.reasoningTokens !== null && { 'reasoning tokens': run.reasoningTokens }),
          ...(run.cachedTokens !== null && { 'cached tokens': run.cachedTokens }),
        }}
      />
    </div>
  );
}

interface FactTableProps {
  readonly title: string;
  readonly facts: Readonly<Record<string, Json | undefined>>;
  readonly empty?: ReactNode;
}

function FactTable({ title, facts, empty }: FactTableProps) {
  const rows = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null);
  return (
    <section aria-label={title}>
      <h3 className="pb-1.5 text-xs font-semibold text-muted">{title}</h3>
      {rows.length === 0 && <p className="text-sm text-muted">{empty}</p>}
      <dl className="grid grid-cols-[140px_1fr] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{markedText(wordsOf(name))}</dt>
            <dd className="foreign font-mono text-sm break-all">{markedText(textOf(value ?? null))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** `contextSize` as `context size`; what is written in words stays. */
const wordsOf = (name: string) =>
  name.includes(' ') ? name : name.replace(/([a-z0-9])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`);

const textOf = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

function Score({ run }: { readonly run: Run }) {
  if (isLive(run.status)) return null;
  const thumb = (value: number, label: string, icon: ReactNode) => (
    <Tip label={label}>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        aria-pressed={run.score === value}
        className="aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
        onClick={() => scoreRun(run.id, run.score === value ? null : value)}
      >
        {icon}
      </Button>
    </Tip>
  );
  return (
    <div className="flex gap-1">
      {thumb(1, 'Good output', <ThumbsUp />)}
      {thumb(0, 'Bad output', <ThumbsDown />)}
    </div>
  );
}
