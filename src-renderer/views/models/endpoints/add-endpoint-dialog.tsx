import { ToggleGroup } from 'radix-ui';
import { z } from 'zod';
import { endpointPresets, findEndpointPreset } from '../../../../src-core/models/presets.ts';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { DialogButtons } from '../../../components/overlays/dialog-buttons.tsx';
import { DialogProblem } from '../../../components/overlays/dialog-problem.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { useDialogText } from '../../../fields/use-dialog-text.ts';
import { useSubmit } from '../../../fields/use-submit.ts';
import { client } from '../../../live/api.ts';
import { showView } from '../../../workbench/layout.ts';
import { openEndpoint } from '../state/model-actions.ts';
import { refreshModels, useEndpoints } from '../state/use-models.ts';
import { CheckResult, useEndpointCheck } from './endpoint-check.tsx';
import { type EndpointFields, endpointFieldsSchema, fieldsOf, withoutKey } from './endpoint-fields.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { KeyStoreWarning } from './key-store-warning.tsx';
import { useFieldMarks } from './use-field-marks.ts';

const other = 'other';

const typedSchema = z.object({
  preset: z.string(),
  /** By preset, so that switching presets loses nothing that was typed. */
  fields: z.record(z.string(), endpointFieldsSchema),
});
type Typed = z.infer<typeof typedSchema>;

const dialogText = {
  schema: typedSchema,
  initial: { preset: other, fields: {} } as Typed,
  keep: ({ preset, fields }: Typed): Typed => ({
    preset,
    fields: Object.fromEntries(Object.entries(fields).map(([slug, typed]) => [slug, withoutKey(typed)])),
  }),
};

/** Adds an OpenAI-compatible endpoint from a preset or from scratch. */
export function AddEndpointDialog({ onClose }: { readonly onClose: () => void }) {
  const typed = useDialogText('add-endpoint', dialogText);
  const preset = findEndpointPreset(typed.value.preset);
  const slug = preset?.slug ?? other;
  const start = fieldsOf(preset);
  const fields = typed.value.fields[slug] ?? start;
  const marks = useFieldMarks(fields, start);
  const adding = useSubmit();
  const [check, ask, forget] = useEndpointCheck();
  const taken = useEndpoints()?.map(({ name }) => name) ?? [];

  const choose = (next: string) => {
    typed.change({ ...typed.value, preset: next });
    marks.forget();
    adding.forget();
    forget();
  };
  const change = (next: EndpointFields) => {
    typed.change({ ...typed.value, fields: { ...typed.value.fields, [slug]: next } });
    adding.forget();
    forget();
  };
  const test = () => {
    const changes = marks.read();
    if (changes) void ask({ baseUrl: changes.baseUrl, ...(fields.key !== '' && { key: fields.key }) });
  };
  const add = async (changes: NonNullable<ReturnType<typeof marks.read>>) => {
    const endpoint = await client.models.addEndpoint({
      ...changes,
      name: freeName(preset?.slug ?? nameFrom(changes.title, changes.baseUrl), taken),
      preset: preset?.slug ?? null,
      ...(fields.keyFrom === 'store' && fields.key !== '' && { key: fields.key }),
    });
    await refreshModels();
    showView('models');
    openEndpoint(endpoint);
  };
  const save = async () => {
    const changes = marks.read();
    if (!changes || adding.isBusy) return;
    const isAdded = await adding.run(() =>
      add(changes).catch((error: unknown) => {
        marks.refuse(error);
        throw error;
      }),
    );
    if (isAdded) cancel();
  };
  const cancel = () => {
    typed.forget();
    onClose();
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
          <DialogButtons action="Add endpoint" onAction={save} disabled={adding.isBusy} onCancel={cancel} />
        </>
      }
    >
      <ToggleGroup.Root
        type="single"
        aria-label="Preset"
        className="mb-4 flex flex-wrap gap-1.5"
        value={slug}
        onValueChange={(next) => next !== '' && choose(next)}
      >
        {[...endpointPresets, { slug: other, title: 'Other' }].map(({ slug: value, title }) => (
          <ToggleGroup.Item
            key={value}
            value={value}
            className="h-7 rounded-md border border-border-strong px-2.5 text-sm transition-colors hover:bg-hover data-[state=on]:border-accent data-[state=on]:bg-accent-soft data-[state=on]:font-medium data-[state=on]:text-accent-text"
          >
            {title}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      <EndpointForm
        isNew
        preset={preset?.slug ?? null}
        fields={fields}
        onChange={change}
        marks={marks}
        keyHint={preset?.keyHint}
      />
      <div className="mt-3 flex flex-col gap-2">
        <KeyStoreWarning />
        <CheckResult state={check} />
        <DialogProblem problem={adding.problem} />
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
