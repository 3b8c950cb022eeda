import { CircleAlert, Equal } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { diffContent } from '../../../../src-core/content/diff/diff-content.ts';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import type { JsonObject } from '../../../../src-core/contract/shared.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { Select } from '../../../fields/select.tsx';
import type { Preview } from '../../../live/preview/preview.ts';
import { renderPreview } from '../../../live/preview/preview-queue.ts';
import type { ContentDiffProps } from './content-diff.tsx';
import { useDiffLayout } from './diff-layout.ts';
import { MessageDiff } from './message-diff.tsx';

export interface RenderedDiffProps extends ContentDiffProps {
  /** Values of the prompt's form; offered besides the samples of both sides. */
  readonly formValues?: JsonObject;
}

interface Sample {
  readonly name: string;
  readonly inputs: JsonObject;
}

/** What a model would be sent by both, for the same inputs. */
export function RenderedDiff({ before, after, formValues }: RenderedDiffProps) {
  const inline = useDiffLayout((layout) => layout.inline);
  const samples = useMemo(() => samplesOf(before, after, formValues), [before, after, formValues]);
  const [chosen, setChosen] = useState('0');
  const sample = samples[Number(chosen)] ?? samples[0];
  const old = useRendered(before, sample?.inputs);
  const fresh = useRendered(after, sample?.inputs);
  const changes = useMemo(() => {
    if (!old?.messages || !fresh?.messages) return null;
    return diffContent(withMessages(before, old), withMessages(before, fresh)).messages;
  }, [before, old, fresh]);

  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 text-sm">
        <span className="text-muted">Rendered with</span>
        <Select
          aria-label="Sample inputs"
          className="w-56"
          value={String(samples.indexOf(sample ?? noSample))}
          onChange={setChosen}
          options={samples.map(({ name }, index) => ({ value: String(index), label: name }))}
        />
      </div>
      {old === null || fresh === null ? (
        <SkeletonList rows={3} />
      ) : (
        <>
          <Failure side="before" preview={old} />
          <Failure side="after" preview={fresh} />
          {changes?.every((change) => change.kind === 'same' && !change.moved) && (
            <EmptyState icon={Equal} title="Rendered, both are the same" className="h-auto py-10">
              With these inputs a model is sent the same messages. Other samples may differ.
            </EmptyState>
          )}
          {changes?.map((change, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a change has no other identity
            <MessageDiff key={index} change={change} language="plaintext" inline={inline} />
          ))}
        </>
      )}
    </div>
  );
}

function Failure({ side, preview }: { readonly side: string; readonly preview: Preview }) {
  if (preview.messages !== null) return null;
  const problem = preview.problems.find(({ severity }) => severity === 'error');
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      The text {side} cannot be rendered with these inputs{problem ? `: ${problem.message}` : '.'}
    </p>
  );
}

const noSample: Sample = { name: 'Defaults only', inputs: {} };

/** The samples of both sides, the newer one's first where names repeat; never none. */
function samplesOf(before: PromptContent, after: PromptContent, formValues?: JsonObject): readonly Sample[] {
  const byName = new Map([...before.samples, ...after.samples].map((sample) => [sample.name, sample]));
  const form = formValues !== undefined && Object.keys(formValues).length > 0;
  return [
    ...(form ? [{ name: 'Values in the form', inputs: formValues }] : []),
    ...byName.values(),
    ...(byName.size === 0 && !form ? [noSample] : []),
  ];
}

function useRendered(content: PromptContent, inputs: JsonObject | undefined): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    let current = true;
    renderPreview(content, inputs ?? {}).then((next) => current && setPreview(next));
    return () => {
      current = false;
    };
  }, [content, inputs]);
  return preview;
}

/** Rendered messages in the shape that the comparison of contents takes. */
const withMessages = (content: PromptContent, { messages }: Preview): PromptContent => ({
  ...content,
  messages: (messages ?? []).map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : [...content],
  })),
});
