import { isPlainObject } from '../contract/json.ts';

/** oRPC reserves the type numbers up to 20. */
const ownProtoType = 40;

/**
 * Serializer options for oRPC. It sets members by assignment, which loses one named "__proto__", so an object with such
 * a member is sent as a list of its members.
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
