/** What a version is called by: its number, and whether the workspace's home has given it for good. */
export interface NumberedVersion {
  readonly number: number;
  readonly confirmed: boolean;
}

/** What stands behind a number that may still become another. */
const notSynced = ' · not synced';

/** What "not synced" means, for a tooltip. */
export const notSyncedHint =
  "Saved here and safe, but the workspace's home has not numbered it yet: the number may still become another one. Until then, refer to it by its hash.";

/** As in `7`, behind the word "version"; `7 · not synced` while the number may still become another. */
export function shownNumber({ number, confirmed }: NumberedVersion): string {
  return `${number}${confirmed ? '' : notSynced}`;
}

/** As in `v7` or `v7 · not synced`. */
export function versionName(version: NumberedVersion): string {
  return `v${shownNumber(version)}`;
}

/** A reference that finds the version again, as in `support/greet@7`; by its hash while the number is not given. */
export function versionRefOf(name: string, version: NumberedVersion & { readonly hash: string }): string {
  return version.confirmed ? `${name}@${version.number}` : `${name}@sha:${version.hash.slice(0, 12)}`;
}

/** What something says of the version that it comes from, as a run does; null without one. */
export function originName(of: {
  readonly versionNumber: number | null;
  readonly versionConfirmed: boolean;
}): string | null {
  return of.versionNumber === null ? null : versionName({ number: of.versionNumber, confirmed: of.versionConfirmed });
}
