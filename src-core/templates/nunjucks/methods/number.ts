import { typeFailure } from '../../runtime/diagnostics.ts';
import { toText } from '../meaning/meaning.ts';
import { integerAt, type Method } from '../meaning/method.ts';

/** A method with a number of digits, which JavaScript bounds. */
function digits(name: string, least: number, write: (value: number, count: number | undefined) => string) {
  return [
    name,
    ((runtime, self, args) => {
      const count = args.length === 0 ? undefined : integerAt(runtime, args, 0, 0);
      if (count !== undefined && (count < least || count > 100))
        throw typeFailure(`"${name}" takes from ${least} to 100 digits, but got ${count}.`);
      runtime.spend(8);
      return write(Number(self), count);
    }) satisfies Method,
  ] as const;
}

/** Methods of numbers. */
export const numberMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  digits('toFixed', 0, (value, count) => value.toFixed(count)),
  digits('toPrecision', 1, (value, count) => value.toPrecision(count)),
  digits('toExponential', 0, (value, count) => value.toExponential(count)),
  [
    'toString',
    (runtime, self, args) => {
      const radix = integerAt(runtime, args, 0, 10);
      if (radix < 2 || radix > 36) throw typeFailure(`"toString" takes a base from 2 to 36, but got ${radix}.`);
      runtime.spend(8);
      return radix === 10 ? toText(runtime, self) : Number(self).toString(radix);
    },
  ],
]);
