import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packSpans } from '../../../live/preview/packed-spans.ts';
import type { PreviewMessage } from '../../../live/preview/preview.ts';
import { type Chunk, chunksOf, looksSame } from './text-chunks.ts';

const line = (at: number) => `${at}. A line.\n`;
const numbered = (count: number) => Array.from({ length: count }, (_, at) => line(at)).join('');

function message(text: string, marks: readonly { start: number; end: number; input: string }[] = []): PreviewMessage {
  const spans = marks.map((mark) => ({ ...mark, template: null, line: 1, column: 1 }));
  return { role: 'user', messageIndex: 0, text, content: text, spans: packSpans(spans) };
}

const changed = (before: readonly Chunk[], after: readonly Chunk[]) =>
  after.filter((chunk) => {
    const same = before.find(({ id }) => id === chunk.id);
    return same === undefined || !looksSame(same, chunk);
  });

it('changes one chunk when a line comes in, or two when it has become too long', () => {
  const text = numbered(400);
  const before = chunksOf(message(text), []);
  expect(before).toHaveLength(9);
  for (const edited of [`new\n${text}`, text.replace(line(200), `new\n${line(200)}`), `${text}new`]) {
    const after = chunksOf(message(edited), before);
    expect(after.map((chunk) => chunk.text).join('')).toBe(edited);
    expect(changed(before, after).length).toBeLessThanOrEqual(2);
  }
});

it('stays in chunks of some size when one line after the other is typed at the top', () => {
  let text = numbered(100);
  let chunks = chunksOf(message(text), []);
  for (let count = 0; count < 500; count += 1) {
    text = `${count} more\n${text}`;
    chunks = chunksOf(message(text), chunks);
  }
  expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
  expect(chunks.length).toBeLessThan(20);
});

it('cuts a mark that reaches over several chunks', () => {
  const text = numbered(200);
  const chunks = chunksOf(message(text, [{ start: 5, end: text.length - 5, input: 'document' }]), []);
  const marked = chunks.map(({ text: part, marks }) => marks.map(({ start, end }) => part.slice(start, end)).join(''));
  expect(marked.join('')).toBe(text.slice(5, -5));
  expect(chunks.every(({ marks }) => marks.length === 1)).toBe(true);
});

it('shows the whole text after any series of edits, in chunks of different names', () => {
  const text = fc.array(fc.constantFrom('a', 'b\n', '\n', 'c d\n'.repeat(50)), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
      let chunks: readonly Chunk[] = [];
      for (const parts of texts) {
        const whole = parts.join('');
        chunks = chunksOf(message(whole), chunks);
        expect(chunks.map((chunk) => chunk.text).join('')).toBe(whole);
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
        let start = 0;
        for (const chunk of chunks) {
          expect(chunk.start).toBe(start);
          start += chunk.text.length;
        }
      }
    }),
  );
});
