import { create } from 'zustand';

/** How versions show; the same for all of them. */
export const useVersionView = create<{ readonly blame: boolean }>(() => ({ blame: false }));
