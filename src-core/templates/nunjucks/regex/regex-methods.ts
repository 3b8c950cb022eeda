import type { Method } from '../meaning/method.ts';
import { textAt } from '../meaning/method.ts';
import { matchList, nextMatch, type RegexValue } from './regex.ts';

/** Methods of regular expressions. */
export const regexMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'test',
    (runtime, self, args) => {
      const regex = self as RegexValue;
      const text = textAt(runtime, args, 0);
      return nextMatch(runtime, regex, regex.regex.reading(runtime, text)) !== null;
    },
  ],
  [
    'exec',
    (runtime, self, args) => {
      const regex = self as RegexValue;
      const text = textAt(runtime, args, 0);
      const match = nextMatch(runtime, regex, regex.regex.reading(runtime, text));
      return match === null ? null : matchList(runtime, regex, text, match);
    },
  ],
  ['toString', (runtime, self) => (self as RegexValue).print(runtime)],
]);
