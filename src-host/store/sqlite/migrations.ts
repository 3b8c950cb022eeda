import type { Migration } from 'kysely/migration';
import { foundation } from './migrations/0001-foundation.ts';
import { history } from './migrations/0002-history.ts';
import { runs } from './migrations/0003-runs.ts';
import { endpoints } from './migrations/0004-endpoints.ts';
import { runTexts } from './migrations/0005-run-texts.ts';
import { search } from './migrations/0006-search.ts';
import { typed } from './migrations/0007-typed.ts';
import { leases } from './migrations/0008-leases.ts';
import { blobs } from './migrations/0009-blobs.ts';

/** Applied in the order of their names; never edited once released. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-history': history,
  '0003-runs': runs,
  '0004-endpoints': endpoints,
  '0005-run-texts': runTexts,
  '0006-search': search,
  '0007-typed': typed,
  '0008-leases': leases,
  '0009-blobs': blobs,
};
