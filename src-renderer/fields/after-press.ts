let isPressed = false;
const note = (pressed: boolean) => () => {
  isPressed = pressed;
};
window.addEventListener('pointerdown', note(true), { capture: true });
for (const end of ['pointerup', 'pointercancel', 'dragend'])
  window.addEventListener(end, note(false), { capture: true });

/**
 * Does something at once, or, while a pointer is pressed, when it was let go. What moves other things must wait: a button
 * that moves away between the press and the release is not clicked.
 */
export function afterPress(action: () => void): void {
  if (!isPressed) {
    action();
    return;
  }
  const stop = new AbortController();
  const end = () => {
    stop.abort();
    // The click event comes after the release.
    setTimeout(action);
  };
  for (const name of ['pointerup', 'pointercancel', 'dragend'])
    window.addEventListener(name, end, { capture: true, signal: stop.signal });
}
