import { Braces, Settings2, Trash2 } from 'lucide-react';
import { messagesTextProblem } from '../../../../src-core/content/inputs/messages-text.ts';
import type { ContentProblem } from '../../../../src-core/content/templates/content-problem.ts';
import type { InputDeclaration } from '../../../../src-core/contract/content.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { removeInput } from '../../../live/drafts/edit-content.ts';
import { InputDeclarationForm } from './input-declaration-form.tsx';
import { InputValueField, indented } from './input-value-field.tsx';

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
export function InputRow(props: InputRowProps) {
  const { handle, input, value, problems, onValue, open } = props;
  const promptId = useDraft(handle, (state) => state.prompt.id);
  // A missing value is not shown as an error here; the preview says that it is needed.
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'input_missing');
  const ofValue = errors.find(({ code }) => code !== 'input_declaration')?.message ?? null;
  const ofDeclaration = errors.find(({ code }) => code === 'input_declaration')?.message ?? null;
  // The editor of messages says it itself, with line and column.
  const isPlaced = input.type === 'messages' && typeof value === 'string' && messagesTextProblem(value) !== null;
  const unused = problems.some((problem) => problem.code === 'unused');
  return (
    <div data-input-row={input.name}>
      <Field
        label={<RowLabel input={input} isMissing={problems.some((problem) => problem.code === 'input_missing')} />}
        hint={unused ? 'No message uses it.' : input.description || undefined}
        error={(isPlaced ? null : ofValue) ?? (open ? null : ofDeclaration)}
        aside={<Actions {...props} unused={unused} />}
      >
        {(control) => (
          <InputValueField
            control={control}
            input={input}
            value={value}
            onChange={onValue}
            uri={`prompt:///${promptId}/values/${encodeURIComponent(input.name)}`}
          />
        )}
      </Field>
      {open && (
        <InputDeclarationForm handle={handle} input={input} problem={ofDeclaration} onRemove={() => remove(props)} />
      )}
    </div>
  );
}

/** Cuts a long name, never the type. */
function RowLabel({ input, isMissing }: { readonly input: InputDeclaration; readonly isMissing: boolean }) {
  return (
    <span className="flex items-baseline gap-2 font-mono text-sm" title={input.name}>
      <span className="truncate">{input.name}</span>
      <span className="shrink-0 font-sans text-xs font-normal text-muted">
        {input.type}
        {!input.required && ', optional'}
        {isMissing && <span className="text-warning">, needed</span>}
      </span>
    </span>
  );
}

function remove({ handle, input, onOpenChange }: InputRowProps): void {
  onOpenChange(false);
  handle.edit((current) => removeInput(current, input.name));
}

function Actions({ unused, ...props }: InputRowProps & { readonly unused: boolean }) {
  const { input, value, onValue, open, onOpenChange } = props;
  const tidy = input.type === 'object' || input.type === 'messages' ? indented(value) : null;
  return (
    <span className="flex shrink-0">
      {unused && (
        <Tip label="No message uses it">
          <Button variant="ghost" size="sm" onClick={() => remove(props)}>
            <Trash2 /> Remove
          </Button>
        </Tip>
      )}
      {tidy !== null && (
        <Tip label="Indent the JSON">
          <Button variant="ghost" size="icon-sm" aria-label={`Indent ${input.name}`} onClick={() => onValue(tidy)}>
            <Braces />
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
  );
}
