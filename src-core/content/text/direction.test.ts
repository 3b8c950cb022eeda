import { expect, test } from 'vitest';
import { hasRightToLeft, runsRightToLeft } from './direction.ts';

test.each([
  ['مرحبا', true],
  ['  1. שלום Ada', true],
  ['{{ name }}، مرحبا', true],
  ['{% if polite %}سيدي{% endif %}', true],
  ['Hello مرحبا', false],
  ['{{ name }} Hello مرحبا', false],
  ['123 {{ مرحبا }}', false],
  ['plain', false],
  ['名前', false],
  ['', false],
])('the line %j runs from right to left: %s', (line, is) => {
  expect(runsRightToLeft(line)).toBe(is);
});

test('a text without such letters is known at once', () => {
  expect(hasRightToLeft('prénom 名前 123')).toBe(false);
  expect(hasRightToLeft('a ب')).toBe(true);
});
