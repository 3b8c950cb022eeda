import { Dict } from '../../values.ts';
import { toText } from '../meaning.ts';
import { getKey } from '../objects.ts';
import { type Method, textAt } from './method.ts';

/** Methods of objects. */
export const objectMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'hasOwnProperty',
    (runtime, self, args) => self instanceof Dict && getKey(runtime, self, textAt(runtime, args, 0)) !== undefined,
  ],
  ['toString', (runtime, self) => toText(runtime, self)],
]);
