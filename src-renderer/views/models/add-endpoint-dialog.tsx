import { ToggleGroup } from 'radix-ui';
import { useState } from 'react';
import { type EndpointPreset, endpointPresets, findEndpointPreset } from '../../../src-core/models/presets.ts';
import { client } from '../../api.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { showView } from '../../workbench/layout.ts';
import { CheckResult, useEndpointCheck } from './endpoint-check.tsx';
import { fieldsOf, readFields } from './endpoint-fields.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { KeyStoreWarning } from './key-store-warning.tsx';
import { openEndpoint } from './model-actions.ts';
import { refreshModels, useEndpoints } from './use-models.ts';

const other = 'other';

/** Adds an OpenAI-compatible endpoint from a preset or from scratch. */
export function AddEndpointDialog({ onClose }: { readonly onClose: () => void }) {
  const [preset, setPreset] = useState<EndpointPreset | null>(null);
  const [fields, setFields] = useState(() => fieldsOf(null));
  const [problem, setProblem] = useState<string | null>(null);
  const [check, ask, forget] = useEndpointCheck();
  const [saving, setSaving] = useState(false);
  const taken = useEndpoints()?.map(({ name }) => name) ?? [];

  const choose = (next: EndpointPreset | null) => {
    setPreset(next);
    setFields(fieldsOf(next));
    setProblem(null);
    forget();
  };
  const change = (next: typeof fields) => {
    setFields(next);
    setProblem(null);
  };
  const read = () => {
    const result = readFields(fields);
    setProblem(result.kind === 'wrong' ? result.problem : null);
    return result.kind === 'ok' ? result.changes : null;
  };
  const test = () => {
    const changes = read();
    if (changes) void ask({ baseUrl: changes.baseUrl, ...(fields.key !== '' && { key: fields.key }) });
  };
  const save = async () => {
    const changes = read();
    if (!changes) return;
    setSaving(true);
    try {
      const endpoint = await client.models.addEndpoint({
        ...changes,
        name: freeName(preset?.slug ?? nameFrom(changes.title, changes.baseUrl), taken),
        preset: preset?.slug ?? null,
        ...(fields.keyFrom === 'store' && fields.key !== '' && { key: fields.key }),
      });
      await refreshModels();
      showView('models');
      openEndpoint(endpoint);
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setSaving(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add an endpoint"
      description="Any server that speaks the OpenAI API. PromptDev contacts only the address that you enter here."
      className="top-[8vh] max-h-[84vh] w-[min(620px,calc(100vw-32px))]"
      footer={
        <>
          <Button
            className="mr-auto"
            onClick={test}
            disabled={check?.kind === 'asking' || fields.keyFrom === 'environment'}
          >
            Test connection
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={save} disabled={saving}>
            Add endpoint
          </Button>
        </>
      }
    >
      <ToggleGroup.Root
        type="single"
        aria-label="Preset"
        className="mb-4 flex flex-wrap gap-1.5"
        value={preset?.slug ?? other}
        onValueChange={(slug) => slug !== '' && choose(findEndpointPreset(slug))}
      >
        {[...endpointPresets, { slug: other, title: 'Other' }].map(({ slug, title }) => (
          <ToggleGroup.Item
            key={slug}
            value={slug}
            className="h-7 rounded-md border border-border-strong px-2.5 text-sm transition-colors hover:bg-hover data-[state=on]:border-accent data-[state=on]:bg-accent-soft data-[state=on]:font-medium data-[state=on]:text-accent-text"
          >
            {title}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      <EndpointForm isNew preset={preset?.slug ?? null} fields={fields} onChange={change} keyHint={preset?.keyHint} />
      <div className="mt-3 flex flex-col gap-2">
        <KeyStoreWarning />
        <CheckResult state={check} />
        {problem !== null && (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function nameFrom(title: string, baseUrl: string): string {
  const source = title || new URL(baseUrl).hostname;
  const slug = source
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return slug.slice(0, 90) || 'endpoint';
}

function freeName(wanted: string, taken: readonly string[]): string {
  const reserved = ['starter', 'starter-q8', 'local', ...taken];
  if (!reserved.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    if (!reserved.includes(`${wanted}-${number}`)) return `${wanted}-${number}`;
  }
}
