import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Plus } from 'lucide-react';
import { shownNumber } from '../../../../src-core/content/version-name.ts';
import type { Label } from '../../../../src-core/contract/labels.ts';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { orpc } from '../../../live/api.ts';
import { openVersion } from '../../../workbench/navigation/open-history.ts';
import { LabelBadge } from '../versions/label-badge.tsx';
import { askToMoveLabel, showLabelHistory } from '../versions/label-dialogs.ts';
import { protectLabel, removeLabel } from './label-actions.ts';

export interface LabelsBarProps {
  readonly promptId: string;
  readonly promptName: string;
}

/** Every label of a prompt and the version that it points at; each with its menu. */
export function LabelsBar({ promptId, promptName }: LabelsBarProps) {
  const labels = useQuery(orpc.labels.list.queryOptions({ input: { promptId } })).data ?? [];
  const latest = labels.find(({ automatic }) => automatic);
  if (latest === undefined) return null;
  return (
    <section aria-label="Labels" className="flex shrink-0 flex-wrap items-center gap-1 border-b px-2 py-1.5">
      {labels
        .filter(({ automatic }) => !automatic)
        .map((label) => (
          <DropdownMenu key={label.name} align="start" entries={menuOf(promptId, promptName, label)}>
            <Button
              variant="ghost"
              size="sm"
              className="gap-1 px-1"
              aria-label={`Label ${label.name}, at version ${shownNumber(label.version)}`}
            >
              <LabelBadge name={label.name} isProtected={label.protected} />
              <VersionName version={label.version} />
              <ChevronDown className="size-3! text-faint" />
            </Button>
          </DropdownMenu>
        ))}
      <Button
        variant="ghost"
        size="sm"
        onClick={() => askToMoveLabel({ promptId, versionId: latest.version.id, name: '' })}
      >
        <Plus /> Label
      </Button>
      {labels.length > 1 && (
        <Button variant="ghost" size="sm" className="ml-auto" onClick={() => showLabelHistory(promptId, null)}>
          Moves
        </Button>
      )}
    </section>
  );
}

function menuOf(promptId: string, promptName: string, label: Label): readonly MenuEntry[] {
  const { name, version } = label;
  return [
    { label: `Open version ${shownNumber(version)}`, onSelect: () => openVersion(promptName, version) },
    { label: 'Move…', onSelect: () => askToMoveLabel({ promptId, versionId: version.id, name }) },
    { label: 'Roll back…', onSelect: () => askToMoveLabel({ promptId, versionId: null, name }) },
    { label: 'Show moves', onSelect: () => showLabelHistory(promptId, name) },
    { kind: 'separator' },
    {
      label: label.protected ? 'Do not ask before moves' : 'Ask before moves',
      onSelect: () => void protectLabel(name, !label.protected),
    },
    { label: 'Remove', danger: true, onSelect: () => void removeLabel(promptId, label) },
  ];
}
