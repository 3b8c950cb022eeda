import { create } from 'zustand';

/** The two histories of a prompt: saved versions, or steps of the draft. */
export type HistoryPart = 'versions' | 'steps';

/** Which part of its history a prompt shows; the same for all prompts. */
export const useHistoryPart = create<{ readonly part: HistoryPart }>(() => ({ part: 'versions' }));
