import { create } from 'zustand';

/** A version that waits to be compared with another one, also of another prompt. */
export interface MarkedVersion {
  readonly id: string;
  readonly promptName: string;
  readonly number: number;
}

/** The version that is marked for comparison, if any. */
export const useMarkedVersion = create<{ readonly marked: MarkedVersion | null }>(() => ({ marked: null }));
