import { Globe, Trash2 } from 'lucide-react';
import type { ComponentProps } from 'react';
import type { Endpoint, RemoteModel } from '../../../../src-core/contract/models.ts';
import { longestTitle } from '../../../../src-core/contract/prompts.ts';
import { listPrice } from '../../../../src-core/models/prices.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EditorPage, Section } from '../../../components/ui/editor-parts.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { tooLong } from '../../../fields/too-long.ts';
import { useLeftText } from '../../../fields/use-left-value.ts';
import { client } from '../../../live/api.ts';
import { formatPrice, priceOrigin } from '../state/describe-model.ts';
import { openEndpoint, removeModel, updateRemote } from '../state/model-actions.ts';
import { useEndpoints } from '../state/use-models.ts';
import { PriceFields } from './price-fields.tsx';
import { RequestSection } from './request-section.tsx';

/** Everything about one model of an endpoint. */
export function RemoteModelPage({ model }: { readonly model: RemoteModel }) {
  const endpoint = useEndpoints()?.find(({ name }) => name === model.endpoint);
  const listed = endpoint ? listPrice(endpoint.baseUrl, model.model) : null;
  const differs = listed !== null && formatPrice(listed) !== formatPrice(model.price);
  return (
    <EditorPage
      icon={<Globe />}
      title={model.title || model.model}
      subtitle={
        <>
          <code className="font-mono text-sm">{model.id}</code>
          {endpoint && (
            <Button variant="link" onClick={() => openEndpoint(endpoint)}>
              {endpoint.title || endpoint.name}
            </Button>
          )}
        </>
      }
      actions={
        <Tip label="Remove model">
          <Button variant="ghost" size="icon" aria-label="Remove model" onClick={() => removeModel(model)}>
            <Trash2 />
          </Button>
        </Tip>
      }
    >
      <Section
        title="Price"
        description="Runs and comparisons show their cost from this. Leave them empty when you do not know it."
      >
        <PriceFields
          name={`model:${model.id}:price`}
          price={model.price}
          onChange={(price) => updateRemote(model.id, { price })}
        />
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
          {model.price !== null && priceOrigin(model.price) !== null && <span>{priceOrigin(model.price)}.</span>}
          {listed !== null && differs && (
            <>
              <span>
                The list price noted in {listed.asOf} is {formatPrice(listed)}.
              </span>
              <Button variant="link" onClick={() => updateRemote(model.id, { price: listed })}>
                Use it
              </Button>
            </>
          )}
          {endpoint && (
            <Button variant="link" onClick={() => askPrice(endpoint, model)}>
              Ask the endpoint
            </Button>
          )}
        </p>
      </Section>
      <RequestSection model={model} />
      <Section title="About">
        <div className="grid max-w-[440px] grid-cols-2 gap-3">
          <TitleField model={model} />
          <ContextLengthField model={model} />
        </div>
      </Section>
    </EditorPage>
  );
}

/** Takes the price that the endpoint states; says so when it states none. */
async function askPrice(endpoint: Endpoint, model: RemoteModel): Promise<void> {
  // Checks the endpoint again, because a cached list may hold an old price.
  const check = await attempt('The endpoint was not asked', () => client.models.checkEndpoint({ id: endpoint.id }));
  if (check === null) return;
  if (check.kind === 'failed') return void toast('The endpoint did not answer', { description: check.message });
  const found = await attempt('The price was not found', () =>
    client.models.listOffers({ id: endpoint.id, query: model.model, limit: 1 }),
  );
  const price = found?.models.find((offer) => offer.model === model.model)?.price;
  if (price?.source === 'endpoint') await updateRemote(model.id, { price });
  else toast(`${endpoint.title || endpoint.name} does not state a price for ${model.model}`);
}

function TitleField({ model }: { readonly model: RemoteModel }) {
  const field = useLeftText({
    key: `model:${model.id}:title`,
    shown: model.title,
    // Without a title the name of the model stands there.
    read: (typed) => {
      const error = tooLong('A title', typed, longestTitle);
      return error === null ? { value: typed.trim() || model.model } : { error };
    },
    save: (title) => updateRemote(model.id, { title }),
  });
  return (
    <Field label="Title" error={field.error}>
      {(control) => <LeftInput {...control} field={field} />}
    </Field>
  );
}

function ContextLengthField({ model }: { readonly model: RemoteModel }) {
  const field = useLeftText({
    key: `model:${model.id}:contextLength`,
    shown: model.contextLength === null ? '' : String(model.contextLength),
    read: (typed) => {
      const contextLength = typed.trim() === '' ? null : Number(typed.replace(/[\s,]/g, ''));
      return contextLength === null || (Number.isInteger(contextLength) && contextLength >= 1)
        ? { value: contextLength }
        : { error: `A context length is a whole number of tokens, not "${typed}".` };
    },
    save: (contextLength) => updateRemote(model.id, { contextLength }),
  });
  return (
    <Field label="Context length (tokens)" error={field.error}>
      {(control) => (
        <LeftInput {...control} inputMode="numeric" className="tabular" placeholder="unknown" field={field} />
      )}
    </Field>
  );
}

type LeftInputProps = ComponentProps<typeof Input> & { readonly field: ReturnType<typeof useLeftText> };

function LeftInput({ field, ...props }: LeftInputProps) {
  return (
    <Input
      {...props}
      value={field.typed}
      onChange={(event) => field.onChange(event.target.value)}
      onBlur={() => void field.commit()}
      onKeyDown={(event) => event.key === 'Enter' && void field.commit()}
    />
  );
}
