const slotKey = 'promptdev.window';
/** How long a window that is reloaded waits for itself to be gone, milliseconds. */
const reloadLimitMs = 1_500;

/** Windows of which each is looked for after it is gone. */
const mostSlots = 20;

let taken = 1;

/** Which of the open windows this is; the first is 1. */
export function windowSlot(): number {
  return taken;
}

/**
 * Takes the lowest number that no open window has, and after a reload the one it had. The browser gives it back when the
 * window goes, however it goes; where it has no locks, all windows are the first.
 */
export async function takeWindowSlot(): Promise<void> {
  if (!('locks' in navigator)) return;
  const before = Number(sessionStorage.getItem(slotKey));
  if (before >= 1 && (await hold(before, { signal: AbortSignal.timeout(reloadLimitMs) }))) taken = before;
  else for (taken = 1; !(await hold(taken, { ifAvailable: true })); taken += 1);
  sessionStorage.setItem(slotKey, String(taken));
}

/** Whether the number is ours from now on, until the window goes. */
function hold(slot: number, options: LockOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const forGood = new Promise<void>(() => {});
    navigator.locks
      .request(`${slotKey}.${slot}`, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : forGood;
      })
      .catch(() => resolve(false));
  });
}

/** Places whose window is gone; none where the browser has no locks to tell. */
export async function freeWindowSlots(): Promise<readonly number[]> {
  if (!('locks' in navigator)) return [];
  const { held = [] } = await navigator.locks.query();
  const isOpen = (slot: number) => held.some(({ name }) => name === `${slotKey}.${slot}`);
  return Array.from({ length: mostSlots }, (_, at) => at + 1).filter((slot) => slot !== taken && !isOpen(slot));
}
