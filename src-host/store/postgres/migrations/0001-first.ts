import { feed } from '../schema/feed.ts';
import { immutable } from '../schema/immutable.ts';
import { library } from '../schema/library.ts';
import { protection } from '../schema/protection.ts';
import { roles } from '../schema/roles.ts';
import { scope } from '../schema/scope.ts';
import { search } from '../schema/search.ts';
import { work } from '../schema/work.ts';

/** The first release of the tenant schema. */
export const first = {
  name: '0001-first',
  sql: [roles, scope, library, work, feed, search, protection, immutable].join('\n'),
};
