import type { Settings } from '../../src-core/contract/settings.ts';
import { toastError } from '../components/overlays/toast.tsx';
import { chooseTheme } from '../components/theme.ts';
import { client, queryClient } from '../live/api.ts';
import { currentSettings, settingsKey as key } from '../live/settings.ts';

/** Changes preferences with effect at once; put back when the host refuses. Whether it took them. */
export async function updateSettings(changes: Partial<Settings>): Promise<boolean> {
  const before = currentSettings();
  queryClient.setQueryData(key, { ...before, ...changes });
  try {
    queryClient.setQueryData(key, await client.settings.update(changes));
    return true;
  } catch (error) {
    queryClient.setQueryData(key, before);
    toastError('The setting was not saved', error);
    return false;
  }
}

/** Keeps the theme equal to the preference, also when another window changes it. */
export function followThemeSetting(): () => void {
  chooseTheme(currentSettings().theme);
  return queryClient.getQueryCache().subscribe((event) => {
    if (event.query.queryHash === JSON.stringify(key)) chooseTheme(currentSettings().theme);
  });
}
