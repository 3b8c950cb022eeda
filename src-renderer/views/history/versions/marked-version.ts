import { create } from 'zustand';
import type { NumberedVersion } from '../../../../src-core/content/version-name.ts';

/** A version that waits to be compared with another one, also of another prompt. */
export interface MarkedVersion extends NumberedVersion {
  readonly id: string;
  readonly promptName: string;
}

/** The version that is marked for comparison, if any. */
export const useMarkedVersion = create<{ readonly marked: MarkedVersion | null }>(() => ({ marked: null }));
