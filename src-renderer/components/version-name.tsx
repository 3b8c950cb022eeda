import { type NumberedVersion, notSyncedHint, versionName } from '../../src-core/content/version-name.ts';
import { cn } from './ui/cn.ts';

interface VersionNameProps {
  readonly version: NumberedVersion;
  readonly className?: string;
}

/** What a version is called by, as in `v7`; of one that is not numbered yet, a hint says what that means. */
export function VersionName({ version, className }: VersionNameProps) {
  return (
    <span className={cn('tabular', className)} title={version.confirmed ? undefined : notSyncedHint}>
      {versionName(version)}
    </span>
  );
}
