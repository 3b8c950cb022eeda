import { pause } from '../jobs/when-there-is-room.ts';
import type { Machine } from '../ports.ts';

/** Keeps a comparison from asking what could never be written. */
export interface Hold {
  /** False while the database file is gone, or another one; it is looked at again until somebody has put it back. */
  mayAsk(): boolean;
  isHeld(): boolean;
}

/** How often the file is looked at meanwhile, milliseconds. */
const lookMs = 500;

/** `onLook` is called before each further look. A full disk is no reason to hold: what waits for it is written later. */
export function createHold(machine: Machine, closing: AbortSignal, onLook: () => void): Hold {
  let held = false;
  let looking = false;

  const lookAgain = (): void => {
    if (looking) return;
    looking = true;
    void pause(lookMs, closing).then(() => {
      looking = false;
      if (!closing.aborted) onLook();
    });
  };

  return {
    mayAsk() {
      held = machine.databaseProblem() !== null;
      if (held) lookAgain();
      return !held;
    },
    isHeld: () => held,
  };
}
