import type { contract } from '../contract/index.ts';
import type { GgufInfo, Ports } from '../ports.ts';
import { AppError } from '../scope/errors.ts';
import type { ServiceOf } from '../scope/service.ts';
import { startsWith } from '../tables/matching.ts';
import { readInfo, requireLocal, toLocalModel, toLocalTarget } from './model-rows.ts';
import { setAsideFiles } from './set-aside.ts';

type Models = ServiceOf<typeof contract.models>;
type LocalOperations = Pick<Models, 'addLocal' | 'updateLocal' | 'load' | 'unload' | 'release'>;

export function localModels(ports: Ports): LocalOperations {
  const { device, local } = ports;
  const setAside = setAsideFiles(ports);
  const read = async (id: string) => toLocalModel(ports, await requireLocal(device, id));

  return {
    async addLocal({ path, name }, { actor: { clientId } }) {
      const info = await inspectOrDiscard(ports, path);
      const known = await ports.device
        .selectFrom('local_models')
        .selectAll()
        .where('sha256', '=', info.sha256)
        .executeTakeFirst();
      if (known && (known.built_in || ports.machine.fileExists(known.path))) {
        if (!ports.machine.isSameFile(known.path, path)) await discardUpload(ports, path);
        return read(known.id);
      }
      if (known) return moveTo(ports, known.id, info, clientId);
      const slug = name ?? (await freeSlug(ports, slugOf(info)));
      const id = `local/${slug}`;
      const taken = await ports.device.selectFrom('local_models').select('id').where('id', '=', id).executeTakeFirst();
      if (taken)
        throw new AppError('conflict', `There is already a local model named "${slug}". Choose another name.`, {
          name: slug,
        });
      await registerLocal(ports, id, info, { builtIn: false, title: info.name ?? slug });
      await setAside.restore(info.sha256);
      ports.notices.publish('models', [id], clientId);
      return read(id);
    },
    async updateLocal({ id, title, contextSize, gpu, threads }, { actor: { clientId } }) {
      const row = await requireLocal(device, id);
      const info = readInfo(row);
      if (contextSize && contextSize > info.contextLength) {
        throw new AppError(
          'invalid',
          `"${row.title}" was trained for ${info.contextLength} tokens of context; ${contextSize} is more than that.`,
        );
      }
      await ports.device
        .updateTable('local_models')
        .set({
          title: title ?? row.title,
          context_size: contextSize === undefined ? row.context_size : contextSize,
          gpu: gpu ?? row.gpu,
          threads: threads === undefined ? row.threads : threads,
        })
        .where('id', '=', id)
        .execute();
      // What a loaded process was started with no longer holds; the next run loads it anew.
      const reload = contextSize !== undefined || gpu !== undefined || threads !== undefined;
      if (reload && local.state(id).kind === 'ready') await local.unload(id);
      ports.notices.publish('models', [id], clientId);
      return read(id);
    },
    async load({ id }) {
      await local.load(toLocalTarget(await requireLocal(device, id)));
      return read(id);
    },
    async unload({ id }) {
      await requireLocal(device, id);
      await local.unload(id);
      return read(id);
    },
    async release({ id }) {
      const { sha256 } = await requireLocal(device, id);
      await setAside.forget(sha256);
      local.release(id);
      return read(id);
    },
  };
}

/** Adds, or refreshes, the row of a model whose file was inspected. */
export async function registerLocal(
  ports: Ports,
  id: string,
  info: GgufInfo,
  options: { readonly builtIn: boolean; readonly title: string },
): Promise<void> {
  const managed = ports.machine.isUploadedFile(info.path) ? 1 : 0;
  const facts = { path: info.path, sha256: info.sha256, info: JSON.stringify(info), managed } as const;
  await ports.device
    .insertInto('local_models')
    .values({
      ...facts,
      id,
      title: options.title,
      context_size: null,
      gpu: 'auto',
      threads: null,
      built_in: options.builtIn ? 1 : 0,
      added_at: ports.clock.now(),
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
    .execute();
}

/** Remembers the measured threads and what was set aside, and passes every change of state on to the windows. */
export function followLocalStates(ports: Ports): () => void {
  const remembered = new Map<string, number>();
  const setAside = setAsideFiles(ports);
  return ports.local.onState((id, state) => {
    ports.notices.publish('models', [id]);
    if (state.kind === 'quarantined') {
      setAside
        .remember(id, state.message)
        .catch((error: unknown) => ports.log.error(`That ${id} was set aside could not be remembered.`, error));
    }
    if (state.kind !== 'ready' || state.tokensPerSecond === null || remembered.get(id) === state.threads) return;
    remembered.set(id, state.threads);
    ports.device
      .updateTable('local_models')
      .set({ threads: state.threads })
      .where('id', '=', id)
      .execute()
      .catch((error: unknown) => ports.log.error(`The measured threads of ${id} could not be remembered.`, error));
  });
}

/** A file that was uploaded only to be refused would stay where nobody looks. */
async function inspectOrDiscard(ports: Ports, path: string): Promise<GgufInfo> {
  try {
    return await ports.local.inspect(path);
  } catch (error) {
    // It may be a model already, whose file cannot be read just now.
    const models = await ports.device.selectFrom('local_models').select('path').execute();
    if (!models.some((model) => ports.machine.isSameFile(model.path, path))) await discardUpload(ports, path);
    throw error;
  }
}

/** Deletes a file that exists only because it was uploaded; what a person put there themselves is theirs. */
async function discardUpload({ machine }: Ports, path: string): Promise<void> {
  if (machine.isUploadedFile(path)) await machine.deleteManagedFile(path);
}

/** The same file at a new place: the row follows it. */
async function moveTo(ports: Ports, id: string, info: GgufInfo, clientId: string | null) {
  await registerLocal(ports, id, info, { builtIn: false, title: id });
  ports.notices.publish('models', [id], clientId);
  return toLocalModel(ports, await requireLocal(ports.device, id));
}

function slugOf(info: GgufInfo): string {
  const file = info.path.split(/[\\/]/).at(-1) ?? 'model';
  const slug = file
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 90);
  return slug || 'model';
}

async function freeSlug(ports: Ports, slug: string): Promise<string> {
  const rows = await ports.device
    .selectFrom('local_models')
    .select('id')
    .where((eb) => startsWith(eb.ref('id'), `local/${slug}`))
    .execute();
  const taken = new Set(rows.map((row) => row.id));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.has(`local/${candidate}`)) return candidate;
  }
}
