import type { Model } from '../../../src-core/contract/models.ts';
import { client, orpc } from '../api.ts';
import { inputOf, letBeRead, patch, queriesOf, readAgain } from './queries.ts';

type Ids = ReadonlySet<string>;

/** More models than these are read as the whole list. */
const mostAtOnce = 10;

/** Shows models as they are now, each by its id; a new one, or an endpoint, is a reason to read the lists again. */
export function showModels(ids: Ids, removed: Ids): void {
  const lists = queriesOf(orpc.models.list.key());
  const listed = new Set(lists.flatMap(({ state }) => ((state.data ?? []) as readonly Model[]).map(({ id }) => id)));
  for (const list of lists) patch<readonly Model[]>(list, (models) => models.filter(({ id }) => !removed.has(id)));
  const changed = [...ids].filter((id) => !removed.has(id));
  const isPlain = changed.every((id) => listed.has(id)) && changed.length <= mostAtOnce;
  if (!isPlain) for (const list of lists) readAgain(list);
  else if (lists.some((list) => list.isActive())) for (const id of changed) void showModel(id);
  else for (const list of lists) letBeRead(list);
  if (isPlain && removed.size === 0) return;
  for (const endpoints of queriesOf(orpc.models.listEndpoints.key())) readAgain(endpoints);
  // An offer says whether it is taken; a model's id starts with its endpoint's name, which an offer is not asked for by.
  for (const offers of queriesOf(orpc.models.listOffers.key())) {
    const isOther = [...ids].every((id) => isEndpoint(id) && id !== inputOf(offers.queryKey).id);
    if (!isOther) readAgain(offers);
  }
}

async function showModel(id: string): Promise<void> {
  try {
    const model = await client.models.get({ id });
    for (const list of queriesOf(orpc.models.list.key()))
      patch<readonly Model[]>(list, (models) => models.map((shown) => (shown.id === id ? model : shown)));
  } catch {
    for (const list of queriesOf(orpc.models.list.key())) readAgain(list);
  }
}

/** Models are called by names, endpoints have ids. */
function isEndpoint(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id);
}
