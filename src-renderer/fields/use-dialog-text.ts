import type { z } from 'zod';
import type { Json } from '../../src-core/contract/shared.ts';
import { useHeld } from './use-held.ts';

interface DialogTextOptions<Value> {
  readonly schema: z.ZodType<Value>;
  /** What the fields hold before anybody typed. */
  readonly initial: Value;
  /** What of it may be stored; everything when absent. */
  readonly keep?: (value: Value) => Value;
}

export interface DialogText<Value> {
  readonly value: Value;
  readonly change: (value: Value) => void;
  /** When the dialog has done what it is for, or a person cancels it. */
  readonly forget: () => void;
}

/**
 * The text of a dialog. Escape, a click outside and the cross close a dialog and keep its text for the next time, also
 * over a reload; only Cancel and success clear it.
 */
export function useDialogText<Value extends Json>(
  key: string,
  { initial, ...options }: DialogTextOptions<Value>,
): DialogText<Value> {
  const [held, hold] = useHeld(`dialog:${key}`, options);
  return {
    value: held ?? initial,
    change: (value) => hold(JSON.stringify(value) === JSON.stringify(initial) ? null : value),
    forget: () => hold(null),
  };
}
