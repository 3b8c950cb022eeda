import { create } from 'zustand';
import type { Settings } from '../../src-core/contract/settings.ts';

export type Theme = 'light' | 'dark';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const useThemeStore = create<{ readonly choice: Settings['theme']; readonly system: Theme }>(() => ({
  choice: 'system',
  system: systemDark.matches ? 'dark' : 'light',
}));

const resolve = (state: { choice: Settings['theme']; system: Theme }): Theme =>
  state.choice === 'system' ? state.system : state.choice;

/** The theme that shows now. */
export function useTheme(): Theme {
  return useThemeStore(resolve);
}

/** The theme that shows now, outside of components. */
export function currentTheme(): Theme {
  return resolve(useThemeStore.getState());
}

/** Calls back with every change of the theme that shows. */
export function onTheme(listener: (theme: Theme) => void): () => void {
  return useThemeStore.subscribe((state) => listener(resolve(state)));
}

/** Follows the person's choice. */
export function chooseTheme(choice: Settings['theme']): void {
  useThemeStore.setState({ choice });
}

const apply = (theme: Theme) => document.documentElement.classList.toggle('dark', theme === 'dark');
apply(currentTheme());
onTheme(apply);
systemDark.addEventListener('change', (event) => useThemeStore.setState({ system: event.matches ? 'dark' : 'light' }));
