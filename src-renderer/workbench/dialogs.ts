import { create } from 'zustand';

/** Which of the window's own dialogs is open. */
export const useDialogs = create<{ readonly open: 'palette' | 'shortcuts' | null }>(() => ({ open: null }));

/** Closes whichever is open. */
export function closeDialogs(): void {
  useDialogs.setState({ open: null });
}
