const slotKey = 'promptdev.window';
/** How long a reloaded page waits until the browser has freed the number that it had, milliseconds. */
const reloadLimitMs = 1_500;

/** Numbers that are checked for windows that were closed. */
const mostSlots = 20;

let taken = 1;

/** Which of the open windows this is; the first is 1. */
export function windowSlot(): number {
  return taken;
}

/**
 * Takes the lowest number that no open window has; after a reload the one it had. The browser frees it when the window
 * is closed or crashes. Without the Web Locks API every window is number 1.
 */
export async function takeWindowSlot(): Promise<void> {
  if (!('locks' in navigator)) return;
  const before = Number(sessionStorage.getItem(slotKey));
  if (before >= 1 && (await hold(before, { signal: AbortSignal.timeout(reloadLimitMs) }))) taken = before;
  else for (taken = 1; !(await hold(taken, { ifAvailable: true })); taken += 1);
  sessionStorage.setItem(slotKey, String(taken));
}

/** Whether this window got the number. */
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

/** Numbers whose window is closed; none without the Web Locks API. */
export async function freeWindowSlots(): Promise<readonly number[]> {
  if (!('locks' in navigator)) return [];
  const { held = [] } = await navigator.locks.query();
  const isOpen = (slot: number) => held.some(({ name }) => name === `${slotKey}.${slot}`);
  return Array.from({ length: mostSlots }, (_, at) => at + 1).filter((slot) => slot !== taken && !isOpen(slot));
}
