import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Plus, RefreshCw, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { z } from 'zod';
import type { Endpoint, ModelOffer, RemoteModel } from '../../../../src-core/contract/models.ts';
import { formatNumber } from '../../../components/format.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { markedText } from '../../../components/ui/foreign-text.tsx';
import { Checkbox } from '../../../fields/checkbox.tsx';
import { Input } from '../../../fields/input.tsx';
import { longest, tooLong } from '../../../fields/too-long.ts';
import { useHeld } from '../../../fields/use-held.ts';
import { client, orpc, queryClient } from '../../../live/api.ts';
import { formatPrice, priceOrigin } from '../state/describe-model.ts';
import { refreshModels } from '../state/use-models.ts';
import { CheckResult, type useEndpointCheck } from './endpoint-check.tsx';

interface PickModelsProps {
  readonly endpoint: Endpoint;
  /** Those that were picked before. */
  readonly added: readonly RemoteModel[];
  readonly check: ReturnType<typeof useEndpointCheck>;
}

const heldFilter = { schema: z.string() };
/** Models shown before "more" is pressed. */
const pageSize = 100;

/** Adds models of an endpoint: from its own list, or typed in when it has none. */
export function PickModels({ endpoint, added, check: [state, ask] }: PickModelsProps) {
  const [held, hold] = useHeld(`pick:${endpoint.id}`, heldFilter);
  const filter = held ?? '';
  const setFilter = (text: string) => hold(text === '' ? null : text);
  const [chosen, setChosen] = useState<ReadonlyMap<string, ModelOffer>>(new Map());
  const wanted = filter.trim();
  const query = useDeferredValue(wanted);
  const problem = tooLong('The name of a model', wanted, longest.modelName);
  const offers = useInfiniteQuery({
    ...orpc.models.listOffers.infiniteOptions({
      input: (offset: number) => ({ id: endpoint.id, query, offset, limit: pageSize }),
      initialPageParam: 0,
      getNextPageParam: ({ matching }, pages) =>
        pages.length * pageSize < matching ? pages.length * pageSize : undefined,
    }),
    enabled: state?.kind === 'ok' && tooLong('', query, longest.modelName) === null,
    placeholderData: keepPreviousData,
  });
  const known = new Set(added.map(({ model }) => model));
  const found = state?.kind === 'ok' ? (offers.data?.pages.flatMap(({ models }) => models) ?? []) : [];
  const matching = offers.data?.pages[0]?.matching ?? 0;
  const shown = found.filter(({ model }) => !known.has(model));
  const typed =
    wanted !== '' && problem === null && !found.some(({ model }) => model === wanted) && !known.has(wanted)
      ? wanted
      : null;

  // An endpoint without models is asked for its list at once.
  const asksItself = added.length === 0 && state === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per endpoint
  useEffect(() => {
    if (asksItself) void ask({ id: endpoint.id });
  }, [endpoint.id]);

  const list = async () => {
    await ask({ id: endpoint.id });
    await queryClient.invalidateQueries({ queryKey: orpc.models.listOffers.key() });
  };

  const add = async (models: readonly string[]) => {
    const left = new Map(chosen);
    let added = 0;
    for (const model of models) {
      const offer = chosen.get(model);
      const known = offer && { price: offer.price, contextLength: offer.contextLength };
      const done = await attempt(`${model} was not added`, () =>
        client.models.addRemote({ endpoint: endpoint.name, model, ...known }),
      );
      if (!done) break;
      left.delete(model);
      added += 1;
    }
    // What could not be added stays chosen.
    setChosen(left);
    if (added === models.length) setFilter('');
    await refreshModels();
    if (added > 0) toast(added === 1 ? `Added ${endpoint.name}/${models[0]}` : `Added ${added} models`);
  };
  const toggle = (offer: ModelOffer) =>
    setChosen((before) => {
      const after = new Map(before);
      if (!after.delete(offer.model)) after.set(offer.model, offer);
      return after;
    });

  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <div className="relative flex-1">
          <Search aria-hidden="true" className="absolute top-1.5 left-2 size-4 text-faint" />
          <Input
            aria-label="Filter or type a model name"
            aria-invalid={problem !== null || undefined}
            className="pl-8"
            placeholder="Filter, or type a model name"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && typed !== null && shown.length === 0 && add([typed])}
          />
        </div>
        <Button onClick={list} disabled={state?.kind === 'asking'}>
          <RefreshCw /> List models
        </Button>
        <Button variant="primary" disabled={chosen.size === 0} onClick={() => add([...chosen.keys()])}>
          <Plus /> {chosen.size === 0 ? 'Add' : `Add ${chosen.size}`}
        </Button>
      </div>
      {problem !== null && (
        <p role="alert" className="text-xs text-danger">
          {markedText(problem)}
        </p>
      )}
      <CheckResult state={state} />
      {typed !== null && (
        <Button variant="ghost" className="self-start" onClick={() => add([typed])}>
          <Plus /> Add “{typed}” as it is typed
        </Button>
      )}
      {shown.length > 0 && (
        <ul aria-label="Models of the endpoint" className="max-h-80 overflow-y-auto rounded-md border py-1">
          {shown.map((offer) => (
            <li key={offer.model}>
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
              <label className="flex h-7 items-center gap-2.5 px-3 hover:bg-hover">
                <Checkbox
                  checked={chosen.has(offer.model)}
                  onCheckedChange={() => toggle(offer)}
                  aria-label={offer.model}
                />
                <span className="min-w-0 flex-1 truncate font-mono text-sm">{markedText(offer.model)}</span>
                {offer.price !== null && (
                  <span className="tabular text-xs text-muted" title={priceOrigin(offer.price) ?? undefined}>
                    {formatPrice(offer.price)}
                  </span>
                )}
              </label>
            </li>
          ))}
        </ul>
      )}
      {matching > found.length && found.length > 0 && (
        <p className="flex items-center gap-2 text-sm text-muted">
          {formatNumber(found.length)} of {formatNumber(matching)} are shown; type a part of the name, or
          <Button variant="link" disabled={offers.isFetchingNextPage} onClick={() => void offers.fetchNextPage()}>
            show more
          </Button>
        </p>
      )}
    </div>
  );
}
