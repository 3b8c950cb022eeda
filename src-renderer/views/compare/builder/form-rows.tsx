import { CopyPlus, Plus, X } from 'lucide-react';
import { useEffect, useId } from 'react';
import type { InputDeclaration, PromptContent } from '../../../../src-core/contract/content.ts';
import { ownValue } from '../../../../src-core/contract/json.ts';
import type { Json } from '../../../../src-core/contract/shared.ts';
import { Button } from '../../../components/ui/button.tsx';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { Textarea } from '../../../fields/textarea.tsx';
import { disposeModels } from '../../../monaco/text/text-models.ts';
import { MessagesValue, type MessagesValueProps } from '../../editor/inputs/messages-value.tsx';
import type { ComparisonDraft } from './drafts.ts';
import { readFormRow } from './read-draft.ts';

type Texts = ComparisonDraft['formRows'][number];

interface FormRowsProps {
  readonly rows: readonly Texts[];
  readonly inputs: readonly InputDeclaration[];
  /** Named inputs that the prompts bring with them. */
  readonly samples: PromptContent['samples'];
  readonly onChange: (rows: Texts[]) => void;
}

/** Input rows as a table to type in. */
export function FormRows({ rows, inputs, samples, onChange }: FormRowsProps) {
  const takeSamples = () => {
    const typed = rows.filter((row) => Object.values(row).some((text) => text !== ''));
    onChange([...typed, ...samples.map(({ inputs: values }) => toTexts(values))]);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="overflow-x-auto">
        <table className="w-full border-separate border-spacing-x-2 border-spacing-y-1">
          <thead>
            <tr className="text-left text-xs font-medium text-muted">
              <th scope="col" className="w-6">
                <span className="sr-only">Row</span>
              </th>
              {inputs.map((input) => (
                <th
                  key={input.name}
                  scope="col"
                  className="min-w-44 font-medium"
                  title={input.description || undefined}
                >
                  <span className="text-foreground">{input.name}</span> {input.type}
                  {(!input.required || input.default !== undefined) && ', optional'}
                </th>
              ))}
              <th scope="col" className="w-14">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <FormRowLine
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
                key={index}
                number={index + 1}
                row={row}
                inputs={inputs}
                only={rows.length === 1}
                onChange={(next) => onChange(rows.with(index, next))}
                onDuplicate={() => onChange(rows.toSpliced(index + 1, 0, row))}
                onRemove={() => onChange(rows.toSpliced(index, 1))}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex gap-2 pl-8">
        <Button size="sm" onClick={() => onChange([...rows, {}])}>
          <Plus /> Add row
        </Button>
        {samples.length > 0 && (
          <Button size="sm" variant="ghost" onClick={takeSamples}>
            Take {samples.length === 1 ? 'the sample' : `the ${samples.length} samples`} of the prompt
          </Button>
        )}
      </div>
    </div>
  );
}

/** Values as they would be typed. */
export function toTexts(values: Readonly<Record<string, Json>>): Texts {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

interface FormRowLineProps {
  readonly number: number;
  readonly row: Texts;
  readonly inputs: readonly InputDeclaration[];
  readonly only: boolean;
  readonly onChange: (row: Texts) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}

function FormRowLine({ number, row, inputs, only, onChange, onDuplicate, onRemove }: FormRowLineProps) {
  const { problems } = readFormRow(row, inputs);
  return (
    <tr className="align-top">
      <td className="tabular pt-1 text-right text-xs text-muted">{number}</td>
      {inputs.map((input) => {
        const text = ownValue(row, input.name) ?? '';
        // An empty field is missing, not invalid.
        const problem = text === '' ? undefined : ownValue(problems, input.name);
        return (
          <td key={input.name}>
            <InputField
              input={input}
              label={`${input.name}, row ${number}`}
              text={text}
              wrong={problem !== undefined}
              onChange={(next) => onChange({ ...row, [input.name]: next })}
            />
            {problem !== undefined && <p className="text-xs text-danger">{markedText(problem)}</p>}
          </td>
        );
      })}
      <td className="whitespace-nowrap">
        <Button variant="ghost" size="icon-sm" aria-label={`Duplicate row ${number}`} onClick={onDuplicate}>
          <CopyPlus />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={`Remove row ${number}`} disabled={only} onClick={onRemove}>
          <X />
        </Button>
      </td>
    </tr>
  );
}

interface InputFieldProps {
  readonly input: InputDeclaration;
  readonly label: string;
  readonly text: string;
  readonly wrong: boolean;
  readonly onChange: (text: string) => void;
}

const unset = '(none)';

function InputField({ input, label, text, wrong, onChange }: InputFieldProps) {
  const placeholder =
    input.default === undefined || input.default === '' ? '' : `default: ${JSON.stringify(input.default)}`;
  const shared = { 'aria-label': label, 'aria-invalid': wrong || undefined, placeholder };
  switch (input.type) {
    case 'boolean':
    case 'enum': {
      const values = input.type === 'boolean' ? ['true', 'false'] : (input.values ?? []);
      const optional = !input.required || input.default !== undefined;
      return (
        <Select
          aria-label={label}
          value={text === '' ? undefined : text}
          placeholder={placeholder || 'choose'}
          onChange={(value) => onChange(value === unset ? '' : value)}
          options={[
            ...values.map((value) => ({ value, label: value })),
            ...(optional ? [{ value: unset, label: 'none' }] : []),
          ]}
        />
      );
    }
    case 'number':
      return (
        <Input
          {...shared}
          inputMode="decimal"
          className="tabular"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'array<string>':
      return (
        <Textarea
          {...shared}
          rows={1}
          className="resize-none"
          placeholder={placeholder || 'one item per line'}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'messages':
      return (
        <MessagesCell label={label} text={text} {...(placeholder !== '' && { placeholder })} onChange={onChange} />
      );
    case 'object':
      return (
        <Textarea
          {...shared}
          rows={1}
          className="resize-none font-mono text-sm"
          placeholder={placeholder || '{ }'}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'string':
      return (
        <Textarea
          {...shared}
          rows={1}
          className="resize-none"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** A list of messages in a row; the undo history goes with the field. */
function MessagesCell(props: Omit<MessagesValueProps, 'uri' | 'maxHeight'>) {
  const uri = `comparison:///${useId()}`;
  useEffect(() => () => disposeModels(uri), [uri]);
  return <MessagesValue {...props} uri={uri} maxHeight={160} />;
}
