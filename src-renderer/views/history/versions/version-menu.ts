import { shownNumber, versionName, versionRefOf } from '../../../../src-core/content/version-name.ts';
import type { VersionEntry } from '../../../../src-core/contract/versions.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { draftRef, versionRef } from '../../../workbench/navigation/content-ref.ts';
import { openDiff, openMerge, openVersion } from '../../../workbench/navigation/open-history.ts';
import { restoreVersion, runVersion } from './history-actions.ts';
import { askToMoveLabel } from './label-dialogs.ts';
import { type MarkedVersion, useMarkedVersion } from './marked-version.ts';

export interface VersionMenuProps {
  readonly promptId: string;
  readonly promptName: string;
  readonly version: Pick<VersionEntry, 'id' | 'number' | 'confirmed' | 'hash' | 'parents'>;
  /** The version that the draft started from. */
  readonly baseId: string | null;
  /** What "Compare with" compares to. */
  readonly marked: MarkedVersion | null;
}

/** What can be done with a version wherever it is shown. */
export function versionMenu({ promptId, promptName, version, baseId, marked }: VersionMenuProps): readonly MenuEntry[] {
  const { id, number, confirmed, parents } = version;
  const name = versionName(version);
  const [parent] = parents;
  const of = { id, number, confirmed, promptId };
  return [
    { label: 'Open', shortcut: 'Enter', onSelect: () => openVersion(promptName, version) },
    {
      label: 'Compare with draft',
      onSelect: () => openDiff({ before: versionRef(id), after: draftRef(promptId) }, `${name} → draft`),
    },
    {
      label: 'Compare with the version before',
      disabled: parent === undefined,
      onSelect: () => parent && openDiff({ before: versionRef(parent), after: versionRef(id) }, `→ ${name}`),
    },
    ...(marked !== null && marked.id !== id
      ? [
          {
            label: `Compare with ${marked.promptName === promptName ? '' : `${marked.promptName} `}${versionName(marked)}`,
            onSelect: () =>
              openDiff({ before: versionRef(marked.id), after: versionRef(id) }, `${versionName(marked)} → ${name}`),
          },
        ]
      : []),
    {
      label: 'Mark for comparison',
      onSelect: () => {
        useMarkedVersion.setState({ marked: { id, promptName, number, confirmed } });
        toast(`Version ${shownNumber(version)} is marked`, {
          description: 'Open the menu of another version to compare them.',
        });
      },
    },
    { kind: 'separator' },
    { label: 'Restore', onSelect: () => void restoreVersion(of, 'onTop') },
    { label: 'Edit from here', onSelect: () => void restoreVersion(of, 'editFrom') },
    { label: 'Merge into draft…', disabled: id === baseId, onSelect: () => openMerge(promptName, promptId, version) },
    { label: 'Run', onSelect: () => void runVersion(of) },
    { kind: 'separator' },
    { label: 'Move a label here…', onSelect: () => askToMoveLabel({ promptId, versionId: id, name: '' }) },
    { label: 'Copy reference', onSelect: () => void copyReference(versionRefOf(promptName, version)) },
  ];
}

async function copyReference(reference: string): Promise<void> {
  const done = await attempt('The reference was not copied', async () => {
    await navigator.clipboard.writeText(reference);
    return true;
  });
  if (done !== null) toast(`Copied ${reference}`);
}
