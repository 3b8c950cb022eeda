import type { Ports } from '../ports.ts';

/**
 * Remembers over restarts which files were set aside because they crashed too often. Only for this version of the product:
 * a newer one brings another llama.cpp, with which the file may work.
 */
export interface SetAsideFiles {
  /** Tells the engine what was set aside before, for all models or those of one file. */
  restore(sha256?: string): Promise<void>;
  remember(id: string, message: string): Promise<void>;
  forget(sha256: string): Promise<void>;
}

export function setAsideFiles({
  device,
  local,
  machine,
  clock,
}: Pick<Ports, 'device' | 'local' | 'machine' | 'clock'>): SetAsideFiles {
  return {
    async restore(sha256) {
      const rows = device
        .selectFrom('set_aside_files')
        .innerJoin('local_models', 'local_models.sha256', 'set_aside_files.sha256')
        .select(['local_models.id', 'set_aside_files.sha256', 'set_aside_files.message'])
        .where('app_version', '=', machine.appVersion);
      const found = await (sha256 === undefined ? rows : rows.where('set_aside_files.sha256', '=', sha256)).execute();
      for (const { message, ...target } of found) local.setAside(target, message);
    },
    async remember(id, message) {
      const model = await device.selectFrom('local_models').select('sha256').where('id', '=', id).executeTakeFirst();
      if (!model) return;
      const facts = { message, app_version: machine.appVersion, set_aside_at: clock.now() };
      await device
        .insertInto('set_aside_files')
        .values({ sha256: model.sha256, ...facts })
        .onConflict((conflict) => conflict.column('sha256').doUpdateSet(facts))
        .execute();
    },
    async forget(sha256) {
      await device.deleteFrom('set_aside_files').where('sha256', '=', sha256).execute();
    },
  };
}
