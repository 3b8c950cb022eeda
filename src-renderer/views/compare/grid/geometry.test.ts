import { expect, test } from 'vitest';
import { placeAt, positionOf, step, toggleMark } from './geometry.ts';

const size = { rows: 10, prompts: 2, models: 3 };

test('columns go model by model within a prompt', () => {
  expect(placeAt({ row: 4, column: 4 }, size)).toEqual({ row: 4, prompt: 1, model: 1 });
  expect(positionOf({ row: 4, prompt: 1, model: 1 }, size)).toEqual({ row: 4, column: 4 });
});

test.each([
  ['ArrowDown', false, { row: 6, column: 2 }],
  ['ArrowDown', true, { row: 9, column: 2 }],
  ['ArrowUp', false, { row: 4, column: 2 }],
  ['ArrowLeft', true, { row: 5, column: 0 }],
  ['ArrowRight', false, { row: 5, column: 3 }],
  ['PageDown', false, { row: 9, column: 2 }],
  ['Home', false, { row: 5, column: 0 }],
  ['End', true, { row: 9, column: 5 }],
])('%s (with Control: %s) leads to %j', (key, ctrl, expected) => {
  expect(step(key, ctrl, { row: 5, column: 2 }, size, 7)).toEqual(expected);
});

test('the edges of the grid stop the arrows, and other keys do not move', () => {
  expect(step('ArrowUp', false, { row: 0, column: 0 }, size, 7)).toEqual({ row: 0, column: 0 });
  expect(step('ArrowRight', false, { row: 0, column: 5 }, size, 7)).toEqual({ row: 0, column: 5 });
  expect(step('x', false, { row: 0, column: 0 }, size, 7)).toBeNull();
});

test('marking a third cell lets the oldest go, and marking one twice takes it back', () => {
  const [a, b, c] = [
    { row: 0, column: 0 },
    { row: 0, column: 1 },
    { row: 1, column: 0 },
  ];
  expect(toggleMark([a, b], c)).toEqual([b, c]);
  expect(toggleMark([a, b], a)).toEqual([b]);
});
