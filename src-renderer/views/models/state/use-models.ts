import { useQuery } from '@tanstack/react-query';
import type { Endpoint, LocalModel, Model, RemoteModel } from '../../../../src-core/contract/models.ts';
import { orpc, queryClient } from '../../../live/api.ts';

const none: readonly never[] = [];

/** Every model that there is; undefined until the host has answered. */
export function useModels(): readonly Model[] | undefined {
  return useQuery(orpc.models.list.queryOptions()).data;
}

/** Every endpoint that there is; undefined until the host has answered. */
export function useEndpoints(): readonly Endpoint[] | undefined {
  return useQuery(orpc.models.listEndpoints.queryOptions()).data;
}

/** Fetches models and endpoints again, after this window changed them. */
export async function refreshModels(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: orpc.models.key() });
}

export interface ModelGroup {
  readonly title: string;
  readonly endpoint: Endpoint | null;
  readonly models: readonly Model[];
}

/** Built-in models, the person's own files, then every endpoint with its models, also those without any. */
export function groupModels(
  models: readonly Model[] = none,
  endpoints: readonly Endpoint[] = none,
): readonly ModelGroup[] {
  const local = models.filter((model): model is LocalModel => model.kind === 'local');
  const remote = models.filter((model): model is RemoteModel => model.kind === 'remote');
  return [
    { title: 'Built-in', endpoint: null, models: local.filter(({ builtIn }) => builtIn) },
    { title: 'Local', endpoint: null, models: local.filter(({ builtIn }) => !builtIn) },
    ...endpoints.map((endpoint) => ({
      title: endpoint.title || endpoint.name,
      endpoint,
      models: remote.filter((model) => model.endpoint === endpoint.name),
    })),
  ];
}
