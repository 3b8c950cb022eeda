import { Trash2 } from 'lucide-react';
import { type InputDeclaration, type InputType, inputTypes } from '../../../../src-core/contract/content.ts';
import { fieldAt, inputPath } from '../../../../src-core/library/drafts/draft-fields.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { Switch } from '../../../fields/switch.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { changeInput } from '../../../live/drafts/edit-content.ts';
import { useField, useLeftField } from '../draft/use-field.ts';
import { JsonField } from './json-field.tsx';
import { MessagesValue } from './messages-value.tsx';

export interface InputDeclarationFormProps {
  readonly handle: DraftHandle;
  readonly input: InputDeclaration;
  /** What is wrong with the declaration itself. */
  readonly problem: string | null;
  readonly onRemove: () => void;
}

/** The form may open below the visible part. */
const scrollIntoSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

/** Name, type, default, description and so on of an input. */
export function InputDeclarationForm({ handle, input, problem, onRemove }: InputDeclarationFormProps) {
  const change = (changes: Partial<InputDeclaration>) =>
    handle.edit((current) => changeInput(current, input.name, changes));
  return (
    <div ref={scrollIntoSight} className="mt-2 grid grid-cols-2 gap-x-3 gap-y-2 rounded-md bg-panel p-3">
      {problem !== null && (
        <p role="alert" className="col-span-2 text-xs text-danger">
          {problem}
        </p>
      )}
      <NameField handle={handle} input={input} />
      <Field label="Type">
        {(control) => (
          <Select<InputType>
            {...control}
            value={input.type}
            onChange={(type) => changeType(handle, input, type)}
            options={inputTypes.map((type) => ({ value: type, label: type }))}
          />
        )}
      </Field>
      <Field label="Description" className="col-span-2">
        {(control) => (
          <Textarea
            {...control}
            rows={1}
            value={input.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
      {input.type === 'enum' && <ValuesField handle={handle} input={input} />}
      {input.type === 'messages' ? (
        <MessagesDefaultField handle={handle} input={input} />
      ) : (
        <DefaultField handle={handle} input={input} />
      )}
      <Field label="Required">
        {(control) => (
          <div className="flex h-7 items-center">
            <Switch id={control.id} checked={input.required} onCheckedChange={(required) => change({ required })} />
          </div>
        )}
      </Field>
      {input.type === 'object' && (
        <JsonField
          className="col-span-2"
          handle={handle}
          path={inputPath(input.name, 'schema')}
          label="JSON Schema"
          hint="Optional; values are checked against it, and its properties are completed in the editor."
        />
      )}
      <Button variant="ghost" size="sm" className="col-span-2 justify-self-start" onClick={onRemove}>
        <Trash2 /> Remove input
      </Button>
    </div>
  );
}

type PartProps = Pick<InputDeclarationFormProps, 'handle' | 'input'>;

/** A valid name takes effect everywhere in the prompt; an invalid one stays in the field. */
function NameField({ handle, input }: PartProps) {
  const path = inputPath(input.name, 'name');
  const { text, error, onChange, commit, revert } = useLeftField(handle, path, input.name);
  return (
    <Field label="Name" error={error}>
      {(control) => (
        <Input
          {...control}
          data-field={path}
          className="font-mono"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => void commit()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void commit();
            if (event.key === 'Escape') revert();
          }}
        />
      )}
    </Field>
  );
}

function DefaultField({ handle, input }: PartProps) {
  const path = inputPath(input.name, 'default');
  const { text, error, onChange } = useField(handle, path);
  return (
    <Field label="Default" hint="Used when no value is given." error={error}>
      {(control) => (
        <Input {...control} data-field={path} value={text} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

function MessagesDefaultField({ handle, input }: PartProps) {
  const path = inputPath(input.name, 'default');
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const { text, onChange } = useField(handle, path);
  return (
    <Field label="Default" hint="Used when no value is given." className="col-span-2">
      {() => (
        <MessagesValue
          uri={`prompt:///${promptId}/defaults/${encodeURIComponent(input.name)}`}
          path={path}
          label={`Default of ${input.name}`}
          text={text}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

function ValuesField({ handle, input }: PartProps) {
  const path = inputPath(input.name, 'values');
  const { text, error, onChange } = useField(handle, path);
  return (
    <Field label="Allowed values" hint="One per line." error={error} className="col-span-2">
      {(control) => (
        <Textarea
          {...control}
          data-field={path}
          rows={3}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A new type keeps of the declaration only what fits it; a default that does not fit stays in its field. */
function changeType(handle: DraftHandle, input: InputDeclaration, type: InputType): void {
  const path = inputPath(input.name, 'default');
  const { typed, content } = handle.store.getState();
  const text = typed[path] ?? fieldAt(path, content)?.read(content) ?? '';
  const kept = {
    values: type === 'enum' ? (input.values ?? []) : undefined,
    schema: type === 'object' ? input.schema : undefined,
    default: undefined,
  };
  handle.edit((current) => changeInput(current, input.name, { type, ...kept }));
  if (text !== '') handle.write(path, text);
}
