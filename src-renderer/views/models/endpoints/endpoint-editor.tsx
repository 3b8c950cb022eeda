import { Globe, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Endpoint, RemoteModel } from '../../../../src-core/contract/models.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { confirm } from '../../../components/overlays/confirm.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EditorPage, Section } from '../../../components/ui/editor-parts.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { useHeld } from '../../../fields/use-held.ts';
import { client } from '../../../live/api.ts';
import { describeTab } from '../../../workbench/tabs.ts';
import type { EditorProps } from '../../../workbench/view.ts';
import { openModel, removeEndpoint, removeModel, updateRemote } from '../state/model-actions.ts';
import { refreshModels, useEndpoints, useModels } from '../state/use-models.ts';
import { CheckResult, useEndpointCheck } from './endpoint-check.tsx';
import {
  type EndpointFields,
  endpointFieldsSchema,
  fieldsOf,
  variableThatMoves,
  withoutKey,
} from './endpoint-fields.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { KeyStoreWarning } from './key-store-warning.tsx';
import { PickModels } from './pick-models.tsx';
import { PriceFields } from './price-fields.tsx';
import { useFieldMarks } from './use-field-marks.ts';

/** The tab of an endpoint: how to reach it, and which of its models are used. */
export function EndpointEditor({ id, tabKey }: EditorProps) {
  const endpoints = useEndpoints();
  const models = useModels();
  const endpoint = endpoints?.find((one) => one.id === id);
  const title = endpoint && (endpoint.title || endpoint.name);
  useEffect(() => {
    if (title !== undefined) describeTab(tabKey, { title });
  }, [tabKey, title]);
  if (endpoints === undefined || models === undefined) return <SkeletonList />;
  if (endpoint === undefined) {
    return (
      <EmptyState icon={Globe} title="This endpoint was removed">
        Runs that used it are still in the history.
      </EmptyState>
    );
  }
  const own = models.filter(
    (model): model is RemoteModel => model.kind === 'remote' && model.endpoint === endpoint.name,
  );
  return <EndpointPage key={endpoint.id} endpoint={endpoint} models={own} />;
}

interface EndpointPageProps {
  readonly endpoint: Endpoint;
  readonly models: readonly RemoteModel[];
}

function EndpointPage({ endpoint, models }: EndpointPageProps) {
  const list = useEndpointCheck();
  return (
    <EditorPage
      icon={<Globe />}
      title={endpoint.title || endpoint.name}
      subtitle={
        <>
          <code className="font-mono text-sm">{endpoint.name}/…</code>
          <span>{endpoint.baseUrl}</span>
        </>
      }
      actions={
        <Tip label="Remove endpoint">
          <Button
            variant="ghost"
            size="icon"
            aria-label="Remove endpoint"
            onClick={() => removeEndpoint(endpoint, models)}
          >
            <Trash2 />
          </Button>
        </Tip>
      }
    >
      <KeyStoreWarning />
      <Connection endpoint={endpoint} />
      <Section title="Models" description="The models you use, with what they cost in US dollars per million tokens.">
        {models.length > 0 && (
          <table aria-label="Added models" className="w-full">
            <thead>
              <tr className="text-left text-xs text-muted [&>th]:pb-1 [&>th]:font-medium">
                <th scope="col">Model</th>
                <th scope="col" className="w-60">
                  Price of input and output
                </th>
                <th scope="col" className="w-8">
                  <span className="sr-only">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {models.map((model) => (
                <ModelLine key={model.id} model={model} />
              ))}
            </tbody>
          </table>
        )}
        <PickModels endpoint={endpoint} added={models} check={list} />
      </Section>
    </EditorPage>
  );
}

function ModelLine({ model }: { readonly model: RemoteModel }) {
  return (
    <tr aria-label={model.id} className="h-9">
      <td className="max-w-0">
        <Button variant="link" className="max-w-full justify-start font-mono" onClick={() => openModel(model)}>
          <span className="truncate">{model.model}</span>
        </Button>
      </td>
      <td>
        <PriceFields
          compact
          name={`model:${model.id}:price`}
          price={model.price}
          onChange={(price) => updateRemote(model.id, { price })}
        />
      </td>
      <td>
        <Tip label="Remove model">
          <Button variant="ghost" size="icon" aria-label={`Remove ${model.id}`} onClick={() => removeModel(model)}>
            <X />
          </Button>
        </Tip>
      </td>
    </tr>
  );
}

const heldFields = { schema: endpointFieldsSchema, keep: withoutKey };

function Connection({ endpoint }: { readonly endpoint: Endpoint }) {
  const [fields, hold] = useHeld(`endpoint:${endpoint.id}`, heldFields);
  const [problem, setProblem] = useState<string | null>(null);
  const [check, ask, forget] = useEndpointCheck();
  const stored = fieldsOf(endpoint);
  const shown = fields ?? stored;
  const marks = useFieldMarks(shown, stored);
  const setFields = (next: EndpointFields | null) => {
    hold(next);
    setProblem(null);
    // The last check was made with other values.
    forget();
    if (next === null) marks.forget();
  };

  const save = async (): Promise<boolean> => {
    setProblem(null);
    const changes = marks.read();
    if (changes === null) return false;
    const variable = variableThatMoves(shown, endpoint);
    if (variable !== null && !(await allowVariable(variable, endpoint, changes.baseUrl))) return false;
    try {
      const key = shown.keyFrom === 'store' && shown.key !== '' ? { key: shown.key } : {};
      await client.models.updateEndpoint({ id: endpoint.id, changes, ...key });
      await refreshModels();
      setFields(null);
      toast('Endpoint saved');
      return true;
    } catch (error) {
      if (!marks.refuse(error)) setProblem(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  const test = async () => {
    forget();
    // The check uses the stored endpoint, so a changed form is saved first.
    if (fields === null || (await save())) await ask({ id: endpoint.id });
  };
  const forgetKey = async () => {
    const done = await attempt('The key is still stored', () =>
      client.models.updateEndpoint({ id: endpoint.id, changes: {}, key: null }),
    );
    await refreshModels();
    if (done) toast('The key was forgotten');
  };

  return (
    <Section title="Connection">
      <EndpointForm
        preset={endpoint.preset}
        fields={shown}
        onChange={setFields}
        marks={marks}
        storedKey={endpoint.key}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" disabled={fields === null} onClick={save}>
          Save
        </Button>
        <Button onClick={test} disabled={check?.kind === 'asking'}>
          {fields === null ? 'Test connection' : 'Save and test'}
        </Button>
        {fields !== null && (
          <Button variant="ghost" onClick={() => setFields(null)}>
            Discard changes
          </Button>
        )}
        {endpoint.key !== null && (
          <Button variant="ghost" className="ml-auto" onClick={forgetKey}>
            Forget key
          </Button>
        )}
      </div>
      <CheckResult state={check} />
      {problem !== null && (
        <p role="alert" className="text-sm text-danger">
          {markedText(problem)}
        </p>
      )}
    </Section>
  );
}

/** A key was given for one origin; another one gets it only when a person says so. */
function allowVariable(variable: string, endpoint: Endpoint, baseUrl: string): Promise<boolean> {
  const to = new URL(baseUrl).origin;
  return confirm({
    title: `Send the key in $${variable} to ${to}?`,
    description: `It was given for ${new URL(endpoint.baseUrl).origin}. Whoever answers at the new address will get it with every request.`,
    action: 'Send it there',
  });
}
