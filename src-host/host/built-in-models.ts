import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerLocal } from '../../src-core/models/local-models.ts';
import type { Ports } from '../../src-core/ports.ts';

const builtIns = [
  { id: 'starter', title: 'PromptDev Starter (F16)', file: 'promptdev-starter.gguf' },
  { id: 'starter-q8', title: 'PromptDev Starter (Q8_0)', file: 'promptdev-starter-q8_0.gguf' },
] as const;

/** `resources/models` beside the sources, beside the build, or where the packaged application keeps its resources. */
function modelsFolder(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const packaged = (process as { resourcesPath?: string }).resourcesPath;
  const places = [join(here, '..', '..', 'resources', 'models')];
  if (packaged) places.unshift(join(packaged, 'models'));
  return places.find((place) => existsSync(join(place, builtIns[0].file))) ?? null;
}

/** Where a model that comes with the product lies this time; null when it is none, or not there. */
export function builtInPath(id: string): string | null {
  const folder = modelsFolder();
  const builtIn = builtIns.find((model) => model.id === id);
  return folder === null || builtIn === undefined ? null : join(folder, builtIn.file);
}

/** Makes the models that come with the product known, wherever they lie this time. */
export async function registerBuiltInModels(ports: Ports): Promise<void> {
  const folder = modelsFolder();
  if (folder === null) {
    ports.log.error('The built-in models were not found; the installation is incomplete.');
    return;
  }
  const known = await ports.device
    .selectFrom('local_models')
    .select(['id', 'path'])
    .where('built_in', '=', 1)
    .execute();
  for (const { id, title, file } of builtIns) {
    const path = join(folder, file);
    if (known.some((row) => row.id === id && row.path === path)) continue;
    await registerLocal(ports, id, await ports.local.inspect(path), { builtIn: true, title });
  }
}
