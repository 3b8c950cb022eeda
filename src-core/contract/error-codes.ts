/** The codes that cross every boundary: contract, CLI exit codes, REST status. */
export const errorCodes = [
  'invalid',
  'not_found',
  'conflict',
  'denied',
  'unavailable',
  'cancelled',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];
