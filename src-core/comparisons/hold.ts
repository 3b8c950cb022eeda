import { pause } from '../jobs/when-there-is-room.ts';
import type { Machine } from '../ports.ts';

/** Keeps a comparison from asking what could never be written, or what another host may be asking. */
export interface Hold {
  /**
   * False while the database file is gone, or another one, and while this host is not sure of its lease; both are looked at
   * again until that is over.
   */
  mayAsk(): boolean;
  /** The file is why. */
  isHeld(): boolean;
}

/** How often the file is looked at meanwhile, milliseconds. */
const lookMs = 500;

/** `onLook` is called before each further look. A full disk is no reason to hold: what waits for it is written later. */
export function createHold(machine: Machine, isSure: () => boolean, closing: AbortSignal, onLook: () => void): Hold {
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
      const mayAsk = !held && isSure();
      if (!mayAsk) lookAgain();
      return mayAsk;
    },
    isHeld: () => held,
  };
}
