import type { Migration } from 'kysely/migration';
import { foundation } from './0001-foundation.ts';
import { history } from './0002-history.ts';
import { runs } from './0003-runs.ts';
import { endpoints } from './0004-endpoints.ts';
import { runTexts } from './0005-run-texts.ts';
import { search } from './0006-search.ts';
import { typed } from './0007-typed.ts';
import { leases } from './0008-leases.ts';

/** What files of 0.1.0 and of its development went through, in the order of their names. */
export const legacyMigrations: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-history': history,
  '0003-runs': runs,
  '0004-endpoints': endpoints,
  '0005-run-texts': runTexts,
  '0006-search': search,
  '0007-typed': typed,
  '0008-leases': leases,
};
