import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnswerLimit } from './answer-limit.ts';
import { createRunText } from './run-text.ts';
import { type Marks, nextTextWrites, nothingStored, storedPieceLength, type TextWrite } from './text-writes.ts';

const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('long '.repeat(3_000))), { maxLength: 40 });

test('a text that grows by pieces has the slices of the same text in one', () => {
  fc.assert(
    fc.property(pieces, fc.nat(), fc.nat(), (parts, a, b) => {
      const text = createRunText();
      for (const part of parts) text.append(part);
      const whole = parts.join('');
      expect(text.length).toBe(whole.length);
      expect(text.toString()).toBe(whole);
      const [start, end] = [a % (whole.length + 1), b % (whole.length + 1)];
      expect(text.slice(start, end)).toBe(whole.slice(start, end));
      expect(text.slice(start)).toBe(whole.slice(start));
    }),
  );
});

/** What a file holds of the output, as SQLite would have it. */
function createStore() {
  let head = '';
  let length = 0;
  const stored = new Map<number, string>();
  return {
    take(writes: readonly TextWrite[]) {
      for (const write of writes) {
        if (write.fresh) stored.clear();
        if (write.head !== null) head = write.head;
        for (const piece of write.pieces) stored.set(piece.start, piece.text);
        length = write.length;
      }
    },
    read: () => [head, ...[...stored].sort(([a], [b]) => a - b).map(([, text]) => text)].join('').slice(0, length),
    longest: () => Math.max(head.length, ...[...stored.values()].map((text) => text.length)),
  };
}

test('whatever is written of a text at whatever moments, all of it can be read again', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('append' as const),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('é😀x'.repeat(9_000))),
      }),
      fc.record({ kind: fc.constant('restart' as const) }),
      fc.record({ kind: fc.constant('write' as const), budget: fc.integer({ min: 1, max: 100_000 }) }),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const texts = { output: createRunText(), reasoning: createRunText() };
      const store = createStore();
      let marks: Marks = nothingStored;
      const write = (budget: number, last: boolean): boolean => {
        const next = nextTextWrites(texts, marks, budget, last);
        store.take(next.writes);
        marks = next.marks;
        return next.complete;
      };
      for (const step of all) {
        if (step.kind === 'append') texts.output.append(step.text);
        else if (step.kind === 'restart') texts.output.restart();
        else write(step.budget, false);
      }
      for (let rounds = 0; !write(50_000, true); rounds += 1) expect(rounds).toBeLessThan(100);
      expect(store.read()).toBe(texts.output.toString());
      expect(store.longest()).toBeLessThanOrEqual(storedPieceLength);
    }),
  );
});

test('a write takes what is new and no more, however long the text is', () => {
  const texts = { output: createRunText(), reasoning: createRunText() };
  texts.output.append('x'.repeat(5_000_000));
  let marks = nothingStored;
  for (let next = nextTextWrites(texts, marks, 500_000, false); ; next = nextTextWrites(texts, marks, 500_000, false)) {
    marks = next.marks;
    if (next.complete) break;
  }
  texts.output.append('and a word');
  const { writes } = nextTextWrites(texts, marks, 500_000, false);
  const written = writes.flatMap((write) => write.pieces.map((piece) => piece.text.length));
  expect(writes[0]?.head).toBeNull();
  expect(written.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(storedPieceLength + 10);
});

test('an answer is kept up to its limit, and the sentence says so', () => {
  const limit = createAnswerLimit({ all: 2_000_000, calls: 1_000_000 } as never);
  expect(limit.take('x'.repeat(1_500_000))).toHaveLength(1_500_000);
  limit.check();
  expect(limit.take('x'.repeat(600_000))).toHaveLength(500_000);
  expect(() => limit.check()).toThrow(/^The answer grew beyond 2 million characters/);
  const calls = createAnswerLimit({ all: 9_000_000, calls: 1_000_000 } as never);
  expect(calls.takeCall('x'.repeat(1_000_001))).toHaveLength(1_000_000);
  expect(() => calls.check()).toThrow(/gives to its tools grew beyond 1 million characters/);
});
