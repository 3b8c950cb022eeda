import type { Migration } from 'kysely/migration';
import { firstDevice, ownersOfSettings } from './device-schema.ts';
import { firstRelease, imports, redoAlongIndex } from './workspace-schema.ts';

/** A kind of file that the product keeps, and what makes it of an empty one; never edited once released. */
export interface FileKind {
  readonly name: string;
  readonly migrations: Readonly<Record<string, Migration>>;
}

export const workspaceFile: FileKind = {
  name: 'promptdev.db',
  migrations: { '0001-first-release': firstRelease, '0002-redo-along-index': redoAlongIndex, '0003-imports': imports },
};
export const deviceFile: FileKind = {
  name: 'device.db',
  migrations: { '0001-first-device': firstDevice, '0002-owners-of-settings': ownersOfSettings },
};
