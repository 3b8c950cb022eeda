import type { Model } from '../contract/models.ts';

export interface LanePlan {
  readonly lanes: readonly { readonly limit: number; readonly exclusive: boolean }[];
  /** Lane of each model, by the model's index. */
  readonly laneOfModel: readonly number[];
}

/** Cells of one local model in flight: enough to keep its sequences busy. */
const localLimit = 4;

/**
 * A lane per endpoint, and per local model when all local models of the comparison fit into memory together; otherwise
 * one lane for all of them, one model after the other. `models[i]` is null for a model that does not exist.
 */
export function planLanes(models: readonly (Model | null)[], concurrency: number): LanePlan {
  const locals = models.filter((model) => model?.kind === 'local');
  const needed = locals
    .filter((model) => model.state.kind !== 'ready')
    .reduce((bytes, model) => bytes + model.memory.weightsBytes + model.memory.contextBytes, 0);
  const free = Math.max(0, ...locals.map((model) => model.memory.freeBytes));
  const together = needed <= free;

  const keys: string[] = [];
  const lanes: { limit: number; exclusive: boolean }[] = [];
  const laneOfModel = models.map((model, index) => {
    const key = laneKey(model, index, together);
    const known = keys.indexOf(key);
    if (known >= 0) return known;
    const isLocal = model?.kind === 'local';
    lanes.push({ limit: isLocal ? Math.min(localLimit, concurrency) : concurrency, exclusive: isLocal && !together });
    return keys.push(key) - 1;
  });
  return { lanes, laneOfModel };
}

function laneKey(model: Model | null, index: number, together: boolean): string {
  if (model === null) return `unknown ${index}`;
  if (model.kind === 'remote') return `endpoint ${model.endpoint}`;
  return together ? `local ${model.id}` : 'local';
}
