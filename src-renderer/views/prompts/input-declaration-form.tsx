import { Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type InputDeclaration, type InputType, inputTypes } from '../../../src-core/contract/content.ts';
import { canonicalInputName } from '../../../src-core/contract/input-name.ts';
import type { Json } from '../../../src-core/contract/shared.ts';
import { unfitName } from '../../../src-core/templates/template-input-name.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Select } from '../../components/ui/select.tsx';
import { Switch } from '../../components/ui/switch.tsx';
import { Textarea } from '../../components/ui/textarea.tsx';
import { toastError } from '../../components/ui/toast.tsx';
import type { DraftHandle } from './draft-store.ts';
import { changeInput } from './edit-content.ts';
import { textOf } from './input-value-field.tsx';
import { JsonField } from './json-field.tsx';
import { renameEverywhere } from './rename-everywhere.ts';

export interface InputDeclarationFormProps {
  readonly handle: DraftHandle;
  readonly input: InputDeclaration;
  /** What is wrong with the declaration itself. */
  readonly problem: string | null;
  readonly onRemove: () => void;
}

/** The button that opens the form may be the last thing in sight. */
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
      <NameField handle={handle} input={input} onChange={(name) => rename(handle, input.name, name)} />
      <Field label="Type">
        {(control) => (
          <Select<InputType>
            {...control}
            value={input.type}
            onChange={(type) => change({ type, ...forType(type, input) })}
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
      {input.type === 'enum' && (
        <Field label="Allowed values" hint="One per line." className="col-span-2">
          {(control) => (
            <ValuesField control={control} values={input.values ?? []} onChange={(values) => change({ values })} />
          )}
        </Field>
      )}
      <Field label="Default" hint="Used when no value is given.">
        {(control) => (
          <Input
            {...control}
            value={textOf(input.default)}
            onChange={(event) => change({ default: parseDefault(input.type, event.target.value) })}
          />
        )}
      </Field>
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
          label="JSON Schema"
          hint="Optional; values are checked against it, and its properties are completed in the editor."
          value={input.schema ?? null}
          kind="object"
          onChange={(schema) => change({ schema: schema === null ? undefined : (schema as Record<string, Json>) })}
        />
      )}
      <Button variant="ghost" size="sm" className="col-span-2 justify-self-start" onClick={onRemove}>
        <Trash2 /> Remove input
      </Button>
    </div>
  );
}

interface NameFieldProps extends Pick<InputDeclarationFormProps, 'handle' | 'input'> {
  readonly onChange: (name: string) => void;
}

/** Everywhere in the prompt, or not at all. */
function rename(handle: DraftHandle, from: string, to: string): void {
  try {
    renameEverywhere(handle, from, to);
  } catch (error) {
    toastError('The input was not renamed', error);
  }
}

/** A name takes effect when it is a good one; until then the old one stays. */
function NameField({ handle, input, onChange }: NameFieldProps) {
  const [text, setText] = useState(input.name);
  useEffect(() => setText(input.name), [input.name]);
  const { inputs, syntax } = handle.store.getState().content;
  const name = canonicalInputName(text.trim());
  const taken = inputs.some((other) => other !== input && other.name === name);
  const error = taken ? `There is another input "${name}".` : unfitName(name, syntax);
  return (
    <Field label="Name" error={text === input.name ? null : error}>
      {(control) => (
        <Input
          {...control}
          className="font-mono"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => (error === null ? name !== input.name && onChange(name) : setText(input.name))}
          onKeyDown={(event) => event.key === 'Enter' && error === null && name !== input.name && onChange(name)}
        />
      )}
    </Field>
  );
}

interface ValuesFieldProps {
  readonly control: { readonly id: string };
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
}

/** Keeps the empty line that is being typed on, which is no value yet. */
function ValuesField({ control, values, onChange }: ValuesFieldProps) {
  const [text, setText] = useState(values.join('\n'));
  return (
    <Textarea
      {...control}
      rows={3}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(event.target.value.split('\n').filter((line) => line.trim() !== ''));
      }}
    />
  );
}

/** A new type keeps of the declaration only what fits it. */
function forType(type: InputType, input: InputDeclaration): Partial<InputDeclaration> {
  return {
    values: type === 'enum' ? (input.values ?? []) : undefined,
    schema: type === 'object' ? input.schema : undefined,
    default: input.default === undefined ? undefined : parseDefault(type, textOf(input.default)),
  };
}

/** What was typed as a value of the type when it is one; otherwise the text, which is then reported as a problem. */
function parseDefault(type: InputType, text: string): Json | undefined {
  if (text === '') return undefined;
  if (type === 'string' || type === 'enum') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
