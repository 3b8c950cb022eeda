import type { ModelOffer } from '../contract/models.ts';
import { sleep } from '../follow.ts';
import type { Clock, EndpointCheck, ModelOffer as Offer } from '../ports.ts';
import { listPrice } from './prices.ts';

/** The models that endpoints offered when they were last asked, so that a long list is searched and paged here. */
export interface Offers {
  keep(endpointId: string, offers: readonly Offer[]): void;
  /** Null when the endpoint was not asked lately. */
  recent(endpointId: string): readonly Offer[] | null;
  forget(endpointId: string): void;
}

const keptMs = 10 * 60_000;
/** Lists may be long; who browses one endpoint may have looked at another just before. */
const keptLists = 4;

export function createOffers(clock: Clock): Offers {
  const lists = new Map<string, { readonly until: number; readonly offers: readonly Offer[] }>();
  return {
    keep(endpointId, offers) {
      lists.delete(endpointId);
      lists.set(endpointId, { until: clock.monotonic() + keptMs, offers });
      for (const oldest of [...lists.keys()].slice(0, -keptLists)) lists.delete(oldest);
    },
    recent(endpointId) {
      const list = lists.get(endpointId);
      return list && list.until > clock.monotonic() ? list.offers : null;
    },
    forget: (endpointId) => void lists.delete(endpointId),
  };
}

/** So many names are looked at before others get a turn; a few milliseconds. */
const slice = 20_000;

/** Offers whose names have every part of the query in them; whoever typed the whole name finds it first. */
export async function search(offers: readonly Offer[], query: string): Promise<readonly Offer[]> {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return offers;
  const found: Offer[] = [];
  for (const [index, offer] of offers.entries()) {
    if (index % slice === slice - 1) await sleep(0);
    const name = offer.model.toLowerCase();
    if (!parts.every((part) => name.includes(part))) continue;
    if (offer.model === query.trim()) found.unshift(offer);
    else found.push(offer);
  }
  return found;
}

/** Offers with prices as of today where the endpoint states them, else from our list. */
export function priced(clock: Clock, baseUrl: string, offers: readonly Offer[]): ModelOffer[] {
  const asOf = clock.now().slice(0, 10);
  return offers.map((offer) => ({
    ...offer,
    price: offer.price ? { ...offer.price, source: 'endpoint' as const, asOf } : listPrice(baseUrl, offer.model),
  }));
}

/** What a check tells: one page of a list that may be long. */
export function toCheck(clock: Clock, baseUrl: string, check: EndpointCheck, limit: number) {
  if (check.kind === 'failed') return check;
  return { ...check, models: priced(clock, baseUrl, check.models.slice(0, limit)), total: check.models.length };
}
