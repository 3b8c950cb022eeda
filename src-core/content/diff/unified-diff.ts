import { FILE_HEADERS_ONLY, formatPatch } from 'diff';
import type { PromptContent } from '../../contract/content.ts';
import { contentDocument } from './content-document.ts';
import { splitLines } from './line-diff.ts';
import { diffSequences, type Hunk } from './sequence-diff.ts';

const contextLines = 3;

/** The names of both sides, as in `greet@3` and `greet@draft`. */
export interface DiffLabels {
  readonly before: string;
  readonly after: string;
}

/** A unified diff of two whole contents, to read, copy or pipe; '' when they mean the same. */
export function unifiedDiff(before: PromptContent, after: PromptContent, labels: DiffLabels): string {
  return unifiedTextDiff(contentDocument(before), contentDocument(after), labels);
}

/** A unified diff of two texts, as `diff -u` makes it; '' when they are equal. */
export function unifiedTextDiff(before: string, after: string, labels: DiffLabels): string {
  if (before === after) return '';
  const [old, fresh] = [linesWithEnd(before), linesWithEnd(after)];
  const blocks = groupByContext(diffSequences(old, fresh));
  return formatPatch(
    {
      oldFileName: labels.before,
      newFileName: labels.after,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: blocks.map((block) => patchHunk(old, fresh, block)),
    },
    FILE_HEADERS_ONLY,
  );
}

/** Lines as a patch counts them: a final newline ends the last line, and a missing one is a difference. */
function linesWithEnd(text: string): readonly string[] {
  const lines = splitLines(text);
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return lines.length === 0 ? [] : lines.with(-1, `${lines.at(-1)}\n\\ No newline at end of file`);
}

/** Hunks whose context would touch belong into one block. */
function groupByContext(hunks: readonly Hunk[]): readonly (readonly Hunk[])[] {
  const blocks: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = blocks.at(-1);
    if (last && hunk.beforeStart - last.at(-1)!.beforeEnd <= 2 * contextLines) last.push(hunk);
    else blocks.push([hunk]);
  }
  return blocks;
}

function patchHunk(before: readonly string[], after: readonly string[], block: readonly Hunk[]) {
  const [first, last] = [block[0]!, block.at(-1)!];
  const leading = Math.min(contextLines, first.beforeStart);
  const trailing = Math.min(contextLines, before.length - last.beforeEnd);
  const lines: string[] = [];
  const push = (mark: string, from: readonly string[]) => {
    for (const line of from) lines.push(...`${mark}${line}`.split('\n'));
  };
  let at = first.beforeStart - leading;
  for (const hunk of block) {
    push(' ', before.slice(at, hunk.beforeStart));
    push('-', before.slice(hunk.beforeStart, hunk.beforeEnd));
    push('+', after.slice(hunk.afterStart, hunk.afterEnd));
    at = hunk.beforeEnd;
  }
  push(' ', before.slice(at, at + trailing));
  return {
    oldStart: first.beforeStart - leading + 1,
    oldLines: last.beforeEnd - first.beforeStart + leading + trailing,
    newStart: first.afterStart - leading + 1,
    newLines: last.afterEnd - first.afterStart + leading + trailing,
    lines,
  };
}
