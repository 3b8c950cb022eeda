import { shownNumber } from '../../../../src-core/content/version-name.ts';
import type { Label } from '../../../../src-core/contract/labels.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { confirm } from '../../../components/overlays/confirm.tsx';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import type { LabelMoveRequest } from '../versions/label-dialogs.ts';

/** Moves a label (or rolls it back) after the person has seen what changes; rejects when it was refused. */
export async function moveLabel(request: LabelMoveRequest, reason: string): Promise<void> {
  const { promptId, versionId, name } = request;
  const change = { promptId, name, reason, confirm: true };
  const moved =
    versionId === null ? await client.labels.rollback(change) : await client.labels.move({ ...change, versionId });
  toast(moved === null ? `“${name}” is no longer set` : `“${name}” is at version ${shownNumber(moved.version)}`);
}

/** Takes a label off, after asking when it is protected. */
export async function removeLabel(promptId: string, label: Label): Promise<void> {
  const { name, version } = label;
  const sure =
    !label.protected ||
    (await confirm({
      title: `Remove “${name}”?`,
      description: `Whoever asks for ${name} finds nothing until it is set again. It is at version ${shownNumber(version)} now.`,
      action: 'Remove label',
      danger: true,
    }));
  if (!sure) return;
  const done = await attempt(`“${name}” stays where it is`, () =>
    client.labels.remove({ promptId, name, reason: '', confirm: true }),
  );
  if (done === null) return;
  toast(`Removed “${name}”`, {
    undo: () =>
      void attempt(`“${name}” stays removed`, () =>
        moveLabel({ promptId, versionId: version.id, name }, 'Removal undone'),
      ),
  });
}

/** Sets whether moving a label of this name needs confirmation, in every prompt. */
export async function protectLabel(name: string, isProtected: boolean): Promise<void> {
  const done = await attempt('The protection was not changed', () =>
    client.labels.protect({ name, protected: isProtected }),
  );
  if (done === null) return;
  toast(isProtected ? `Moving “${name}” now asks for confirmation` : `“${name}” moves without confirmation now`);
}
