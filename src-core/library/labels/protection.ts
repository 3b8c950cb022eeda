import type { Reader } from '../../scope/scope.ts';
import { readProtectedLabels } from '../../settings/stored-settings.ts';

/** Whether moving a label of this name needs a confirmation; read where the transaction sees it. */
export async function isProtected(scope: Reader, name: string): Promise<boolean> {
  return (await readProtectedLabels(scope)).includes(name);
}
