import type { PersonalTables } from './personal.ts';
import type { WorkspaceTables } from './workspace.ts';

/** What one store holds; the device's own tables are in another file. */
export interface Tables extends WorkspaceTables, PersonalTables {}
