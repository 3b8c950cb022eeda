import type { Endpoint } from '../../../src-core/contract/models.ts';
import type { EndpointPreset } from '../../../src-core/models/presets.ts';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../components/ui/tabs.tsx';

/** What a person types to describe an endpoint; numbers as text until they are sent. */
export interface EndpointFields {
  readonly title: string;
  readonly baseUrl: string;
  readonly keyFrom: 'store' | 'environment';
  /** A new key; empty keeps the stored one. */
  readonly key: string;
  readonly keyEnv: string;
  readonly maxConcurrency: string;
  readonly timeoutSeconds: string;
  readonly maxRetries: string;
}

/** Fields as they start for a preset, or for an endpoint that there is. */
export function fieldsOf(source: EndpointPreset | Endpoint | null): EndpointFields {
  const endpoint = source !== null && 'id' in source ? source : null;
  const preset = source !== null && 'slug' in source ? source : null;
  return {
    title: source?.title ?? '',
    baseUrl: source?.baseUrl ?? '',
    keyFrom: endpoint?.keyEnv ? 'environment' : 'store',
    key: '',
    keyEnv: endpoint?.keyEnv ?? '',
    maxConcurrency: String(endpoint?.maxConcurrency ?? preset?.defaultConcurrency ?? 4),
    timeoutSeconds: String((endpoint?.timeoutMs ?? 60_000) / 1_000),
    maxRetries: String(endpoint?.maxRetries ?? 2),
  };
}

type ReadFields =
  | {
      readonly kind: 'ok';
      readonly changes: {
        readonly title: string;
        readonly baseUrl: string;
        readonly keyEnv: string | null;
        readonly maxConcurrency: number;
        readonly timeoutMs: number;
        readonly maxRetries: number;
      };
    }
  | { readonly kind: 'wrong'; readonly problem: string };

/** The fields as the contract takes them, or the sentence of the first that is wrong. */
export function readFields(fields: EndpointFields): ReadFields {
  const baseUrl = fields.baseUrl.trim().replace(/\/+$/, '');
  if (!/^https?:\/\/[^/\s]+/.test(baseUrl)) {
    return {
      kind: 'wrong',
      problem: 'The base URL must start with http:// or https://, as in https://api.openai.com/v1.',
    };
  }
  const keyEnv = fields.keyFrom === 'environment' ? fields.keyEnv.trim() : '';
  if (fields.keyFrom === 'environment' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(keyEnv)) {
    return { kind: 'wrong', problem: 'Name the environment variable that holds the key, as in OPENAI_API_KEY.' };
  }
  const numbers = { maxConcurrency: [1, 256], timeoutSeconds: [1, 600], maxRetries: [0, 10] } as const;
  for (const name of ['maxConcurrency', 'timeoutSeconds', 'maxRetries'] as const) {
    const [least, most] = numbers[name];
    const value = Number(fields[name]);
    if (!Number.isInteger(value) || value < least || value > most) {
      return {
        kind: 'wrong',
        problem: `${labels[name]} must be a whole number from ${least} to ${most}, not "${fields[name]}".`,
      };
    }
  }
  return {
    kind: 'ok',
    changes: {
      title: fields.title.trim(),
      baseUrl,
      keyEnv: keyEnv === '' ? null : keyEnv,
      maxConcurrency: Number(fields.maxConcurrency),
      timeoutMs: Number(fields.timeoutSeconds) * 1_000,
      maxRetries: Number(fields.maxRetries),
    },
  };
}

const labels = { maxConcurrency: 'Requests at once', timeoutSeconds: 'Time-out', maxRetries: 'Retries' } as const;

export interface EndpointFormProps {
  readonly fields: EndpointFields;
  readonly onChange: (fields: EndpointFields) => void;
  /** Where to get a key. */
  readonly keyHint?: string;
  readonly storedKey?: Endpoint['key'];
}

/** The fields of an endpoint, for the dialog that adds one and the tab that edits one. */
export function EndpointForm({ fields, onChange, keyHint, storedKey }: EndpointFormProps) {
  const set = (changes: Partial<EndpointFields>) => onChange({ ...fields, ...changes });
  const originChanges = storedKey != null && !fields.baseUrl.trim().startsWith(storedKey.origin);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-[2fr_3fr] gap-3">
        <Field label="Title">
          {(control) => (
            <Input
              {...control}
              value={fields.title}
              onChange={(event) => set({ title: event.target.value })}
              placeholder="My endpoint"
            />
          )}
        </Field>
        <Field label="Base URL">
          {(control) => (
            <Input
              {...control}
              value={fields.baseUrl}
              inputMode="url"
              className="font-mono text-sm"
              placeholder="https://api.example.com/v1"
              onChange={(event) => set({ baseUrl: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Tabs value={fields.keyFrom} onValueChange={(keyFrom) => set({ keyFrom: keyFrom as EndpointFields['keyFrom'] })}>
        <TabsList className="h-8 px-0" aria-label="Where the key comes from">
          <TabsTrigger value="store" className="h-8 first:pl-0 first:data-[state=active]:after:left-0">
            API key
          </TabsTrigger>
          <TabsTrigger value="environment" className="h-8">
            Environment variable
          </TabsTrigger>
        </TabsList>
        <TabsContent value="store" className="pt-2">
          <Field label="Key" hint={keyNote(storedKey ?? null, originChanges, keyHint)}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="new-password"
                value={fields.key}
                placeholder={storedKey && !originChanges ? `••••${storedKey.last4}` : ''}
                onChange={(event) => set({ key: event.target.value })}
              />
            )}
          </Field>
        </TabsContent>
        <TabsContent value="environment" className="pt-2">
          <Field
            label="Variable"
            hint="Read from the environment of the host whenever a request is sent; PromptDev stores nothing."
          >
            {(control) => (
              <Input
                {...control}
                value={fields.keyEnv}
                className="font-mono text-sm"
                placeholder="OPENAI_API_KEY"
                onChange={(event) => set({ keyEnv: event.target.value })}
              />
            )}
          </Field>
        </TabsContent>
      </Tabs>
      <div className="grid grid-cols-3 gap-3">
        <NumberField
          label={labels.maxConcurrency}
          value={fields.maxConcurrency}
          onChange={(maxConcurrency) => set({ maxConcurrency })}
        />
        <NumberField
          label={`${labels.timeoutSeconds} (seconds)`}
          value={fields.timeoutSeconds}
          onChange={(timeoutSeconds) => set({ timeoutSeconds })}
        />
        <NumberField
          label={labels.maxRetries}
          value={fields.maxRetries}
          onChange={(maxRetries) => set({ maxRetries })}
        />
      </div>
    </div>
  );
}

/** A key too short to show any of it has dots for its last characters. */
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
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label}>
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
