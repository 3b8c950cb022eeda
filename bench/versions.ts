/** How long it takes to compare, merge, blame and hash prompts of 2 000 lines; the goal is a diff within 50 ms. */
import { fileURLToPath } from 'node:url';
import { blameMessages } from '../src-core/content/diff/blame.ts';
import { diffContent } from '../src-core/content/diff/diff-content.ts';
import { unifiedDiff } from '../src-core/content/diff/unified-diff.ts';
import { diffWords } from '../src-core/content/diff/word-diff.ts';
import { hashContent, normaliseContent } from '../src-core/content/hash-content.ts';
import { mergeContent } from '../src-core/content/merge/merge-content.ts';
import type { PromptContent } from '../src-core/contract/content.ts';
import { textOf } from '../src-core/contract/message-texts.ts';

const lineCount = 2_000;
const rounds = 15;

/** Prints median and slowest milliseconds per job; the first run of each, still uncompiled, counts too. */
export async function benchDiff(): Promise<void> {
  const lines = Array.from(
    { length: lineCount },
    (_, i) => `${i}. Answer {{ question_${i} }} in at most ${i % 9} words.`,
  );
  const before = prompt(lines);
  const few = prompt(lines.map((line, i) => (i % 100 === 0 ? `${line} Be kind.` : line)));
  const many = prompt(lines.map((line, i) => (i % 5 === 1 ? `${line} Be brief.` : line)));
  const rewritten = prompt(lines.map((_, i) => `Rule ${i}: say ${i * 7} things.`));
  const reversed = prompt(lines.toReversed());
  const history = Array.from({ length: 100 }, (_, version) => ({
    versionId: String(version + 1),
    versionNumber: version + 1,
    confirmed: true,
    author: 'bench',
    at: '2026-01-01T00:00:00.000Z',
    content: prompt(lines.map((line, i) => (i <= version * 20 && i % 20 === 0 ? `${line} v${version}` : line))),
  }));
  const labels = { before: 'bench@1', after: 'bench@2' };

  console.log(`two prompts of ${lineCount} lines, ${rounds} rounds`);
  report('diff, 20 lines edited', () => diffContent(before, few));
  report('diff, 400 lines edited', () => diffContent(before, many));
  report('diff, every line rewritten', () => diffContent(before, rewritten));
  report('diff, lines in reverse order', () => diffContent(before, reversed));
  report('unified diff, 400 lines edited', () => unifiedDiff(before, many, labels));
  report('word diff, 400 lines edited', () => diffWords(text(before), text(many)));
  report('word diff, every line rewritten', () => diffWords(text(before), text(rewritten)));
  report('merge, 20 lines against 400', () => mergeContent(before, few, many));
  report('blame, 100 versions', () => blameMessages(history));
  report('hash', () => hashContent(before));
}

function prompt(lines: readonly string[]): PromptContent {
  return normaliseContent({ messages: [{ role: 'system', content: lines.join('\n') }] });
}

function text(content: PromptContent): string {
  return textOf(content.messages[0]!);
}

function report(name: string, job: () => unknown): void {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    job();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const [median, slowest] = [times[rounds >> 1]!, times.at(-1)!];
  console.log(`  ${name.padEnd(34)} median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchDiff();
