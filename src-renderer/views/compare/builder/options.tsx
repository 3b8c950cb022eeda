import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import type { SamplingText } from './drafts.ts';
import type { OptionProblems } from './read-draft.ts';

interface OptionsProps {
  readonly sampling: SamplingText;
  readonly concurrency: string;
  readonly problems: OptionProblems;
  readonly onSampling: (sampling: SamplingText) => void;
  readonly onConcurrency: (concurrency: string) => void;
}

const numbers = [
  ['temperature', 'Temperature'],
  ['topP', 'Top p'],
  ['maxTokens', 'Max tokens'],
  ['seed', 'Seed'],
] as const;

/** Sampling that holds for every cell, and how many cells run at once. */
export function Options({ sampling, concurrency, problems, onSampling, onConcurrency }: OptionsProps) {
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-start gap-x-4 gap-y-3">
      {numbers.map(([name, label]) => (
        <Field key={name} label={label} error={problems[name]}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              className="tabular"
              placeholder="of the prompt"
              value={sampling[name]}
              onChange={(event) => onSampling({ ...sampling, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="Stop" hint="One per line." error={problems.stop}>
        {(control) => (
          <Textarea
            {...control}
            rows={1}
            className="font-mono text-sm"
            placeholder="of the prompt"
            value={sampling.stop}
            onChange={(event) => onSampling({ ...sampling, stop: event.target.value })}
          />
        )}
      </Field>
      <Field label="Cells at once" hint="Endpoints keep their own limit." error={problems.concurrency}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            className="tabular"
            value={concurrency}
            onChange={(event) => onConcurrency(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
