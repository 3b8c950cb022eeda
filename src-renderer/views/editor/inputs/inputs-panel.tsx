import { Plus, Variable } from 'lucide-react';
import { useState } from 'react';
import { ownValue } from '../../../../src-core/contract/json.ts';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { declareInput, freeInputName } from '../../../live/drafts/edit-content.ts';
import { setValue, useValues } from '../../../live/drafts/input-values.ts';
import { Problems, type ProblemsProps } from '../problems/problems.tsx';
import { InputRow } from './input-row.tsx';
import { SamplesMenu } from './samples-menu.tsx';

export interface InputsPanelProps extends ProblemsProps {
  readonly handle: DraftHandle;
}

/** The inputs a prompt declares, each with the value to run with and its declaration. */
export function InputsPanel({ handle, problems, onFix, onGo }: InputsPanelProps) {
  const inputs = useDraft(handle, (state) => state.content.inputs);
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const values = useValues(promptId);
  const [opened, setOpened] = useState<number | null>(null);
  const fixable = problems.filter((problem) => problem.fix?.kind === 'declare');
  const declare = () => {
    handle.edit((current) =>
      declareInput(current, { name: freeInputName(current), type: 'string', required: true, description: '' }),
    );
    setOpened(inputs.length);
  };

  return (
    <div className="flex h-full flex-col gap-3 overflow-y-auto p-3">
      <Problems problems={fixable} onFix={onFix} onGo={onGo} />
      {inputs.length === 0 && fixable.length === 0 && (
        <EmptyState icon={Variable} title="No inputs yet" className="h-auto py-8">
          Write <code className="font-mono text-foreground">{'{{ name }}'}</code> in a message and declare it here with
          one click; then its value is asked for before each run.
        </EmptyState>
      )}
      <ul aria-label="Inputs" className="flex flex-col gap-3">
        {inputs.map((input, index) => (
          // The key is not the name, because renaming must not take the focus from the field.
          // biome-ignore lint/suspicious/noArrayIndexKey: inputs are only added at the end and removed by a button
          <li key={index}>
            <InputRow
              handle={handle}
              input={input}
              value={ownValue(values, input.name)}
              problems={problems.filter((problem) => problem.input === input.name)}
              onValue={(value) => setValue(promptId, input.name, value)}
              open={opened === index}
              onOpenChange={(open) => setOpened(open ? index : null)}
            />
          </li>
        ))}
      </ul>
      <div className="flex items-center gap-1">
        <Button variant="ghost" size="sm" onClick={declare}>
          <Plus /> Declare input
        </Button>
        {inputs.length > 0 && <SamplesMenu handle={handle} />}
      </div>
    </div>
  );
}
