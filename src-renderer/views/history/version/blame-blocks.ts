/** Consecutive lines that last changed in one version; lines are 0-based, `end` is the line after. */
export interface BlameBlock {
  readonly start: number;
  readonly end: number;
  readonly versionNumber: number;
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The version that last changed each line, as blocks of lines that have it in common. */
export function blameBlocks(lines: readonly Omit<BlameBlock, 'start' | 'end'>[]): readonly BlameBlock[] {
  const blocks: BlameBlock[] = [];
  for (const [index, { versionNumber, author, at }] of lines.entries()) {
    const last = blocks.at(-1);
    if (last?.versionNumber === versionNumber) blocks[blocks.length - 1] = { ...last, end: index + 1 };
    else blocks.push({ start: index, end: index + 1, versionNumber, author, at });
  }
  return blocks;
}
