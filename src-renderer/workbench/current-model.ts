import { useEffect } from 'react';
import { create } from 'zustand';

/** Where the model of the shown prompt or comparison runs; editors set it. */
export const useCurrentModel = create<{ readonly where: 'local' | 'remote' }>(() => ({ where: 'local' }));

/** Where the model with that id runs. */
export function whereOf(model: string): 'local' | 'remote' {
  return model === 'starter' || model === 'starter-q8' || model.startsWith('local/') ? 'local' : 'remote';
}

/** Says which models the shown editor uses; one remote model among them makes it remote. */
export function useShownModels(models: readonly string[]): void {
  const where = models.some((model) => whereOf(model) === 'remote') ? 'remote' : 'local';
  useEffect(() => useCurrentModel.setState({ where }), [where]);
}
