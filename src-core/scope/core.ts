import type { Ports } from '../ports.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { ChangeFeed } from './changes.ts';

/** What every service gets: the host's ports, the feed of changes, and the settings. */
export interface Core extends Ports {
  readonly changes: ChangeFeed;
  readonly settings: SettingsService;
}

/** What prompts, versions and labels need: everything but models and their keys. */
export type LibraryCore = Omit<Core, 'local' | 'remote' | 'secrets' | 'log' | 'runStorage'>;
