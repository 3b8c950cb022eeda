import { useQuery } from '@tanstack/react-query';
import { defaultSettings, type Settings } from '../../src-core/contract/settings.ts';
import { chooseTheme } from '../components/theme.ts';
import { toastError } from '../components/ui/toast.tsx';
import { client, orpc, queryClient } from '../live/api.ts';

const key = orpc.settings.get.queryKey();

/** The person's preferences. */
export function useSettings(): Settings {
  const { data } = useQuery(orpc.settings.get.queryOptions());
  return data ?? defaultSettings;
}

/** The person's preferences as they were last read, outside of components. */
export function currentSettings(): Settings {
  return queryClient.getQueryData<Settings>(key) ?? defaultSettings;
}

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
