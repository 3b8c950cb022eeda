import { inputNameSchema, type PlaceholderMessage } from '../../../../src-core/contract/messages.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { Switch } from '../../../fields/switch.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { declareInput } from '../../../live/drafts/edit-content.ts';
import { changePlaceholder } from '../../../live/drafts/edit-parts.ts';
import { editAt } from './edit-at.ts';
import { SuggestedInput } from './suggested-input.tsx';

export interface PlaceholderFieldsProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly message: PlaceholderMessage;
}

/** Which input fills the place, and whether it may be empty. */
export function PlaceholderFields({ handle, messageKey, message }: PlaceholderFieldsProps) {
  const inputs = useDraft(handle, (state) => state.content.inputs);
  const { placeholder: name, optional = false } = message;
  const declared = inputs.find((input) => input.name === name);
  const change = (next: Parameters<typeof changePlaceholder>[2]) =>
    editAt(handle, messageKey, (content, index) => changePlaceholder(content, index, next));
  return (
    <div className="@container px-3 py-2.5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <Field
          label="Input"
          className="min-w-48 flex-1"
          error={problemOf(name, declared?.type)}
          hint={
            declared === undefined
              ? 'No input of this name is declared yet.'
              : 'Its value, a list of messages, stands here. Nothing in it is a template.'
          }
          aside={
            name !== '' &&
            declared === undefined && (
              <Button
                size="sm"
                onClick={() =>
                  handle.edit((current) =>
                    declareInput(current, { name, type: 'messages', required: !optional, description: '' }),
                  )
                }
              >
                Declare
              </Button>
            )
          }
        >
          {(control) => (
            <SuggestedInput
              {...control}
              data-placeholder-name
              names={inputs.filter(({ type }) => type === 'messages').map((input) => input.name)}
              className="font-mono"
              placeholder="history"
              value={name}
              onChange={(event) => change({ placeholder: event.target.value.trim() })}
            />
          )}
        </Field>
        <Field label="Optional">
          {(control) => (
            <div className="flex h-7 items-center">
              <Switch id={control.id} checked={optional} onCheckedChange={(next) => change({ optional: next })} />
            </div>
          )}
        </Field>
      </div>
    </div>
  );
}

function problemOf(name: string, type: string | undefined): string | null {
  if (name === '') return 'Give the name of an input of type messages.';
  if (type !== undefined && type !== 'messages')
    return `The input “${name}” is declared as ${type}; a placeholder needs one of type messages.`;
  const parsed = inputNameSchema.safeParse(name);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}
