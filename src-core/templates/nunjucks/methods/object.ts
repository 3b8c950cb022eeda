import { Dict } from '../../runtime/values.ts';
import { toText } from '../meaning/meaning.ts';
import { type Method, textAt } from '../meaning/method.ts';
import { getKey } from '../meaning/objects.ts';

/** Methods of objects. */
export const objectMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'hasOwnProperty',
    (runtime, self, args) => self instanceof Dict && getKey(runtime, self, textAt(runtime, args, 0)) !== undefined,
  ],
  ['toString', (runtime, self) => toText(runtime, self)],
]);
