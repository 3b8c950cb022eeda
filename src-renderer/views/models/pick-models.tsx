import { Plus, RefreshCw, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Endpoint, RemoteModel } from '../../../src-core/contract/models.ts';
import { client } from '../../api.ts';
import { attempt } from '../../components/attempt.ts';
import { Button } from '../../components/ui/button.tsx';
import { Checkbox } from '../../components/ui/checkbox.tsx';
import { Input } from '../../components/ui/input.tsx';
import { toast } from '../../components/ui/toast.tsx';
import { formatPrice, priceOrigin } from './describe-model.ts';
import { CheckResult, type useEndpointCheck } from './endpoint-check.tsx';
import { refreshModels } from './use-models.ts';

interface PickModelsProps {
  readonly endpoint: Endpoint;
  /** Those that were picked before. */
  readonly added: readonly RemoteModel[];
  readonly check: ReturnType<typeof useEndpointCheck>;
}

/** Adds models of an endpoint: from its own list, or typed in when it has none. */
export function PickModels({ endpoint, added, check: [state, ask] }: PickModelsProps) {
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const known = new Set(added.map(({ model }) => model));
  const offered = state?.kind === 'ok' ? state.models.filter(({ model }) => !known.has(model)) : [];
  const wanted = filter.trim();
  const shown = offered.filter(({ model }) => model.toLowerCase().includes(wanted.toLowerCase()));
  const typed = wanted !== '' && !offered.some(({ model }) => model === wanted) && !known.has(wanted) ? wanted : null;

  // A freshly opened endpoint without models is asked at once: its list is what the person came for.
  const asksItself = added.length === 0 && state === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per endpoint
  useEffect(() => {
    if (asksItself) void ask({ id: endpoint.id });
  }, [endpoint.id]);

  const add = async (models: readonly string[]) => {
    for (const model of models) {
      const offer = offered.find((each) => each.model === model);
      const known = offer && { price: offer.price, contextLength: offer.contextLength };
      const done = await attempt(`${model} was not added`, () =>
        client.models.addRemote({ endpoint: endpoint.name, model, ...known }),
      );
      if (!done) break;
    }
    setChosen(new Set());
    setFilter('');
    await refreshModels();
    toast(models.length === 1 ? `Added ${endpoint.name}/${models[0]}` : `Added ${models.length} models`);
  };
  const toggle = (model: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(model)) after.add(model);
      return after;
    });

  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <div className="relative flex-1">
          <Search aria-hidden="true" className="absolute top-1.5 left-2 size-4 text-faint" />
          <Input
            aria-label="Filter or type a model name"
            className="pl-8"
            placeholder="Filter, or type a model name"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && typed !== null && shown.length === 0 && add([typed])}
          />
        </div>
        <Button onClick={() => ask({ id: endpoint.id })} disabled={state?.kind === 'asking'}>
          <RefreshCw /> List models
        </Button>
        <Button variant="primary" disabled={chosen.size === 0} onClick={() => add([...chosen])}>
          <Plus /> {chosen.size === 0 ? 'Add' : `Add ${chosen.size}`}
        </Button>
      </div>
      <CheckResult state={state} />
      {typed !== null && (
        <Button variant="ghost" className="self-start" onClick={() => add([typed])}>
          <Plus /> Add “{typed}” as it is typed
        </Button>
      )}
      {shown.length > 0 && (
        <ul aria-label="Models of the endpoint" className="max-h-80 overflow-y-auto rounded-md border py-1">
          {shown.map(({ model, price }) => (
            <li key={model}>
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
              <label className="flex h-7 items-center gap-2.5 px-3 hover:bg-hover">
                <Checkbox checked={chosen.has(model)} onCheckedChange={() => toggle(model)} aria-label={model} />
                <span className="min-w-0 flex-1 truncate font-mono text-sm">{model}</span>
                {price !== null && (
                  <span className="tabular text-xs text-muted" title={priceOrigin(price) ?? undefined}>
                    {formatPrice(price)}
                  </span>
                )}
              </label>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
