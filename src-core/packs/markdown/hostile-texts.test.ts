import { expect, test } from 'vitest';
import { AppError } from '../../scope/errors.ts';
import { importText } from '../testing/read-and-write.ts';

const paths = ['a.prompt.md', '.claude/commands/a.md', 'SKILL.md', 'a.mdc', 'a.md', 'AGENTS.md'];
const long = 300_000;

const texts: readonly (readonly [string, string])[] = [
  ['brackets', '['.repeat(long)],
  ['halves of links', ']('.repeat(long / 2)],
  ['links that do not end', '[a](b "'.repeat(long / 7)],
  ['ticks', Array.from({ length: 700 }, (_, index) => '`'.repeat(index)).join(' ')],
  ['fences of commands', '```!\n'.repeat(long / 5)],
  ['open fences', '```\n~~~\n'.repeat(long / 8)],
  ['a fence with blanks', `\`\`\`${' '.repeat(long)}x!\ny`],
  ['dots behind an at sign', `@${'.'.repeat(long)}x`],
  ['at signs', '@a/'.repeat(long / 3)],
  ['hashes', '#file:'.repeat(long / 6)],
  ['open variables', `\${input:${'a'.repeat(long)}`],
  ['openers of variables', '${input:'.repeat(long / 8)],
  ['braces', '{'.repeat(long)],
  ['open braces with blanks', `{{${' '.repeat(long)}x`],
  ['openers of tags', '{%'.repeat(long / 2)],
  ['arguments', '$1'.repeat(long / 2)],
  ['blanks', ' '.repeat(long)],
  ['blank lines', ' \n'.repeat(long / 2)],
  ['rules', '---\n'.repeat(long / 4)],
  ['a glob with blanks', `---\napplyTo: *${' '.repeat(long)}x#\n---\nx`],
  ['keys', `---\n${Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join('\n')}\n---\nx`],
  ['a deep list', `---\na: ${'['.repeat(5_000)}\n---\nx`],
  ['a deep mapping', `---\na: ${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}\n---\nx`],
  ['half a character', `\uD83D ${'x'} \u0000 \uFFFF`],
  [
    'a hostile key',
    '---\nconstructor: 1\ntoString: [2]\nhasOwnProperty: {a: 1}\n---\nx {{ constructor }} {{ __proto__ }}',
  ],
];

test.each(texts)('%s are read or refused in a moment', { timeout: 60_000 }, async (_, text) => {
  for (const path of paths) {
    const started = performance.now();
    const imported = await importText(path, text).catch((error: unknown) => error);
    const took = performance.now() - started;
    if (imported instanceof Error) {
      expect(imported, path).toBeInstanceOf(AppError);
      expect((imported as AppError).details?.reason, path).toBeTypeOf('string');
    }
    expect(took, path).toBeLessThan(8_000);
  }
});
