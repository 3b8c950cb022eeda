import { isPlainObject } from '../contract/json.ts';

/** oRPC keeps the numbers up to 20 to itself. */
const ownProtoType = 40;

/**
 * What oRPC is told of its own way to write values: it sets members by assignment, which loses one named "__proto__", so an
 * object with such a member travels as a list of its members.
 */
export const wireJson = {
  customJsonSerializers: [
    {
      type: ownProtoType,
      condition: (value: unknown) => isPlainObject(value) && Object.hasOwn(value, '__proto__'),
      serialize: (value: object) => Object.entries(value),
      deserialize: (entries: readonly (readonly [string, unknown])[]) => Object.fromEntries(entries),
    },
  ],
};
