import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { charactersOf, firstCharacters, isLonger } from './text-length.ts';

test('a text is as long as the contract says it is, and its beginning always fits', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'é', '東', '😀', '👩‍💻', '\ud800', '\udc00'), maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 12 }), (text, most) => {
      const limit = z.string().max(most);
      expect(isLonger(text, most)).toBe(!limit.safeParse(text).success);
      expect(charactersOf(text) > most).toBe(isLonger(text, most));
      const first = firstCharacters(text, most);
      expect(text.startsWith(first)).toBe(true);
      expect(charactersOf(first)).toBe(Math.min(most, charactersOf(text)));
    }),
  );
});
