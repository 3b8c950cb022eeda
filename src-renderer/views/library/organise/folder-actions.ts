import { formatNumber } from '../../../components/format.ts';
import { attempt } from '../../../components/overlays/attempt.ts';
import { toast } from '../../../components/overlays/toast.tsx';
import { client } from '../../../live/api.ts';
import { flushDrafts, refreshDrafts } from '../../../live/drafts/draft-store.ts';
import { useList } from '../list-store.ts';

type FolderMove = Parameters<typeof client.library.moveFolder>[0];

/** How far a move is. */
export interface MoveProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Gives a folder another path, with progress; the toast offers to undo it. False when it was stopped; when it rejects,
 * nothing was moved.
 */
export async function moveFolder(
  move: FolderMove,
  signal: AbortSignal,
  onProgress: (progress: MoveProgress) => void,
): Promise<boolean> {
  const changed = await carryOut(move, signal, onProgress);
  if (changed === 'cancelled') return false;
  const { moved, rewritten } = changed;
  const prompts = moved.length === 1 ? 'One prompt has' : `${formatNumber(moved.length)} prompts have`;
  const drafts = rewritten.length === 1 ? 'one draft' : `${formatNumber(rewritten.length)} drafts`;
  toast(`${move.from} is now ${move.to || 'at the top level'}`, {
    description: `${prompts} a new name.${rewritten.length > 0 ? ` Includes were rewritten in ${drafts}.` : ''}`,
    undo: () => void takeBack(move, moved),
  });
  return true;
}

async function takeBack(move: FolderMove, only: readonly string[]): Promise<void> {
  const back = { ...move, from: move.to, to: move.from, only: [...only] };
  await attempt('Nothing was moved back', () => carryOut(back, new AbortController().signal, () => {}));
}

async function carryOut(move: FolderMove, signal: AbortSignal, onProgress: (progress: MoveProgress) => void) {
  await flushDrafts();
  try {
    for await (const event of await client.library.moveFolder(move, { signal })) {
      if (event.kind === 'progress') {
        onProgress(event);
        continue;
      }
      keepClosed(move.from, move.to);
      await refreshDrafts([...new Set([...event.moved, ...event.rewritten])]);
      return event;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 'cancelled' as const;
}

/** Folders that were closed stay so under their new path. */
function keepClosed(from: string, to: string): void {
  useList.setState(({ closedFolders }) => ({
    closedFolders: closedFolders.map((path) =>
      path.startsWith(`${from}/`) ? `${to}/${path.slice(from.length + 1)}`.replace(/^\//, '') : path,
    ),
  }));
}
