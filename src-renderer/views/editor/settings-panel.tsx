import type { ModelSettings, PromptContent } from '../../../src-core/contract/content.ts';
import {
  contentExtraPath,
  responseSchemaPath,
  settingPath,
  settingsExtraPath,
  toolsPath,
} from '../../../src-core/library/drafts/draft-fields.ts';
import { Field } from '../../fields/field.tsx';
import { Input } from '../../fields/input.tsx';
import { Select } from '../../fields/select.tsx';
import { Textarea } from '../../fields/textarea.tsx';
import { type DraftHandle, useDraft } from '../../live/drafts/draft-store.ts';
import { changeSettings } from '../../live/drafts/edit-content.ts';
import { useField } from './draft/use-field.ts';
import { ExtraField } from './extra-field.tsx';
import { JsonField } from './inputs/json-field.tsx';
import { FallbackList } from './run/fallback-list.tsx';
import { ModelPicker } from './run/model-picker.tsx';

/** Model, sampling, answer format and tools; all of it is part of every version. */
export function SettingsPanel({ handle }: { readonly handle: DraftHandle }) {
  const settings = useDraft(handle, (state) => state.content.settings);
  const promptId = useDraft(handle, (state) => state.prompt.id);
  const syntax = useDraft(handle, (state) => state.content.syntax);
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
          handle={handle}
          path={settingPath('temperature')}
          label="Temperature"
          hint="0 to 2; higher is more varied."
        />
        <NumberField handle={handle} path={settingPath('topP')} label="Top p" hint="0 to 1." />
        <NumberField handle={handle} path={settingPath('maxTokens')} label="Max tokens" hint="Longest answer." />
        <NumberField
          handle={handle}
          path={settingPath('seed')}
          label="Seed"
          hint="Same seed, same answer, where supported."
        />
      </div>
      <StopField
        handle={handle}
        path={settingPath('stop')}
        label="Stop"
        hint="The answer ends before any of these texts; one per line, \n for a line break."
      />
      <JsonField
        handle={handle}
        path={responseSchemaPath}
        label="Response schema"
        hint="JSON Schema that the answer must follow."
      />
      <JsonField
        handle={handle}
        path={toolsPath}
        label="Tools"
        hint="Functions that the model may call, as a list of name, description and parameters."
        placeholder={'[{ "name": "look_up", "description": "…", "parameters": {} }]'}
      />
      <ExtraField
        handle={handle}
        path={settingsExtraPath}
        uri={`prompt:///${promptId}/settings/extra`}
        of="the settings"
        hint="Added to the request to a remote model, as in { “top_k”: 40 }. They replace nothing that is sent anyway."
      />
      <Field label="Template syntax">
        {(control) => (
          <Select
            {...control}
            value={syntax}
            onChange={(next) => edit({ syntax: next })}
            options={[
              { value: 'jinja', label: 'Jinja' },
              { value: 'liquid', label: 'Liquid' },
              { value: 'nunjucks', label: 'Nunjucks' },
            ]}
          />
        )}
      </Field>
      <ExtraField
        handle={handle}
        path={contentExtraPath}
        uri={`prompt:///${promptId}/content/extra`}
        of="the prompt"
        hint="Kept with every version; nothing of it is sent."
      />
    </div>
  );
}

interface TextFieldProps {
  readonly handle: DraftHandle;
  readonly path: string;
  readonly label: string;
  readonly hint: string;
}

/** A number that may be left out. */
function NumberField({ handle, path, label, hint }: TextFieldProps) {
  const { text, error, onChange } = useField(handle, path);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          data-field={path}
          inputMode="decimal"
          className="tabular"
          placeholder="Model's default"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function StopField({ handle, path, label, hint }: TextFieldProps) {
  const { text, error, onChange } = useField(handle, path);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Textarea
          {...control}
          data-field={path}
          rows={1}
          className="font-mono text-sm"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
