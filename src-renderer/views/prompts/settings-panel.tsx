import { useEffect, useState } from 'react';
import {
  type ModelSettings,
  type PromptContent,
  samplingSchema,
  type Tool,
  toolSchema,
} from '../../../src-core/contract/content.ts';
import type { JsonObject } from '../../../src-core/contract/shared.ts';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Select } from '../../components/ui/select.tsx';
import { Textarea } from '../../components/ui/textarea.tsx';
import { type DraftHandle, useDraft } from './draft-store.ts';
import { changeSettings } from './edit-content.ts';
import { FallbackList } from './fallback-list.tsx';
import { JsonField } from './json-field.tsx';
import { ModelPicker } from './model-picker.tsx';

/** Model, sampling, answer format and tools; all of it is part of every version. */
export function SettingsPanel({ handle }: { readonly handle: DraftHandle }) {
  const content = useDraft(handle, (state) => state.content);
  const { settings } = content;
  const change = (changes: Partial<ModelSettings>) => handle.edit((current) => changeSettings(current, changes));
  const edit = (changes: Partial<PromptContent>) => handle.edit((current) => ({ ...current, ...changes }));
  return (
    <div className="flex h-full flex-col gap-4 overflow-y-auto p-3">
      <Field label="Model">
        {(control) => <ModelPicker {...control} value={settings.model} onChange={(model) => change({ model })} />}
      </Field>
      <FallbackList fallbacks={settings.fallbacks} onChange={(fallbacks) => change({ fallbacks })} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label="Temperature"
          hint="0 to 2; higher is more varied."
          name="temperature"
          settings={settings}
          onChange={change}
        />
        <NumberField label="Top p" hint="0 to 1." name="topP" settings={settings} onChange={change} />
        <NumberField label="Max tokens" hint="Longest answer." name="maxTokens" settings={settings} onChange={change} />
        <NumberField
          label="Seed"
          hint="Same seed, same answer, where supported."
          name="seed"
          settings={settings}
          onChange={change}
        />
      </div>
      <StopField
        stop={settings.stop ?? []}
        onChange={(stop) => change({ stop: stop.length === 0 ? undefined : stop })}
      />
      <JsonField
        label="Response schema"
        hint="JSON Schema that the answer must follow."
        kind="object"
        value={content.responseSchema}
        onChange={(schema) => edit({ responseSchema: schema as JsonObject | null })}
      />
      <JsonField
        label="Tools"
        hint="Functions that the model may call, as a list of name, description and parameters."
        kind="array"
        placeholder={'[{ "name": "look_up", "description": "…", "parameters": {} }]'}
        value={content.tools}
        check={(value) => {
          const parsed = toolSchema.array().safeParse(value);
          return parsed.success
            ? null
            : `Tool ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`;
        }}
        onChange={(tools) => edit({ tools: toolSchema.array().parse(tools) satisfies Tool[] })}
      />
      <Field label="Template syntax">
        {(control) => (
          <Select
            {...control}
            value={content.syntax}
            onChange={(syntax) => edit({ syntax })}
            options={[
              { value: 'jinja', label: 'Jinja' },
              { value: 'liquid', label: 'Liquid' },
              { value: 'nunjucks', label: 'Nunjucks' },
            ]}
          />
        )}
      </Field>
    </div>
  );
}

type NumberName = 'temperature' | 'topP' | 'maxTokens' | 'seed';

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly name: NumberName;
  readonly settings: ModelSettings;
  readonly onChange: (changes: Partial<ModelSettings>) => void;
}

/** A number that may be left out; what the contract does not allow is marked and not taken over. */
function NumberField({ label, hint, name, settings, onChange }: NumberFieldProps) {
  const value = settings[name];
  const [text, setText] = useState(value === undefined ? '' : String(value));
  useEffect(() => {
    setText((before) => (numberOf(before) === value ? before : value === undefined ? '' : String(value)));
  }, [value]);
  const error = errorOf(name, text);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          className="tabular"
          placeholder="Model's default"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (errorOf(name, event.target.value) === null) onChange({ [name]: numberOf(event.target.value) });
          }}
        />
      )}
    </Field>
  );
}

const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));

const allowed: Readonly<Record<NumberName, string>> = {
  temperature: 'Expected a number from 0 to 2.',
  topP: 'Expected a number from 0 to 1.',
  maxTokens: 'Expected a whole number from 1 to 1,000,000.',
  seed: 'Expected a whole number from 0 to 4,294,967,295.',
};

const errorOf = (name: NumberName, text: string): string | null =>
  samplingSchema.shape[name].safeParse(numberOf(text)).success ? null : allowed[name];

interface StopFieldProps {
  readonly stop: readonly string[];
  readonly onChange: (stop: string[]) => void;
}

function StopField({ stop, onChange }: StopFieldProps) {
  const shown = stop.map((text) => text.replaceAll('\n', '\\n')).join('\n');
  const [text, setText] = useState(shown);
  useEffect(() => {
    setText((before) => (linesOf(before).join('\n') === shown ? before : shown));
  }, [shown]);
  return (
    <Field
      label="Stop"
      hint="The answer ends before any of these texts; one per line, \n for a line break."
      error={linesOf(text).length > 16 ? 'At most 16 texts.' : null}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={1}
          className="font-mono text-sm"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const lines = linesOf(event.target.value);
            if (lines.length <= 16) onChange(lines.map((line) => line.replaceAll('\\n', '\n')));
          }}
        />
      )}
    </Field>
  );
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
