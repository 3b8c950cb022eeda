import { useQuery } from '@tanstack/react-query';
import { defaultSettings, type Settings } from '../../src-core/contract/settings.ts';
import { orpc, queryClient } from './api.ts';

/** Key of the preferences in the query cache. */
export const settingsKey = orpc.settings.get.queryKey();

/** The person's preferences. */
export function useSettings(): Settings {
  const { data } = useQuery(orpc.settings.get.queryOptions());
  return data ?? defaultSettings;
}

/** The person's preferences as they were last read, outside of components. */
export function currentSettings(): Settings {
  return queryClient.getQueryData<Settings>(settingsKey) ?? defaultSettings;
}
