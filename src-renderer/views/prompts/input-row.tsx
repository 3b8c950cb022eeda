import { Settings2, Trash2 } from 'lucide-react';
import type { ContentProblem } from '../../../src-core/content/content-problem.ts';
import type { InputDeclaration } from '../../../src-core/contract/content.ts';
import type { Json } from '../../../src-core/contract/shared.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Tip } from '../../components/ui/tooltip.tsx';
import type { DraftHandle } from './draft-store.ts';
import { removeInput } from './edit-content.ts';
import { InputDeclarationForm } from './input-declaration-form.tsx';
import { InputValueField } from './input-value-field.tsx';

export interface InputRowProps {
  readonly handle: DraftHandle;
  readonly input: InputDeclaration;
  readonly value: Json | undefined;
  readonly problems: readonly ContentProblem[];
  readonly onValue: (value: Json | undefined) => void;
  /** Whether the declaration shows too. */
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** One input: its value, and behind a button its declaration. */
export function InputRow({ handle, input, value, problems, onValue, open, onOpenChange }: InputRowProps) {
  // Nothing typed yet is no mistake; the preview says that it is still needed.
  const error = problems.find((problem) => problem.severity === 'error' && problem.code !== 'input_missing');
  const isMissing = problems.some((problem) => problem.code === 'input_missing');
  const unused = problems.some((problem) => problem.code === 'unused');
  return (
    <div>
      <Field
        label={
          <span className="font-mono text-sm">
            {input.name}
            <span className="ml-2 font-sans text-xs font-normal text-muted">
              {input.type}
              {!input.required && ', optional'}
              {isMissing && <span className="text-warning">, needed</span>}
            </span>
          </span>
        }
        hint={unused ? 'No message uses it.' : input.description || undefined}
        error={error?.message ?? null}
        aside={
          <span className="flex">
            {unused && (
              <Tip label="No message uses it">
                <Button
                  variant="ghost"
                  size="sm"
                  onClick={() => handle.edit((current) => removeInput(current, input.name))}
                >
                  <Trash2 /> Remove
                </Button>
              </Tip>
            )}
            <Tip label="Type, default, description">
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Declaration of ${input.name}`}
                aria-expanded={open}
                onClick={() => onOpenChange(!open)}
              >
                <Settings2 />
              </Button>
            </Tip>
          </span>
        }
      >
        {(control) => <InputValueField control={control} input={input} value={value} onChange={onValue} />}
      </Field>
      {open && <InputDeclarationForm handle={handle} input={input} />}
    </div>
  );
}
