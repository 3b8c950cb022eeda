import type { Endpoint, Model } from '../../../../src-core/contract/models.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { confirm } from '../../../components/overlays/confirm.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import { dropTabs, openTab, tabKey } from '../../../workbench/tabs.ts';
import { refreshModels } from './use-models.ts';

/** Shows a model in its tab. */
export function openModel(model: Pick<Model, 'id' | 'title'>, preview = false): void {
  openTab({ kind: 'model', id: model.id, title: model.title || model.id }, { preview });
}

/** Shows an endpoint in its tab. */
export function openEndpoint(endpoint: Pick<Endpoint, 'id' | 'name' | 'title'>, preview = false): void {
  openTab({ kind: 'endpoint', id: endpoint.id, title: endpoint.title || endpoint.name }, { preview });
}

/** Starts the engine of a local model. */
export async function loadModel(id: string): Promise<void> {
  await attempt(`${id} was not loaded`, () => client.models.load({ id }));
  await refreshModels();
}

/** Frees the memory of a local model. */
export async function unloadModel(id: string): Promise<void> {
  await attempt(`${id} was not unloaded`, () => client.models.unload({ id }));
  await refreshModels();
}

/** Lets a model that crashed too often try again. */
export async function releaseModel(id: string): Promise<void> {
  const released = await attempt(`${id} is still set aside`, () => client.models.release({ id }));
  await refreshModels();
  if (released) await loadModel(id);
}

type LocalChanges = Omit<Parameters<typeof client.models.updateLocal>[0], 'id'>;

/** Changes how a local model is loaded; a loaded one is loaded again, so that the change holds at once. Whether the host took it. */
export async function updateLocal(model: Model, changes: LocalChanges): Promise<boolean> {
  const updated = await attempt(`${model.id} was not changed`, () =>
    client.models.updateLocal({ id: model.id, ...changes }),
  );
  await refreshModels();
  // The host unloads a model whose settings change, so a loaded one is loaded again.
  const wasLoaded = model.kind === 'local' && model.state.kind === 'ready';
  if (updated !== null && wasLoaded && updated.state.kind === 'unloaded') await loadModel(model.id);
  return updated !== null;
}

type RemoteChanges = Omit<Parameters<typeof client.models.updateRemote>[0], 'id'>;

/** Changes what is known of a remote model; whether the host took it. */
export async function updateRemote(id: string, changes: RemoteChanges): Promise<boolean> {
  const updated = await attempt(`${id} was not changed`, () => client.models.updateRemote({ id, ...changes }));
  await refreshModels();
  return updated !== null;
}

/** Forgets a model after asking. */
export async function removeModel(model: Model): Promise<void> {
  const yes = await confirm({
    title: `Remove ${model.id}?`,
    description:
      model.kind === 'local'
        ? 'PromptDev forgets the model. A file that you added by its path stays where it is; one that was copied into the data directory is deleted. Past runs keep their output.'
        : 'PromptDev forgets the model. The endpoint and past runs stay.',
    action: 'Remove',
    danger: true,
  });
  if (!yes) return;
  const done = await attempt(`${model.id} was not removed`, () => client.models.remove({ id: model.id }));
  await refreshModels();
  if (!done) return;
  dropTabs([tabKey({ kind: 'model', id: model.id })]);
  toast(`Removed ${model.id}`);
}

/** Forgets an endpoint, its key and its models after asking. */
export async function removeEndpoint(endpoint: Endpoint, models: readonly Model[]): Promise<void> {
  const count = models.length === 1 ? 'its model' : `its ${models.length} models`;
  const yes = await confirm({
    title: `Remove ${endpoint.title || endpoint.name}?`,
    description: `PromptDev forgets the endpoint, its key${models.length > 0 ? ` and ${count}` : ''}. Past runs stay.`,
    action: 'Remove',
    danger: true,
  });
  if (!yes) return;
  const done = await attempt(`${endpoint.name} was not removed`, () =>
    client.models.removeEndpoint({ id: endpoint.id }),
  );
  await refreshModels();
  if (!done) return;
  dropTabs([tabKey({ kind: 'endpoint', id: endpoint.id }), ...models.map(({ id }) => tabKey({ kind: 'model', id }))]);
  toast(`Removed ${endpoint.title || endpoint.name}`);
}
