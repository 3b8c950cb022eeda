import { create } from 'zustand';

/** Where the model of the shown prompt or comparison runs; editors set it. */
export const useCurrentModel = create<{ readonly where: 'local' | 'remote' }>(() => ({ where: 'local' }));

/** Where the model with that id runs. */
export const whereOf = (model: string): 'local' | 'remote' =>
  model === 'starter' || model === 'starter-q8' || model.startsWith('local/') ? 'local' : 'remote';
