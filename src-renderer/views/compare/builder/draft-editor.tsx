import { Play } from 'lucide-react';
import { useDeferredValue, useEffect, useId, useMemo, useState } from 'react';
import { estimateCost } from '../../../../src-core/comparisons/estimate-cost.ts';
import { sharedInputs } from '../../../../src-core/comparisons/shared-inputs.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import type { Model } from '../../../../src-core/contract/models.ts';
import { formatCost, formatNumber } from '../../../components/format.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Section } from '../../../components/ui/editor-parts.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../../components/ui/tabs.tsx';
import { client } from '../../../live/api.ts';
import { useCommand } from '../../../workbench/commands.ts';
import { useShownModels } from '../../../workbench/current-model.ts';
import { dropTabs } from '../../../workbench/tabs.ts';
import type { EditorProps } from '../../../workbench/view.ts';
import { useModels } from '../../models/state/use-models.ts';
import { openComparison } from '../grid/comparison-actions.ts';
import { ChooseModels } from './choose-models.tsx';
import { type ComparisonDraft, changeDraft, dropDraft, useDraft } from './drafts.ts';
import { FormRows, toTexts } from './form-rows.tsx';
import { Options } from './options.tsx';
import { PastedRows } from './pasted-rows.tsx';
import { PickPrompts } from './pick-prompts.tsx';
import { readOptions, readRows } from './read-draft.ts';
import { type KnownContent, readContents, useContents } from './use-contents.ts';

/** The tab where a comparison is put together. */
export function DraftEditor({ id, tabKey }: EditorProps) {
  const draft = useDraft(id);
  return draft === null ? <SkeletonList /> : <Builder id={id} tabKey={tabKey} draft={draft} />;
}

interface BuilderProps {
  readonly id: string;
  readonly tabKey: string;
  readonly draft: ComparisonDraft;
}

function Builder({ id, tabKey, draft }: BuilderProps) {
  const change = (changes: Partial<ComparisonDraft>) => changeDraft(id, changes);
  useShownModels(draft.models);
  const contents = useContents(draft.prompts);
  const known = useMemo(() => readContents(contents), [contents]);
  const samples = known.flatMap((content) => content.samples);
  const formRows = useMemo(
    () => (draft.formRows.length > 0 ? draft.formRows : startRows(known)),
    [draft.formRows, known],
  );
  const inputs = useMemo(() => sharedInputs(known.map((content) => content.inputs)), [known]);
  // Parsing a long text must not delay typing.
  const { rowsFrom, text, format, skipBroken } = useDeferredValue(draft);
  const rows = useMemo(
    () => readRows({ rowsFrom, formRows, text, format, skipBroken }, inputs),
    [rowsFrom, formRows, text, format, skipBroken, inputs],
  );
  const options = readOptions(draft);
  const takeText = () => {
    const typed = rows.rows.some((row) => Object.keys(row).length > 0);
    change({ rowsFrom: 'text', ...(draft.text === '' && typed && { text: JSON.stringify(rows.rows, null, 2) }) });
  };

  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[980px] flex-col gap-8 px-8 py-6">
          <TitleField
            title={draft.title}
            problem={options.problems.title ?? null}
            onChange={(title) => change({ title })}
          />
          <Section title="Prompts" description="Each becomes a group of columns.">
            <PickPrompts prompts={draft.prompts} contents={contents} onChange={(prompts) => change({ prompts })} />
          </Section>
          <Section title="Models" description="Each answers every prompt for every row.">
            <ChooseModels chosen={draft.models} onChange={(models) => change({ models })} />
          </Section>
          <Section title="Inputs" description={describeInputs(draft.prompts.length, inputs.length)}>
            {(inputs.length > 0 || draft.rowsFrom === 'text') && (
              <Tabs
                value={draft.rowsFrom}
                onValueChange={(from) => (from === 'text' ? takeText() : change({ rowsFrom: 'form' }))}
              >
                <TabsList aria-label="Where the rows come from" className="min-h-8 border-b-0 px-0">
                  <TabsTrigger value="form" className="h-8 first:pl-0 first:data-[state=active]:after:left-0">
                    Form
                  </TabsTrigger>
                  <TabsTrigger value="text" className="h-8">
                    Paste JSON, JSON Lines or CSV
                  </TabsTrigger>
                </TabsList>
                <TabsContent value="form" className="pt-2">
                  <FormRows
                    rows={formRows}
                    inputs={inputs}
                    samples={draft.formRows.length > 0 ? samples : []}
                    onChange={(next) => change({ formRows: next })}
                  />
                </TabsContent>
                <TabsContent value="text" className="pt-2">
                  <PastedRows draft={draft} parsed={rows.parsed} onChange={change} />
                </TabsContent>
              </Tabs>
            )}
          </Section>
          <Section title="Options" description="Empty fields leave it to each prompt.">
            <Options
              sampling={draft.sampling}
              concurrency={draft.concurrency}
              problems={options.problems}
              onSampling={(sampling) => change({ sampling })}
              onConcurrency={(concurrency) => change({ concurrency })}
            />
          </Section>
        </div>
      </div>
      <StartBar id={id} tabKey={tabKey} draft={draft} contents={contents} rows={rows} read={options} />
    </div>
  );
}

