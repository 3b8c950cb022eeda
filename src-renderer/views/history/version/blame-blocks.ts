import type { VersionOrigin } from '../../../../src-core/content/diff/blame.ts';

/** Consecutive lines that last changed in one version; lines are 0-based, `end` is the line after. */
export interface BlameBlock extends VersionOrigin {
  readonly start: number;
  readonly end: number;
}

/** The version that last changed each line, as blocks of lines that have it in common. */
export function blameBlocks(lines: readonly VersionOrigin[]): readonly BlameBlock[] {
  const blocks: BlameBlock[] = [];
  for (const [index, { versionId, versionNumber, confirmed, author, at }] of lines.entries()) {
    const last = blocks.at(-1);
    if (last?.versionId === versionId) blocks[blocks.length - 1] = { ...last, end: index + 1 };
    else blocks.push({ start: index, end: index + 1, versionId, versionNumber, confirmed, author, at });
  }
  return blocks;
}
