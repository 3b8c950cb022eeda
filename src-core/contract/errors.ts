import type { ErrorMap } from '@orpc/contract';
import { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';

const data = z.record(z.string(), z.unknown()).optional();

/** Every operation may fail with these; oRPC types them for clients. `status` is what REST will answer. */
export const errors = {
  invalid: { status: 422, data },
  not_found: { status: 404, data },
  conflict: { status: 409, data },
  denied: { status: 403, data },
  unavailable: { status: 503, data },
  cancelled: { status: 499, data },
  internal: { status: 500, data },
} satisfies Record<ErrorCode, ErrorMap[string]>;
