import type { Migration } from 'kysely/migration';
import { firstDevice } from './device-schema.ts';
import { firstRelease } from './workspace-schema.ts';

/** A kind of file that the product keeps, and what makes it of an empty one; never edited once released. */
export interface FileKind {
  readonly name: string;
  readonly migrations: Readonly<Record<string, Migration>>;
}

export const workspaceFile: FileKind = { name: 'promptdev.db', migrations: { '0001-first-release': firstRelease } };
export const deviceFile: FileKind = { name: 'device.db', migrations: { '0001-first-device': firstDevice } };