interface TitleFieldProps {
  readonly title: string;
  readonly problem: string | null;
  readonly onChange: (title: string) => void;
}

function TitleField({ title, problem, onChange }: TitleFieldProps) {
  const noteId = useId();
  return (
    <div className="flex flex-col gap-1">
      <input
        dir="auto"
        aria-label="Title of the comparison"
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : noteId}
        placeholder="New comparison"
        value={title}
        onChange={(event) => onChange(event.target.value)}
        className="-mx-1.5 rounded-md bg-transparent px-1.5 text-left text-xl font-semibold placeholder:text-muted hover:bg-hover aria-invalid:outline-2 aria-invalid:outline-danger"
      />
      {problem !== null && (
        <p id={noteId} className="text-sm text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Untouched, the form holds the samples that the prompts bring, so that a first comparison is one click. */
function startRows(contents: readonly PromptContent[]): ComparisonDraft['formRows'] {
  const samples = contents.flatMap((content) => content.samples);
  return samples.length > 0 ? samples.map(({ inputs }) => toTexts(inputs)) : [{}];
}

function describeInputs(prompts: number, inputs: number): string {
  if (prompts === 0) return 'Choose a prompt to see what it needs.';
  return inputs === 0
    ? 'These prompts declare no inputs, so every model answers each of them once.'
    : 'Each row is one case that every prompt and model answers.';
}

interface StartBarProps extends BuilderProps {
  readonly contents: readonly KnownContent[];
  readonly rows: ReturnType<typeof readRows>;
  readonly read: ReturnType<typeof readOptions>;
}

/** How much it is, what it will cost, and the button. */
function StartBar({ id, tabKey, draft, contents, rows, read: { options, problems } }: StartBarProps) {
  const models = useModels() ?? [];
  const [failure, setFailure] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const problem = problemOf(draft, contents, models) ?? Object.values(problems)[0] ?? rows.problem;
  const cells = draft.prompts.length * draft.models.length * rows.rows.length;
  const ready = problem === null && options !== null && !starting;

  const start = async () => {
    if (!ready) return;
    setStarting(true);
    setFailure(null);
    try {
      const { title } = options;
      const started = await client.comparisons.start({
        ...options,
        prompts: draft.prompts.map(({ promptId, versionId, name, content }) => ({
          ...(promptId !== null && { promptId }),
          ...(versionId !== null && { versionId }),
          ...(content !== null && { content, name }),
        })),
        models: draft.models,
        rows: [...rows.rows],
      });
      openComparison({ id: started.id, title: title || 'Comparison' });
      dropTabs([tabKey]);
      dropDraft(id);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setStarting(false);
    }
  };
  // A change may have solved what failed before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every change of the draft
  useEffect(() => setFailure(null), [draft]);
  useCommand('comparison.start', () => void start(), ready);

  return (
    <footer className="flex shrink-0 items-center gap-4 border-t bg-panel px-8 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="tabular font-medium">
          {cells === 1 ? '1 cell' : `${formatNumber(cells)} cells`}
          <span className="pl-2 font-normal text-muted">
            {`${count(draft.prompts.length, 'prompt')} × ${count(draft.models.length, 'model')} × ${count(rows.rows.length, 'row')}`}
            <Estimate draft={draft} contents={contents} rows={rows} models={models} />
          </span>
        </p>
        {(failure ?? problem) !== null && (
          <p
            role={failure === null ? undefined : 'alert'}
            className={failure === null ? 'truncate text-sm text-muted' : 'text-sm text-danger'}
          >
            {failure ?? problem}
          </p>
        )}
      </div>
      <Tip label="Run comparison" shortcut="Mod+Shift+Enter" side="top">
        <Button variant="primary" size="lg" disabled={!ready} onClick={start}>
          <Play /> Run comparison
        </Button>
      </Tip>
    </footer>
  );
}

const count = (number: number, noun: string) => `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;

interface EstimateProps extends Pick<StartBarProps, 'draft' | 'contents' | 'rows'> {
  readonly models: readonly Model[];
}

function Estimate({ draft, contents, rows, models }: EstimateProps) {
  const prices = draft.models
    .map((id) => models.find((model) => model.id === id))
    .filter((model) => model?.kind === 'remote')
    .map((model) => (model?.kind === 'remote' ? model.price : null));
  if (prices.length === 0) return ' · free, all local';
  const known = readContents(contents);
  const { dollars, unpriced } = estimateCost(known, prices, rows.rows, Number(draft.sampling.maxTokens) || undefined);
  return (
    <>
      {dollars !== null && ` · about ${formatCost(dollars)}`}
      {unpriced > 0 && ` · ${count(unpriced, 'model')} without a price`}
    </>
  );
}

function problemOf(
  draft: ComparisonDraft,
  contents: StartBarProps['contents'],
  models: readonly Model[],
): string | null {
  if (draft.prompts.length === 0) return 'Choose at least one prompt.';
  if (draft.models.length === 0) return 'Choose at least one model.';
  const wrong = contents.find((content) => content instanceof Error);
  if (wrong instanceof Error) return wrong.message;
  if (contents.includes(undefined)) return 'Reading the prompts…';
  const gone = draft.models.find((id) => models.length > 0 && !models.some((model) => model.id === id));
  if (gone !== undefined) return `The model ${gone} is not there any more.`;
  return null;
}
