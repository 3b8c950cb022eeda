import { blobs } from './blobs.ts';
import { comparisons } from './comparisons.ts';
import { labels } from './labels.ts';
import { library } from './library.ts';
import { models } from './models.ts';
import { packs } from './packs.ts';
import { prompts } from './prompts.ts';
import { runs } from './runs.ts';
import { settings } from './settings.ts';
import { versions } from './versions.ts';
import { workspace } from './workspace.ts';

/** The whole API of the product. A service implements each part; every client is typed by it. */
export const contract = {
  ...{ workspace, prompts, versions, labels, library, packs, models, runs, comparisons, blobs, settings },
};
export type Contract = typeof contract;
