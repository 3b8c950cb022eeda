import type { Endpoint } from '../../../../src-core/contract/models.ts';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../../components/ui/tabs.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { type EndpointFields, numberLabels, withBaseUrl } from './endpoint-fields.ts';
import type { FieldMarks } from './use-field-marks.ts';

export interface EndpointFormProps {
  readonly fields: EndpointFields;
  readonly onChange: (fields: EndpointFields) => void;
  readonly marks: FieldMarks;
  /** Where to get a key. */
  readonly keyHint?: string;
  readonly storedKey?: Endpoint['key'];
  readonly preset: string | null;
  /** A new endpoint's timeouts follow its address until somebody sets them. */
  readonly isNew?: boolean;
}

/** The fields of an endpoint, for the dialog that adds one and the tab that edits one. */
export function EndpointForm({
  fields,
  onChange,
  marks,
  keyHint,
  storedKey,
  preset,
  isNew = false,
}: EndpointFormProps) {
  const { problems } = marks;
  const set = (changes: Partial<EndpointFields>) => onChange({ ...fields, ...changes });
  const type = (name: keyof EndpointFields, text: string) => {
    marks.onType(name);
    if (name === 'baseUrl' && isNew) onChange(withBaseUrl(fields, text, preset));
    else set({ [name]: text });
  };
  const number = (name: keyof typeof numberLabels, unit = '') => (
    <NumberField
      label={`${numberLabels[name]}${unit}`}
      error={problems[name]}
      value={fields[name]}
      onChange={(text) => type(name, text)}
    />
  );
  const originChanges = storedKey != null && !fields.baseUrl.trim().startsWith(storedKey.origin);
  return (
    <fieldset ref={marks.form} aria-label="Endpoint" onBlur={marks.onLeave} className="flex min-w-0 flex-col gap-3">
      <div className="grid grid-cols-[2fr_3fr] gap-3">
        <Field label="Title" error={problems.title}>
          {(control) => (
            <Input
              {...control}
              value={fields.title}
              onChange={(event) => type('title', event.target.value)}
              placeholder="My endpoint"
            />
          )}
        </Field>
        <Field label="Base URL" error={problems.baseUrl}>
          {(control) => (
            <Input
              {...control}
              value={fields.baseUrl}
              inputMode="url"
              className="font-mono text-sm"
              placeholder="https://api.example.com/v1"
              onChange={(event) => type('baseUrl', event.target.value)}
            />
          )}
        </Field>
      </div>
      <Tabs value={fields.keyFrom} onValueChange={(keyFrom) => set({ keyFrom: keyFrom as EndpointFields['keyFrom'] })}>
        <TabsList className="min-h-8 px-0" aria-label="Where the key comes from">
          <TabsTrigger value="store" className="h-8 first:pl-0 first:data-[state=active]:after:left-0">
            API key
          </TabsTrigger>
          <TabsTrigger value="environment" className="h-8">
            Environment variable
          </TabsTrigger>
        </TabsList>
        <TabsContent value="store" className="pt-2">
          <Field label="Key" error={problems.key} hint={keyNote(storedKey ?? null, originChanges, keyHint)}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="new-password"
                value={fields.key}
                placeholder={storedKey && !originChanges ? `••••${storedKey.last4}` : ''}
                onChange={(event) => type('key', event.target.value)}
              />
            )}
          </Field>
        </TabsContent>
        <TabsContent value="environment" className="pt-2">
          <Field
            label="Variable"
            error={problems.keyEnv}
            hint="Read from the environment of the host whenever a request is sent; PromptDev stores nothing."
          >
            {(control) => (
              <Input
                {...control}
                value={fields.keyEnv}
                className="font-mono text-sm"
                placeholder="OPENAI_API_KEY"
                onChange={(event) => type('keyEnv', event.target.value)}
              />
            )}
          </Field>
        </TabsContent>
      </Tabs>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {number('maxConcurrency')}
        {number('maxRetries')}
        {number('timeoutSeconds', ' (s)')}
        {number('idleTimeoutSeconds', ' (s)')}
      </div>
      <p className="text-xs text-muted">
        How long an answer may take to begin, and how long it may fall silent. A server that loads a model first needs
        several minutes to its first byte.
      </p>
    </fieldset>
  );
}

/** Dots for a key that is too short to show its last characters. */
const storedKeyName = ({ last4 }: NonNullable<Endpoint['key']>) =>
  /\w/.test(last4) ? `A key that ends in ${last4}` : 'A key';

function keyNote(stored: Endpoint['key'], originChanges: boolean, keyHint: string | undefined): string {
  if (stored && originChanges)
    return `The stored key belongs to ${stored.origin} and is forgotten when you save; enter the one for the new address.`;
  if (stored) return `${storedKeyName(stored)} is stored. Type a new one to replace it.`;
  return `${keyHint ? `${keyHint} ` : ''}Kept on this machine for this address only, and never shown again.`;
}

interface NumberFieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, error, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          className="tabular"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
