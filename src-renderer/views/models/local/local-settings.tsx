import { Gauge } from 'lucide-react';
import type { LocalModel } from '../../../../src-core/contract/models.ts';
import { type GpuChoice, gpuChoices } from '../../../../src-core/contract/models.ts';
import { formatNumber } from '../../../components/format.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Section } from '../../../components/ui/editor-parts.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { useLeftText } from '../../../fields/use-left-value.ts';
import { updateLocal } from '../state/model-actions.ts';

const gpuLabels: Readonly<Record<GpuChoice, string>> = {
  auto: 'Automatic',
  cpu: 'CPU only',
  cuda: 'NVIDIA (CUDA)',
  vulkan: 'GPU (Vulkan)',
  metal: 'Apple GPU (Metal)',
};

/** How a local model is loaded: context, device, threads. */
export function LocalSettings({ model }: { readonly model: LocalModel }) {
  return (
    <Section title="Loading" description="A loaded model is loaded again with the new settings.">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-x-6 gap-y-3">
        <ContextField model={model} />
        <Field label="Runs on" hint="Automatic takes the fastest device that works here.">
          {({ id }) => (
            <Select
              id={id}
              aria-label="Runs on"
              value={model.gpu}
              onChange={(gpu) => updateLocal(model, { gpu })}
              options={gpuChoices.map((value) => ({ value, label: gpuLabels[value] }))}
            />
          )}
        </Field>
        <ThreadsField model={model} />
      </div>
    </Section>
  );
}

function ContextField({ model }: { readonly model: LocalModel }) {
  const sizes = contextSizes(model);
  return (
    <Field
      label="Context"
      hint={`The most tokens of prompt and answer together; trained for ${formatNumber(model.contextLength)}.`}
    >
      {({ id }) => (
        <Select
          id={id}
          aria-label="Context"
          value={model.contextSize === null ? 'fits' : String(model.contextSize)}
          onChange={(value) => updateLocal(model, { contextSize: value === 'fits' ? null : Number(value) })}
          options={[
            { value: 'fits', label: 'What fits', hint: `Now ${formatNumber(model.memory.contextSize)} tokens` },
            ...sizes.map((size) => ({ value: String(size), label: `${formatNumber(size)} tokens` })),
          ]}
        />
      )}
    </Field>
  );
}

/** Powers of two up to what the model was trained for, which itself is offered too. */
function contextSizes(model: LocalModel): readonly number[] {
  const sizes = new Set([model.contextLength, ...(model.contextSize === null ? [] : [model.contextSize])]);
  for (let size = 256; size < model.contextLength; size *= 2) if (size * 512 >= model.contextLength) sizes.add(size);
  return [...sizes].sort((a, b) => a - b);
}

function ThreadsField({ model }: { readonly model: LocalModel }) {
  const field = useLeftText({
    key: `model:${model.id}:threads`,
    shown: model.threads === null ? '' : String(model.threads),
    read: (typed) => {
      const threads = typed.trim() === '' ? null : Number(typed);
      const isValid = threads === null || (Number.isInteger(threads) && threads >= 1 && threads <= 256);
      return isValid ? { value: threads } : { error: `Threads must be a whole number from 1 to 256, not "${typed}".` };
    },
    save: (threads) => updateLocal(model, { threads }),
  });
  const hint =
    model.threads === null
      ? 'Measured on the next load, and remembered.'
      : 'Measured fastest here while other programs run, or set by you.';
  return (
    <Field
      label="Threads"
      hint={hint}
      error={field.error}
      aside={
        <Button
          variant="link"
          size="sm"
          disabled={model.threads === null}
          onClick={() => updateLocal(model, { threads: null })}
        >
          <Gauge /> Measure again
        </Button>
      }
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          className="tabular"
          placeholder="measure"
          value={field.typed}
          onChange={(event) => field.onChange(event.target.value)}
          onBlur={() => void field.commit()}
          onKeyDown={(event) => event.key === 'Enter' && void field.commit()}
        />
      )}
    </Field>
  );
}
