import { indentedJson, parseWrittenJson } from '../../../../src-core/content/inputs/written-json.ts';
import type { InputDeclaration } from '../../../../src-core/contract/content.ts';
import type { Json, JsonObject } from '../../../../src-core/contract/shared.ts';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import { MessagesValue } from './messages-value.tsx';

export interface InputValueFieldProps {
  readonly control: { readonly id: string; readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: boolean };
  readonly input: InputDeclaration;
  /** As typed; rendering converts it to the declared type. Undefined takes the default. */
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  /** Names the text of a value that has an editor of its own. */
  readonly uri: string;
}

const unset = 'promptdev:unset';

/** The control for a value of an input's type. */
export function InputValueField({ control, input, value, onChange, uri }: InputValueFieldProps) {
  const placeholder = input.default === undefined ? undefined : `Default: ${textOf(input.default)}`;
  const onText = (text: string) => onChange(text === '' ? undefined : text);
  switch (input.type) {
    case 'boolean':
    case 'enum': {
      const values = input.type === 'boolean' ? ['true', 'false'] : (input.values ?? []);
      const none = placeholder ?? 'Not set';
      return (
        <Select
          {...control}
          value={value === undefined ? unset : textOf(value)}
          onChange={(next) => onChange(next === unset ? undefined : input.type === 'boolean' ? next === 'true' : next)}
          options={[
            { value: unset, label: <span className="text-muted">{none}</span> },
            ...values.map((option) => ({ value: option, label: option })),
          ]}
        />
      );
    }
    case 'number':
      return (
        <Input
          {...control}
          inputMode="decimal"
          className="tabular"
          placeholder={placeholder}
          value={textOf(value)}
          onChange={(event) => onText(event.target.value)}
        />
      );
    case 'array<string>':
      return (
        <Textarea
          {...control}
          rows={3}
          placeholder={placeholder ?? 'One item per line'}
          value={Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value)}
          onChange={(event) => onText(event.target.value)}
        />
      );
    case 'messages':
      return (
        <MessagesValue
          uri={uri}
          label={`Value of ${input.name}`}
          text={jsonTextOf(Array.isArray(value) ? value.map(roleFirst) : value)}
          placeholder={placeholder}
          onChange={onText}
        />
      );
    case 'object':
      return (
        <Textarea
          {...control}
          rows={3}
          className="font-mono text-sm"
          placeholder={placeholder ?? exampleOf(input)}
          value={jsonTextOf(value)}
          onChange={(event) => onText(event.target.value)}
        />
      );
    case 'string':
      return (
        <Textarea
          {...control}
          rows={1}
          placeholder={placeholder}
          value={textOf(value)}
          onChange={(event) => onChange(event.target.value === '' && !input.required ? undefined : event.target.value)}
        />
      );
  }
}

/** A value as JSON to edit; a text is what is being typed. */
function jsonTextOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** Stored values have their keys in order of the alphabet, which reads badly. */
function roleFirst(item: Json): Json {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || !('role' in item)) return item;
  const { role = null, ...others } = item as JsonObject;
  return { role, ...others };
}

function exampleOf({ schema }: InputDeclaration): string {
  return schema?.type === 'array' ? '[ { "key": "value" } ]' : '{ "key": "value" }';
}

/** JSON as it reads best; null when it is no JSON or reads so already. */
export function indented(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  try {
    const text = indentedJson(parseWrittenJson(value));
    return text === value ? null : text;
  } catch {
    return null;
  }
}

/** A value as the text that its field shows. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
