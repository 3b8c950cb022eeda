import { expect, test } from 'vitest';
import { markedSnippets } from './snippet.ts';

test.each([
  ['a family of joined emoji', '👩‍👩‍👧‍👦', '🚀'],
  ['a skin tone', '👍🏽', '🚀'],
  ['a syllable in parts', '한'.normalize('NFD'), '환불'],
  ['a letter with its accents', 'e\u0301\u0323', 'zebra'],
])('a snippet neither begins nor ends within %s', async (_what, character, word) => {
  for (const shift of ['', '.', '..', '...', '....', '.....', '......', '.......']) {
    const text = `${shift}${character.repeat(60)} ${word} ${character.repeat(100)}`;
    const [snippet = ''] = await markedSnippets([[text]], [{ kind: 'prefix', text: word }]);
    const [, before = '', after = ''] = /^…?\.*(.*) <mark>.*<\/mark> (.*?)…?$/su.exec(snippet) ?? [];
    expect(before.length).toBeGreaterThan(0);
    expect(before.replaceAll(character, '')).toBe('');
    expect(after.replaceAll(character, '')).toBe('');
  }
});
