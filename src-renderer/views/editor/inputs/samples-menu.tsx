import { ListPlus, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { Popover } from '../../../components/overlays/popover.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { useHeld } from '../../../fields/use-held.ts';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { freeSampleName, keepSample, removeSample } from '../../../live/drafts/edit-content.ts';
import { setValues, useValues } from '../../../live/drafts/input-values.ts';

/** The samples of a prompt: to fill the form in with, to keep what it holds as one, and to remove. */
export function SamplesMenu({ handle }: { readonly handle: DraftHandle }) {
  const samples = useDraft(handle, (state) => state.content.samples);
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const [open, setOpen] = useState(false);
  const values = useValues(promptId);
  const fillIn = ({ name, inputs }: (typeof samples)[number]) => {
    setValues(promptId, inputs);
    setOpen(false);
    if (Object.keys(values).length === 0) return;
    toast(`Filled in "${name}"`, { undo: () => setValues(promptId, values) });
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-72 p-2"
      aria-label="Samples"
      trigger={
        <Button variant="ghost" size="sm">
          <ListPlus /> {samples.length === 0 ? 'Keep as a sample' : 'Samples'}
        </Button>
      }
    >
      {samples.length > 0 && (
        <ul aria-label="Samples" className="mb-2 max-h-60 overflow-y-auto border-b pb-2">
          {samples.map((sample, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat in what was imported
            <li key={index} className="flex items-center gap-1 rounded-md hover:bg-hover">
              <button
                type="button"
                className="min-w-0 flex-1 truncate px-2 py-1 text-left text-sm"
                title={`Fill in "${sample.name}"`}
                onClick={() => fillIn(sample)}
              >
                {sample.name}
              </button>
              <Tip label="Remove">
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Remove the sample ${sample.name}`}
                  onClick={() => handle.edit((content) => removeSample(content, sample.name))}
                >
                  <Trash2 />
                </Button>
              </Tip>
            </li>
          ))}
        </ul>
      )}
      <KeepForm handle={handle} promptId={promptId} onKept={() => setOpen(false)} />
    </Popover>
  );
}

interface KeepFormProps {
  readonly handle: DraftHandle;
  readonly promptId: string;
  readonly onKept: () => void;
}

const mostSamples = 100;
/** A typed name is kept when the popover is closed, like the text of a dialog. */
const heldName = { schema: z.string() };

function KeepForm({ handle, promptId, onKept }: KeepFormProps) {
  const content = useDraft(handle, (state) => state.content);
  const values = useValues(promptId);
  const [held, hold] = useHeld(`sample:${promptId}`, heldName);
  const name = held ?? freeSampleName(content);
  const trimmed = name.trim();
  const isKnown = content.samples.some((sample) => sample.name === trimmed);
  const problem = tooLong('A name', trimmed, longest.sampleName);
  const isFull = !isKnown && content.samples.length >= mostSamples;
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed === '' || isFull || problem !== null) return;
    handle.edit((current) => keepSample(current, { name: trimmed, inputs: values }));
    hold(null);
    onKept();
  };
  return (
    <form onSubmit={keep} className="flex flex-col gap-2">
      <Field
        label="Keep these values as"
        error={problem ?? (isFull ? `A prompt has at most ${mostSamples} samples.` : null)}
        hint="Compared versions are rendered with the samples of their prompt."
      >
        {(control) => <Input {...control} value={name} onChange={(event) => hold(event.target.value)} />}
      </Field>
      <Button type="submit" size="sm" className="self-end" disabled={trimmed === '' || isFull || problem !== null}>
        {isKnown ? 'Replace' : 'Keep'}
      </Button>
    </form>
  );
}
